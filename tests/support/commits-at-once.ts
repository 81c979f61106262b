/** A commit queue that waits for nothing but the commit in flight, for tests whose time does not pass by itself. */

import type { LiveStorage } from '#server/base/live/log/storage.ts';
import { CommitQueue, type CommitWorld } from '#server/base/live/room/commit-queue.ts';

/** @param world - what the test wants otherwise */
export function commitsAtOnce(storage: LiveStorage, world: Partial<CommitWorld> = {}): CommitQueue {
  return new CommitQueue({
    storage,
    now: () => new Date(0),
    schedule: () => undefined,
    pace: { burst: 1, windowMs: 0 },
    report: () => undefined,
    ...world,
  });
}
