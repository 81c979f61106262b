// Long writes in pieces: what is done before a cut is committed, then others have their turn.
import { type LockOwner, LockWait } from './locks.ts';

/** A write may keep the thread this long before others get a turn. */
const SLICE_MS = 4;
/** On a slow disk a slice is as long as the commit that ends it, so that half of the time is work; up to this. */
const LONGEST_SLICE_MS = 12;

/** A write that may be cut: it yields null to let others in, or the transaction it has to wait for.
 *  Everything it did before a yield is committed by itself; state read before a yield may be old after it. */
export type Work<T> = Generator<LockOwner | null, T, undefined>;

/** The clock of one slice; tests give their own. */
export class Pace {
  readonly #now: () => number;
  #end = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Starts a new slice.
   *  @param commitMs - how long the last commit took */
  begin(commitMs = 0): void {
    this.#end = this.#now() + Math.min(Math.max(SLICE_MS, commitMs), LONGEST_SLICE_MS);
  }

  /** Milliseconds that something takes. */
  timed(run: () => void): number {
    const before = this.#now();
    run();
    return this.#now() - before;
  }

  /** True when others have to be let in. */
  get isOver(): boolean {
    return this.#now() >= this.#end;
  }
}

/** Does one step, and again whenever it met a lock whose owner has ended since.
 *  @param step - changes nothing when it meets a lock
 *  @param met - the owner of the lock that a first try has met already */
export function* waiting<T>(step: () => T, met: LockOwner | null = null): Work<T> {
  for (let owner = met; ; ) {
    if (owner) yield owner;
    try {
      return step();
    } catch (error) {
      if (!(error instanceof LockWait)) throw error;
      owner = error.owner;
    }
  }
}

/** Runs work that writes to no file (inside a transaction), with a turn for others between its slices. */
export async function inTurns<T>(work: Work<T>, pace: Pace): Promise<T> {
  for (;;) {
    pace.begin();
    const step = work.next();
    if (step.done) return step.value;
    await (step.value?.ended ?? new Promise((resolve) => setImmediate(resolve)));
  }
}
