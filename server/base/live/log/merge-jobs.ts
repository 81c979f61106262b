/** The thread that merges: snapshots, and stretches of work. Knows bytes only. */
import * as Y from 'yjs';
import { ClockRuns, ClockSet } from '#server/base/live/admission/clock-ranges.ts';
import { readStored } from '#server/base/live/admission/stored-structs.ts';
import { encodeDetails } from '#server/base/live/log/detail-bytes.ts';
import { unpackUpdates } from '#server/base/live/log/packed-updates.ts';
import { serveJobs } from '#server/base/live/worker/serve-jobs.ts';
import { liveLimits } from '#shared/base/live.ts';
import { mergeAsTree } from '#shared/base/live-merge.ts';

/** Updates to merge, packed. */
export interface MergeJob {
  packed: Uint8Array;
  /** Whether the first is a snapshot, and large. */
  withSnapshot: boolean;
  withDetails: boolean;
  /** Whether runs of structs are to be joined, as only a document does: a tenth of the bytes, for much more work. */
  joinRuns: boolean;
}

/** One update, and what was read of it; null unless asked for. */
export interface MergeAnswer {
  update: Uint8Array;
  details: Uint8Array | null;
}

/** Merges at once, in whatever thread it is called. */
export function mergeNow({ packed, withSnapshot, withDetails, joinRuns }: MergeJob): MergeAnswer {
  const updates = unpackUpdates(packed);
  const tail = withSnapshot ? updates.slice(1) : updates;
  // The last snapshot is large, and gone through once: with the whole tail, not in every round of it.
  const merged = tail.length === 0 ? [] : [mergeAsTree(tail)];
  const whole = mergeAsTree([...(withSnapshot ? updates.slice(0, 1) : []), ...merged]);
  const update = joinRuns ? joined(whole) : whole;
  return { update, details: withDetails ? detailsOf(update) : null };
}

const keptWholeBytes = liveLimits.documentBytes / 2;

/** `Y.mergeUpdates` keeps a struct for each key that was pressed; a document keeps one for each run of text. */
function joined(update: Uint8Array): Uint8Array {
  // What was deleted stays, as in the log; but in a document on its way to being full, deleting has to make room.
  const doc = new Y.Doc({ gc: update.length > keptWholeBytes });
  Y.applyUpdate(doc, update);
  const { pendingStructs, pendingDs } = doc.store;
  const isWhole = pendingStructs === null && pendingDs === null;
  return isWhole ? Y.encodeStateAsUpdate(doc) : update;
}

/** What `DocumentIndex` reads of a merged update, ready to be stored beside it. */
export function detailsOf(update: Uint8Array): Uint8Array {
  const details = { depths: new ClockRuns(), deleted: new ClockSet() };
  readStored([update], details);
  return encodeDetails(details);
}

serveJobs(mergeNow);
