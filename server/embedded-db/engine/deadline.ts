// When a running command has to give up: its time is over (maxTimeMS), or somebody killed it.
import { DatabaseError } from '../database-error.ts';

/** Looked at between the slices of a long command. */
export class Deadline {
  readonly #at: number;
  #isKilled = false;

  /** @param at - `performance.now()` after which the command gives up */
  constructor(at = Number.POSITIVE_INFINITY) {
    this.#at = at;
  }

  /** Lets the command end at its next look (killOp, the end of its session, its client gone). */
  kill(): void {
    this.#isKilled = true;
  }

  /** @throws 50 MaxTimeMSExpired, 11601 Interrupted */
  check(now: number): void {
    if (this.#isKilled) throw new DatabaseError(11601, 'operation was interrupted');
    if (now > this.#at) throw new DatabaseError(50, 'operation exceeded time limit');
  }
}
