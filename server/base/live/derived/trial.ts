/** Finds out which document of a subject breaks the reader, each alone in a thread of its own. */

import { type DeriveLimits, DeriverThread, type Reading } from '#server/base/live/derived/deriver-thread.ts';
import type { SourceDocument } from '#server/base/live/derived/document-source.ts';
import { ThreadFailure, type ThreadFault } from '#server/base/live/worker/worker-thread.ts';

/** What came of a trial. */
export interface Verdict {
  /** Documents that broke the reader twice, with everything else as it was when it could be read. */
  guilty: { document: SourceDocument; fault: ThreadFault }[];
  /** What could be read: the guilty as they were, the others as they are. */
  documents: SourceDocument[];
  /** The record of that. */
  value: unknown;
}

/** How often a reading must break before it is believed: once may be the machine's fault. */
const tries = 2;

/**
 * Brings one document after the other to its present state.
 * @param good - the documents as they could be read last; empty ones when they never could
 * @param now - the same documents, in the same order
 * @returns null when even the good ones cannot be read: then the fault is in the reading, and no document's
 */
export async function tryAlone(
  reading: Omit<Reading, 'documents'>,
  good: readonly SourceDocument[],
  now: readonly SourceDocument[],
  limits: DeriveLimits,
): Promise<Verdict | null> {
  const read = (documents: readonly SourceDocument[]) => readTwice({ ...reading, documents }, limits);
  const before = await read(good);
  if (before instanceof ThreadFailure) return null;
  const verdict: Verdict = { guilty: [], documents: [...good], value: before.value };
  for (const [place, document] of now.entries()) {
    const old = verdict.documents[place];
    if (old?.epoch === document.epoch && old.seq === document.seq) continue;
    const documents = verdict.documents.with(place, document);
    const outcome = await read(documents);
    if (outcome instanceof ThreadFailure) verdict.guilty.push({ document, fault: outcome.fault });
    else Object.assign(verdict, { documents, value: outcome.value });
  }
  return verdict;
}

/** A document that was never read, to be read up to some number. */
export interface Unread {
  /** All documents of the subject, the others as they can be read. */
  documents: readonly SourceDocument[];
  /** Its place among them. */
  place: number;
  /** Numbers of its present life up to which it may be read, in order. */
  stops: readonly number[];
  stateAt: (seq: number) => Promise<SourceDocument>;
  /** Whether nobody wants to know any more. */
  isOver: () => boolean;
}

/**
 * How far a document can be read, by halving: it may be readable again further on, but is not looked at there.
 * @returns a number it was read up to; 0 when not even the first of the stops
 */
export async function findLastReadable(
  reading: Omit<Reading, 'documents'>,
  { documents, place, stops, stateAt, isOver }: Unread,
  limits: DeriveLimits,
): Promise<number> {
  let [low, high] = [0, stops.length];
  while (low < high && !isOver()) {
    const middle = (low + high) >>> 1;
    const state = await stateAt(stops[middle] ?? 0);
    const outcome = await readTwice({ ...reading, documents: documents.with(place, state) }, limits);
    if (outcome instanceof ThreadFailure) high = middle;
    else low = middle + 1;
  }
  return stops[low - 1] ?? 0;
}

async function readTwice(
  reading: Reading,
  limits: DeriveLimits,
): Promise<{ value: unknown } | ThreadFailure> {
  let failure: unknown = null;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const thread = new DeriverThread(limits);
    try {
      return await thread.derive(reading);
    } catch (error) {
      failure = error;
    } finally {
      await thread.stop();
    }
  }
  if (failure instanceof ThreadFailure) return failure;
  throw failure;
}
