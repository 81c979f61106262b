/** Moments and ranges: what the documents of a subject were, and how they became so. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Actor } from '#server/base/actor.ts';
import type { Hub } from '#server/base/hub.ts';
import { nameWriters, WriterList } from '#server/history/authors.ts';
import { beginsNewLife } from '#server/history/lives.ts';
import type { OwnedRange } from '#server/history/owned-range.ts';
import type { Pasts } from '#server/history/pasts.ts';
import { collectSteps } from '#server/history/range-steps.ts';
import { findDocuments, findSubject } from '#server/history/readable.ts';
import type { CallInput } from '#shared/base/call.ts';
import { fail } from '#shared/base/errors.ts';
import type { readMoment as readMomentCall, readRange as readRangeCall } from '#shared/history/calls.ts';
import { encodeMoment, encodeRange, type MomentDocument, type Run } from '#shared/history/moment-bytes.ts';
import { historyLimits } from '#shared/history/shape.ts';

/** All readable documents at a moment, as bytes. @throws thing.absent */
export async function readMoment(
  hub: Hub,
  pasts: Pasts,
  actor: Actor,
  input: CallInput<typeof readMomentCall>,
): Promise<Uint8Array> {
  const found = await findSubject(hub, actor, input);
  const names = await findDocuments(found, actor, input, input.documents);
  const at = new Date(Math.min(Date.parse(input.at), hub.now().getTime()));
  const list = new WriterList();
  const documents: MomentDocument[] = [];
  let bytes = 0;
  let next = 0;
  for (; next < names.length && next < historyLimits.documentsPerAnswer; next += 1) {
    const document = names[next] ?? '';
    const past = await pasts.upTo(document, at);
    const { update, written, deleted, ...head } = await past.stateAt(past.seqAt(at.getTime()), nextTurn);
    bytes += update.length;
    if (documents.length > 0 && bytes > historyLimits.momentBytes) break;
    documents.push({
      document,
      ...head,
      update,
      written: runsOf(written, list),
      deleted: runsOf(deleted, list),
    });
  }
  const authors = await nameWriters(list.writers);
  // Reading took its time: whoever lost the right meanwhile gets nothing.
  await findSubject(hub, actor, input);
  return encodeMoment({ atMs: at.getTime(), authors, documents, omitted: names.slice(next) });
}

function runsOf(ranges: readonly OwnedRange[], list: WriterList): Run[] {
  return ranges.map(({ client, from, to, writer, atMs }) => ({
    client,
    from,
    to,
    author: list.placeOf(writer),
    atMs,
  }));
}

/**
 * The edits between two moments, as bytes.
 * @throws thing.absent, history.newLife when the edits of both moments do not make one document
 */
export async function readRange(
  hub: Hub,
  actor: Actor,
  input: CallInput<typeof readRangeCall>,
): Promise<Uint8Array> {
  const found = await findSubject(hub, actor, input);
  const names = await findDocuments(found, actor, input, input.documents);
  const documents = names.slice(0, historyLimits.documentsPerAnswer);
  const from = new Date(input.from);
  const to = new Date(Math.min(Date.parse(input.to), hub.now().getTime()));
  for (const document of documents) {
    if (await beginsNewLife(found.archive, document, from, to)) fail('history.newLife');
  }
  const { steps, until } = await collectSteps(found.archive, documents, from, to);
  const list = new WriterList();
  const told = steps.map(({ document, entry }) => ({
    document,
    first: entry.first,
    last: entry.seq,
    author: list.placeOf(entry),
    sinceMs: entry.since.getTime(),
    atMs: entry.at.getTime(),
    update: entry.update,
  }));
  const authors = await nameWriters(list.writers);
  await findSubject(hub, actor, input);
  return encodeRange({ untilMs: until.getTime(), authors, documents, steps: told });
}
