// The model's numbers: exact comparison and the server's typed arithmetic, done in big integers.
import { Decimal128, Double, Int32, Long } from 'bson';

/** Any BSON number. */
export type Numeric = Int32 | Long | Double | Decimal128;

/** A number without its type: `coefficient * 10 ** exponent`, or a special. `negative` also tells -0 from 0. */
export interface Exact {
  readonly special?: 'nan' | 'infinity';
  readonly negative: boolean;
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** True for int, long, double and decimal. */
export function isNumber(value: unknown): value is Numeric {
  return (
    value instanceof Int32 ||
    value instanceof Double ||
    value instanceof Decimal128 ||
    (Long.isLong(value) && (value as { _bsontype?: string })._bsontype === 'Long')
  );
}

/** True for NaN of either floating type. */
export function isNaNValue(value: unknown): boolean {
  return isNumber(value) && exact(value).special === 'nan';
}

/** The exact worth of a number. */
export function exact(value: Numeric): Exact {
  if (value instanceof Int32) return whole(BigInt(value.value));
  if (value instanceof Double) return exactDouble(value.value);
  if (value instanceof Decimal128) return exactDecimal(value.toString());
  return whole(value.toBigInt());
}

function whole(value: bigint): Exact {
  return { negative: value < 0n, coefficient: value < 0n ? -value : value, exponent: 0 };
}

function exactDouble(value: number): Exact {
  const negative = value < 0 || Object.is(value, -0);
  if (Number.isNaN(value)) return { special: 'nan', negative: false, coefficient: 0n, exponent: 0 };
  if (!Number.isFinite(value)) return { special: 'infinity', negative, coefficient: 0n, exponent: 0 };
  let size = Math.abs(value);
  let halvings = 0;
  while (!Number.isInteger(size)) {
    size *= 2;
    halvings++;
  }
  // n / 2^k is n * 5^k / 10^k.
  return {
    negative,
    coefficient: BigInt(size) * 5n ** BigInt(halvings),
    exponent: halvings === 0 ? 0 : -halvings,
  };
}

function exactDecimal(text: string): Exact {
  const negative = text.startsWith('-');
  const bare = text.replace(/^[+-]/, '');
  if (/^nan$/i.test(bare)) return { special: 'nan', negative: false, coefficient: 0n, exponent: 0 };
  if (/^inf/i.test(bare)) return { special: 'infinity', negative, coefficient: 0n, exponent: 0 };
  const [mantissa = '', power = '0'] = bare.split(/[eE]/);
  const [before = '', after = ''] = mantissa.split('.');
  return { negative, coefficient: BigInt(before + after), exponent: Number(power) - after.length };
}

/** The order of numbers by worth: NaN first and equal to NaN, 0 equal to -0. */
export function compareNumbers(left: Numeric, right: Numeric): number {
  return compareExact(exact(left), exact(right));
}

function compareExact(left: Exact, right: Exact): number {
  if (left.special === 'nan' || right.special === 'nan') {
    return Number(right.special === 'nan') - Number(left.special === 'nan');
  }
  const signs = signOf(left) - signOf(right);
  if (signs !== 0 || signOf(left) === 0) return signs;
  return signOf(left) * compareSizes(left, right);
}

function signOf(value: Exact): number {
  if (value.special === undefined && value.coefficient === 0n) return 0;
  return value.negative ? -1 : 1;
}

function compareSizes(left: Exact, right: Exact): number {
  if (left.special !== undefined || right.special !== undefined) {
    return Number(left.special !== undefined) - Number(right.special !== undefined);
  }
  const magnitudes = magnitude(left) - magnitude(right);
  if (magnitudes !== 0) return magnitudes;
  const low = Math.min(left.exponent, right.exponent);
  const difference = scaled(left, low) - scaled(right, low);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

function magnitude(value: Exact): number {
  return value.coefficient.toString().length + value.exponent;
}

/** The coefficient at a lower exponent. */
export function scaled(value: Exact, exponent: number): bigint {
  return value.coefficient * 10n ** BigInt(value.exponent - exponent);
}

const DIGITS = 34;
const LEAST_EXPONENT = -6176;
const GREATEST_MAGNITUDE = 6145;

/** A decimal of 34 digits, rounded half to even. Source: IEEE 754-2008, decimal128. */
export function toDecimal(value: Exact): Decimal128 {
  if (value.special === 'nan') return Decimal128.fromString('NaN');
  const sign = value.negative ? '-' : '';
  if (value.special === 'infinity') return Decimal128.fromString(`${sign}Infinity`);
  const excess = Math.max(value.coefficient.toString().length - DIGITS, LEAST_EXPONENT - value.exponent, 0);
  let coefficient = dropDigits(value.coefficient, excess);
  let exponent = value.exponent + excess;
  if (coefficient.toString().length > DIGITS) {
    coefficient = dropDigits(coefficient, 1);
    exponent++;
  }
  if (coefficient === 0n) exponent = Math.min(exponent, 6111);
  else if (coefficient.toString().length + exponent > GREATEST_MAGNITUDE)
    return Decimal128.fromString(`${sign}Infinity`);
  return Decimal128.fromString(`${sign}${coefficient}E${exponent >= 0 ? '+' : ''}${exponent}`);
}

/** Divides by a power of ten, rounding half to even. */
function dropDigits(value: bigint, digits: number): bigint {
  if (digits === 0) return value;
  return divideRounded(value, 10n ** BigInt(digits));
}

function divideRounded(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  const twice = (value % divisor) * 2n;
  return twice > divisor || (twice === divisor && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

/** What a number becomes when it meets a decimal; a double keeps 15 digits.
 *  Source: `Decimal128(double)` of the server rounds to 15 digits. */
export function decimalOperand(value: Numeric): Exact {
  const found = exact(value);
  if (!(value instanceof Double) || found.special !== undefined || found.coefficient === 0n) return found;
  const digits = found.coefficient.toString().length;
  const excess = digits - 15;
  if (excess <= 0) {
    return {
      ...found,
      coefficient: found.coefficient * 10n ** BigInt(-excess),
      exponent: found.exponent + excess,
    };
  }
  let coefficient = dropDigits(found.coefficient, excess);
  let exponent = found.exponent + excess;
  if (coefficient.toString().length > 15) {
    coefficient /= 10n;
    exponent++;
  }
  return { ...found, coefficient, exponent };
}

const NAN: Exact = { special: 'nan', negative: false, coefficient: 0n, exponent: 0 };

/** Sum of two exact numbers; the sign of a zero as IEEE 754 has it. */
export function addExact(left: Exact, right: Exact): Exact {
  if (left.special === 'nan' || right.special === 'nan') return NAN;
  if (left.special && right.special) return left.negative === right.negative ? left : NAN;
  if (left.special) return left;
  if (right.special) return right;
  const exponent = Math.min(left.exponent, right.exponent);
  const sum = signed(left, exponent) + signed(right, exponent);
  const negative = sum === 0n ? left.negative && right.negative : sum < 0n;
  return { negative, coefficient: sum < 0n ? -sum : sum, exponent };
}

function signed(value: Exact, exponent: number): bigint {
  return scaled(value, exponent) * (value.negative ? -1n : 1n);
}

/** Product of two exact numbers. */
export function multiplyExact(left: Exact, right: Exact): Exact {
  const negative = left.negative !== right.negative;
  const none = { coefficient: 0n, exponent: 0 };
  const infinite = left.special === 'infinity' || right.special === 'infinity';
  if (left.special === 'nan' || right.special === 'nan') return { special: 'nan', negative: false, ...none };
  if (infinite && (signOf(left) === 0 || signOf(right) === 0))
    return { special: 'nan', negative: false, ...none };
  if (infinite) return { special: 'infinity', negative, ...none };
  return {
    negative,
    coefficient: left.coefficient * right.coefficient,
    exponent: left.exponent + right.exponent,
  };
}

/** The number as a JavaScript number, rounded once. */
export function toNumber(value: Numeric): number {
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof Decimal128) return Number(value.toString().replace('Infinity', 'Infinity'));
  return Number(value.toBigInt());
}

const INT = 2n ** 31n;
const LONG = 2n ** 63n;

/** An int when it fits and `long` is not asked for, a long when it fits, null when it does not. */
export function integer(value: bigint, long: boolean): Int32 | Long | null {
  if (!long && value >= -INT && value < INT) return new Int32(Number(value));
  return value >= -LONG && value < LONG ? Long.fromBigInt(value) : null;
}

/** The whole value of an int or long. */
export function bigOf(value: Int32 | Long): bigint {
  return value instanceof Int32 ? BigInt(value.value) : value.toBigInt();
}

/** True for int and long. */
export function isInteger(value: Numeric): value is Int32 | Long {
  return !(value instanceof Double) && !(value instanceof Decimal128);
}

/** `+` or `*` as update operators and expressions widen: decimal over double over long over int; int grows to long.
 *  @returns null when a long overflows (an error in updates, a double in expressions) */
export function combine(op: '+' | '*', left: Numeric, right: Numeric): Numeric | null {
  if (left instanceof Decimal128 || right instanceof Decimal128) {
    const work = op === '+' ? addExact : multiplyExact;
    return toDecimal(work(decimalOperand(left), decimalOperand(right)));
  }
  if (left instanceof Double || right instanceof Double) {
    const [a, b] = [toNumber(left), toNumber(right)];
    return new Double(op === '+' ? a + b : a * b);
  }
  const [a, b] = [bigOf(left), bigOf(right)];
  return integer(op === '+' ? a + b : a * b, Long.isLong(left) || Long.isLong(right));
}
