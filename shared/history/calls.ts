/** The HTTP contract of history and the events it sends. A subject is named by kind and id in the path. */
import { z } from 'zod';
import { sideShape } from '#shared/base/audience.ts';
import { bytesShape, defineCall } from '#shared/base/call.ts';
import { defineEvent } from '#shared/base/event.ts';
import { idShape } from '#shared/base/ids.ts';
import { documentNameShape } from '#shared/base/live.ts';
import { isoInstantShape } from '#shared/base/time.ts';
import { changeShape, historyLimits, subjectShape, versionShape } from '#shared/history/shape.ts';
import { nameShape } from '#shared/people/shape.ts';

/** Names of documents of the subject, with commas between; those not readable are left out of the answer. */
const documentsShape = z
  .string()
  .max(120 * historyLimits.namedDocuments + historyLimits.namedDocuments)
  .refine((text) => {
    const names = text.split(',');
    return (
      names.length <= historyLimits.namedDocuments &&
      names.every((name) => documentNameShape.safeParse(name).success)
    );
  });

/**
 * Who changed it when, newest first, a page at a time.
 * `before`: as the last page gave it; `documents`: these alone. `before` is null in the answer of the last page.
 * @throws thing.absent when none of its documents may be read
 */
export const listChanges = defineCall({
  name: 'history.listChanges',
  method: 'GET',
  path: '/api/history/:kind/:id/changes',
  access: 'member',
  input: subjectShape.extend({
    before: isoInstantShape.optional(),
    documents: documentsShape.optional(),
  }),
  output: z.strictObject({ changes: z.array(changeShape), before: isoInstantShape.nullable() }),
});

/**
 * All readable documents as they were at a moment, with who wrote and who deleted what: `decodeMoment` reads it.
 * @throws thing.absent
 */
export const readMoment = defineCall({
  name: 'history.readMoment',
  method: 'GET',
  path: '/api/history/:kind/:id/moment',
  access: 'member',
  input: subjectShape.extend({ at: isoInstantShape, documents: documentsShape.optional() }),
  output: bytesShape,
});

/**
 * The edits after `from`, up to and including `to`, oldest first: `decodeRange` reads it. It may tell less, up to the
 * moment `until` that it names; go on from there. Applied to the moment `from` in order, they give every moment between.
 * @throws thing.absent; history.newLife when a document was taken back between: then ask for single moments
 */
export const readRange = defineCall({
  name: 'history.readRange',
  method: 'GET',
  path: '/api/history/:kind/:id/range',
  access: 'member',
  input: subjectShape.extend({
    from: isoInstantShape,
    to: isoInstantShape,
    documents: documentsShape.optional(),
  }),
  output: bytesShape,
});

/** Named versions, the latest moment first. @throws thing.absent */
export const listVersions = defineCall({
  name: 'history.listVersions',
  method: 'GET',
  path: '/api/history/:kind/:id/versions',
  access: 'member',
  input: subjectShape,
  output: z.array(versionShape),
});

/**
 * Names a moment; without `at`, and for one that has not come yet, the present one. For whoever may write any of the documents.
 * @throws thing.absent, rights.missing, history.versionsFull
 */
export const nameVersion = defineCall({
  name: 'history.nameVersion',
  method: 'POST',
  path: '/api/history/:kind/:id/versions',
  access: 'member',
  input: subjectShape.extend({ name: nameShape, at: isoInstantShape.optional() }),
  output: versionShape,
});

/** One's own, or as a lead any of one's side. @throws thing.absent, rights.missing */
export const renameVersion = defineCall({
  name: 'history.renameVersion',
  method: 'PATCH',
  path: '/api/history/:kind/:id/versions/:versionId',
  access: 'member',
  input: subjectShape.extend({ versionId: idShape, name: nameShape }),
  output: versionShape,
});

/** Takes the name off; the moment stays in history. Rights as for renaming. @throws thing.absent, rights.missing */
export const removeVersion = defineCall({
  name: 'history.removeVersion',
  method: 'DELETE',
  path: '/api/history/:kind/:id/versions/:versionId',
  access: 'member',
  input: subjectShape.extend({ versionId: idShape }),
  output: z.strictObject({}),
});

/** A version was named, renamed or removed, and by whom; sent to everyone who may read the subject. */
export const versionsChanged = defineEvent(
  'history.versionsChanged',
  z.strictObject({
    change: z.enum(['named', 'renamed', 'removed']),
    version: versionShape,
    by: z.strictObject({ memberId: idShape, memberName: nameShape, companyName: nameShape, side: sideShape }),
  }),
);
