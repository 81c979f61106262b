/** Merging beside the hub: one thread for all documents, ended when it takes too much, started again when needed. */
import type { MergeAnswer, MergeJob } from '#server/base/live/log/merge-jobs.ts';
import { packUpdates } from '#server/base/live/log/packed-updates.ts';
import { ThreadFailure, WorkerThread } from '#server/base/live/worker/worker-thread.ts';

/** Longest merge: some ten times what a large document takes. */
const timeMs = 10_000;
const memoryMb = 768;

/** What there is to merge. */
export interface Merging {
  /** A document's last snapshot, null for none. */
  snapshot: Uint8Array | null;
  /** What came after it, in order. */
  tail: readonly Uint8Array[];
  /** For a snapshot: runs are joined, and what admission reads of the result is told too. */
  withDetails: boolean;
}

/** Merges updates outside the caller's thread, one job after the other. */
export class MergeThread {
  #thread = new WorkerThread<MergeJob, MergeAnswer>({
    entry: new URL('./merge-jobs.ts', import.meta.url),
    name: 'live-merge',
    timeMs,
    memoryMb,
  });

  /** @throws ThreadFailure when it took too long, too much memory, or the bytes cannot be merged */
  async merge(merging: Merging): Promise<MergeAnswer> {
    if (!merging.withDetails) return this.#run(merging, false);
    try {
      return await this.#run(merging, true);
    } catch (error) {
      // A document may be made so that it breaks whoever opens it; its bytes can be merged all the same.
      if (!(error instanceof ThreadFailure)) throw error;
      return this.#run(merging, false);
    }
  }

  #run({ snapshot, tail, withDetails }: Merging, joinRuns: boolean): Promise<MergeAnswer> {
    const packed = packUpdates(snapshot === null ? tail : [snapshot, ...tail]);
    const job = { packed, withSnapshot: snapshot !== null, withDetails, joinRuns };
    return this.#thread.run(job, [packed.buffer]);
  }

  /** Ends the thread; what it does comes to nothing. */
  stop(): Promise<void> {
    return this.#thread.stop();
  }
}
