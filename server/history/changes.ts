/** Who changed it when: the logs of a subject read backwards, grouped by person and stretch of work. */
import type { Actor } from '#server/base/actor.ts';
import type { Hub } from '#server/base/hub.ts';
import type { LiveArchive } from '#server/base/live/archive.ts';
import { nameWriters } from '#server/history/authors.ts';
import { BackwardReader } from '#server/history/backward-reader.ts';
import { findDocuments, findSubject } from '#server/history/readable.ts';
import { type Stretch, WorkList } from '#server/history/work-list.ts';
import type { CallInput, CallOutput } from '#shared/base/call.ts';
import type { listChanges as listChangesCall } from '#shared/history/calls.ts';
import { type Change, historyLimits } from '#shared/history/shape.ts';

/** Documents whose logs are opened at the same time. */
const openedAtOnce = 16;

/** One page of changes, newest first. @throws thing.absent */
export async function listChanges(
  hub: Hub,
  actor: Actor,
  input: CallInput<typeof listChangesCall>,
): Promise<CallOutput<typeof listChangesCall>> {
  const found = await findSubject(hub, actor, input);
  const documents = await findDocuments(found, actor, input, input.documents);
  const beforeMs = input.before === undefined ? Number.POSITIVE_INFINITY : Date.parse(input.before);
  const readers = await openReaders(found.archive, documents, beforeMs);
  const work = new WorkList();
  const cutMs = await readPage(readers, work);
  const changes = await present(work.all());
  // Reading took its time: whoever lost the right meanwhile gets nothing.
  await findSubject(hub, actor, input);
  return { changes, before: cutMs === null ? null : new Date(cutMs).toISOString() };
}

/** Takes entries in, newest first, until the page is full. @returns the moment before which the next page goes on */
async function readPage(readers: BackwardReader[], work: WorkList): Promise<number | null> {
  let count = 0;
  let lastMs = Number.POSITIVE_INFINITY;
  for (;;) {
    const reader = latest(readers);
    const entry = reader?.front;
    if (reader === undefined || entry === undefined) return null;
    const atMs = entry.at.getTime();
    const isFull = count >= historyLimits.entriesPerPage || work.count >= historyLimits.changesPerPage;
    // Half a page is enough when nobody was at work: then no stretch is torn.
    const mayEnd = isFull || (work.count >= historyLimits.changesPerPage / 2 && work.isQuietAt(atMs));
    if (mayEnd && atMs < lastMs) return lastMs;
    work.add(reader.document, entry, reader.shareOf(entry));
    count += 1;
    lastMs = atMs;
    await reader.step();
  }
}

async function openReaders(
  archive: LiveArchive,
  documents: readonly string[],
  beforeMs: number,
): Promise<BackwardReader[]> {
  const readers: BackwardReader[] = [];
  for (let at = 0; at < documents.length; at += openedAtOnce) {
    const some = documents.slice(at, at + openedAtOnce);
    readers.push(
      ...(await Promise.all(some.map((document) => BackwardReader.open(archive, document, beforeMs)))),
    );
  }
  return readers.filter(({ front }) => front !== undefined);
}

function latest(readers: readonly BackwardReader[]): BackwardReader | undefined {
  let found: BackwardReader | undefined;
  for (const reader of readers) {
    const atMs = reader.front?.at.getTime();
    if (atMs !== undefined && atMs > (found?.front?.at.getTime() ?? -1)) found = reader;
  }
  return found;
}

async function present(stretches: readonly Stretch[]): Promise<Change[]> {
  const authors = await nameWriters(stretches);
  return stretches.flatMap(({ fromMs, toMs, edits, documents }, place) => {
    const author = authors[place];
    if (author === undefined) return [];
    return {
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      ...author,
      edits,
      documents: Array.from(documents, ([document, { first, last }]) => ({ document, first, last })),
    };
  });
}
