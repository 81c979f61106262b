/** Pace limits: a bucket of allowances that fills with time. */

/** So many at once, and so many a second for ever. */
export interface PaceLimit {
  burst: number;
  perSecond: number;
}

/** One bucket. Time comes from outside, so that tests move it by hand. */
export class Pace {
  /** May be changed at any time; what is left stays. */
  limit: PaceLimit;
  #left: number;
  #filledAtMs: number;

  constructor(limit: PaceLimit, nowMs: number) {
    this.limit = limit;
    this.#left = limit.burst;
    this.#filledAtMs = nowMs;
  }

  /** Takes `amount` out. @returns false, and takes nothing, when there is not enough */
  take(amount: number, nowMs: number): boolean {
    const isThere = this.has(amount, nowMs);
    if (isThere) this.#left -= amount;
    return isThere;
  }

  /** Whether there is so much to take. */
  has(amount: number, nowMs: number): boolean {
    const passedMs = Math.max(0, nowMs - this.#filledAtMs);
    this.#left = Math.min(this.limit.burst, this.#left + (passedMs / 1_000) * this.limit.perSecond);
    this.#filledAtMs = nowMs;
    return amount <= this.#left;
  }
}
