/** Takes a document that cannot be read back to where it could: a new life of it begins, and its log keeps the old one. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as Y from 'yjs';
import type { Quarantine } from '#server/base/live/derived/derived-store.ts';
import type { DocumentSource } from '#server/base/live/derived/document-source.ts';
import type { DocumentLog } from '#server/base/live/log/document-log.ts';
import type { LiveStorage, LogEntry } from '#server/base/live/log/storage.ts';
import type { Side } from '#shared/base/audience.ts';
import { mergeInSteps } from '#shared/base/live-merge.ts';

/** Who begins a new life, and when. */
export interface Beginner {
  memberId: string;
  side: Side;
  at: Date;
}

/** An update of V1 without structs and deletions. */
const nothing = Uint8Array.of(0, 0);

/**
 * Writes the new life. Nobody may write the document meanwhile. A crash at any step leaves the document in
 * quarantine, under one life or the other, and the same act is done again.
 * @param log - the document as it is
 * @returns the number the new life begins with
 * @throws Error when other entries stand there
 */
export async function beginNewLife(
  { storage, source }: { storage: LiveStorage; source: DocumentSource },
  { document, epoch, goodSeq }: Quarantine,
  log: Pick<DocumentLog, 'storedSeq' | 'content'>,
  { memberId, side, at }: Beginner,
): Promise<number> {
  const { updates } = await source.at(document, { epoch, seq: goodSeq });
  const update = await merge(updates);
  const clocks = Y.decodeStateVector(Y.encodeStateVectorFromUpdate(update));
  const owners = new Map<number, string>();
  for (const client of clocks.keys()) owners.set(client, log.content.owners.get(client) ?? '');
  const next = log.storedSeq + 1;
  const entry: LogEntry = {
    seq: next,
    first: next,
    update: nothing,
    memberId,
    side,
    at,
    since: at,
    clocks: [],
  };
  // The act itself is on record first; it changes nothing of the life there is.
  const refused = await storage.append([{ document, entries: [entry] }]);
  if (refused.size > 0) throw new Error('log numbers taken');
  // Before the content changes, so that no device merges the two.
  await storage.renew(document);
  await storage.saveSnapshot(document, { seq: next, at, update, clocks, owners, details: null });
  return next;
}

async function merge(updates: readonly Uint8Array[]): Promise<Uint8Array> {
  if (updates.length === 0) return nothing;
  const steps = mergeInSteps(updates);
  for (;;) {
    await nextTurn();
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
