// Sums as the server keeps them: whole numbers exactly, doubles with their rounding errors, decimals apart.
import { type Decimal, Int32 } from '../bson/value.ts';
import { calculate } from './arithmetic.ts';
import { decimalOf, exactOfDouble, type Numeric, toDecimal, toDouble } from './decimal.ts';

const RANK = { int: 0, long: 1, double: 2, decimal: 3 } as const;

const MAX_LONG = (1n << 63n) - 1n;
const MIN_LONG = -(1n << 63n);

/** A running sum. Its type is the widest of its numbers; its value hardly depends on their order. */
export class NumberSum {
  #rank: number = RANK.int;
  /** Whole numbers as long as they are exact in a double; the rest went into `#large`. */
  #small = 0;
  #large = 0n;
  #double = 0;
  #error = 0;
  /** The plain sum: tells infinities from NaN. */
  #plain = 0;
  #decimal: Decimal | null = null;

  /** Adds one number. */
  add(value: Numeric): void {
    if (value instanceof Int32) this.#addSmall(value.value);
    else if (typeof value === 'number') {
      if (this.#rank < RANK.double) this.#rank = RANK.double;
      this.#addDouble(value);
    } else if (typeof value === 'bigint') {
      if (this.#rank < RANK.long) this.#rank = RANK.long;
      this.#large += value;
    } else {
      this.#rank = RANK.decimal;
      this.#decimal = this.#decimal ? (calculate('add', this.#decimal, value) as Decimal) : value;
    }
  }

  #addSmall(value: number): void {
    this.#small += value;
    if (Math.abs(this.#small) < 2 ** 52) return;
    this.#large += BigInt(this.#small);
    this.#small = 0;
  }

  /** Knuth's exact sum of two doubles; the error is kept. */
  #addDouble(value: number): void {
    this.#plain += value;
    const before = this.#double;
    const total = before + value;
    const back = total - before;
    this.#error += before - (total - back) + (value - back);
    this.#double = total;
  }

  #whole(): bigint {
    return this.#large + BigInt(this.#small);
  }

  #asDouble(): number {
    const whole = this.#whole();
    if (whole !== 0n) {
      const high = Number(whole);
      this.#addDouble(high);
      this.#addDouble(Number(whole - BigInt(high)));
      this.#small = 0;
      this.#large = 0n;
    }
    const total = this.#double + this.#error;
    return Number.isNaN(total) ? this.#plain : total;
  }

  /** What is no decimal is one sum in two doubles, as the server keeps it; each becomes a decimal of 34 digits. */
  #asDecimal(): Decimal {
    const high = this.#asDouble();
    const rest = this.#double - high + this.#error;
    const others = Number.isFinite(high)
      ? calculate('add', decimalOf(exactOfDouble(high)), decimalOf(exactOfDouble(rest)))
      : toDecimal(high);
    return calculate('add', this.#decimal ?? toDecimal(0), others as Decimal) as Decimal;
  }

  /** The sum in the widest type seen; 0 of type int for none. Beyond the longs it is a double. */
  result(): Numeric {
    if (this.#rank === RANK.decimal) return this.#asDecimal();
    if (this.#rank === RANK.double) return this.#asDouble();
    const whole = this.#whole();
    if (whole > MAX_LONG || whole < MIN_LONG) return Number(whole);
    return this.#rank === RANK.int && whole === BigInt.asIntN(32, whole) ? new Int32(Number(whole)) : whole;
  }

  /** The sum to divide for an average: a decimal, or else a double. */
  dividend(): number | Decimal {
    return this.#rank === RANK.decimal ? this.#asDecimal() : toDouble(this.result());
  }
}
