/** History: who wrote what and when, named versions, and the limits of what one answer tells. */
import { z } from 'zod';
import { sideShape } from '#shared/base/audience.ts';
import { idShape } from '#shared/base/ids.ts';
import { documentNameShape } from '#shared/base/live.ts';
import { isoInstantShape } from '#shared/base/time.ts';
import { minuteMs } from '#shared/base/units.ts';
import { nameShape } from '#shared/people/shape.ts';

/** Limits of history, kept by both ends. */
export const historyLimits = {
  /** Longest pause inside one stretch of work. */
  pauseMs: 5 * minuteMs,
  changesPerPage: 100,
  /** Log entries that one page looks at; a stretch that is longer goes on, as a change of its own, on the next. */
  entriesPerPage: 4_096,
  /** Named versions of one subject by one side: neither can take the other's place. */
  versionsOfSide: 250,
  /** Documents that one call may name. */
  namedDocuments: 20,
  /** Documents one moment or range tells of; any other may be asked for by name. */
  documentsPerAnswer: 200,
  /** Bytes of updates in one moment; the first document is given whatever its size. */
  momentBytes: 48 * 1024 * 1024,
  /** Span of time within which one person's writing that follows on is told as one run. */
  runMs: minuteMs,
  stepsPerRange: 2_000,
  rangeBytes: 2 * 1024 * 1024,
} as const;

/** What a subject's documents are the history of: its kind, for instance `plan`, and its id. */
export const subjectShape = z.strictObject({
  kind: z.string().regex(/^[a-z][a-z-]{0,19}$/),
  id: idShape,
});
export type Subject = z.infer<typeof subjectShape>;

/** One person's stretch of work over all readable documents of a subject. */
export const changeShape = z.strictObject({
  /** Moments of its first and last edit. */
  from: isoInstantShape,
  to: isoInstantShape,
  memberId: idShape,
  /** As it is now; former colleagues keep theirs. */
  memberName: nameShape,
  companyName: nameShape,
  /** The side it was written on. */
  side: sideShape,
  /** How many updates it consists of, at least 1. */
  edits: z.int().positive(),
  /** Where it was written, by name; `first` and `last` are the numbers of log entries. */
  documents: z.array(
    z.strictObject({ document: documentNameShape, first: z.int().positive(), last: z.int().positive() }),
  ),
});
export type Change = z.infer<typeof changeShape>;

/** A named moment of a subject. */
export const versionShape = z.strictObject({
  id: idShape,
  kind: subjectShape.shape.kind,
  subjectId: idShape,
  name: nameShape,
  /** The moment it names. */
  at: isoInstantShape,
  createdAt: isoInstantShape,
  /** Who named it. */
  memberId: idShape,
  memberName: nameShape,
  companyName: nameShape,
  side: sideShape,
});
export type Version = z.infer<typeof versionShape>;
