// Standard deviation in one pass.
import { type Numeric, toDouble } from '../value/decimal.ts';

/** Welford's method: count, mean and the sum of squared distances. */
export class Deviation {
  #count = 0;
  #mean = 0;
  #squares = 0;

  /** Adds one number; decimals count as doubles. */
  add(number: Numeric): void {
    const value = toDouble(number);
    this.#count++;
    const distance = value - this.#mean;
    this.#mean += distance / this.#count;
    this.#squares += distance * (value - this.#mean);
  }

  /** Of a sample (n - 1) or of everything; null for too few numbers. */
  result(isSample: boolean): number | null {
    const count = this.#count - (isSample ? 1 : 0);
    return count <= 0 ? null : Math.sqrt(this.#squares / count);
  }
}
