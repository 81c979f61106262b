/** How long a commit waits so that more goes with it: not at all while commits are few, under load a few milliseconds. */

/** So many commits at once after a quiet time, and under lasting load one in each window. */
export interface CommitPace {
  burst: number;
  /** Longest wait of an edit for company, in ms; 0 for none ever. */
  windowMs: number;
}

/**
 * A commit, its frames and their acknowledgements cost the same for one edit as for fifty. With 15 ms, what hundreds
 * of people type becomes 66 commits a second, and everyone sees it within 20 ms; what a few people type never waits.
 */
export const defaultCommitPace: CommitPace = { burst: 8, windowMs: 15 };

/** Rule LV70. Time comes from outside. */
export class CommitWindow {
  #pace: CommitPace;
  /** When a quiet hub may have all of its burst again, in ms. */
  #restedAtMs = Number.NEGATIVE_INFINITY;

  constructor(pace: CommitPace) {
    this.#pace = pace;
  }

  /** How long to wait before the next commit starts, in ms. */
  delayMs(nowMs: number): number {
    const { burst, windowMs } = this.#pace;
    const delayMs = this.#rest(nowMs) - (burst - 1) * windowMs;
    return Math.max(0, delayMs);
  }

  /** Counts a commit that starts. */
  started(nowMs: number): void {
    const { burst, windowMs } = this.#pace;
    this.#restedAtMs = nowMs + Math.min(this.#rest(nowMs) + windowMs, burst * windowMs);
  }

  /** Time until the whole burst is there, in ms; never more than it takes, also after a clock was set back. */
  #rest(nowMs: number): number {
    const { burst, windowMs } = this.#pace;
    return Math.min(Math.max(0, this.#restedAtMs - nowMs), burst * windowMs);
  }
}
