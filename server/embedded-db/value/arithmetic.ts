// Typed arithmetic: int stays int until it overflows to long; double and decimal absorb the others.
import { Decimal, Int32, type Value } from '../bson/value.ts';
import { align, decimalOf, exactOf, type Numeric, toDecimal, toDouble } from './decimal.ts';

const MIN_LONG = -(1n << 63n);
const MAX_LONG = (1n << 63n) - 1n;

type Operation = 'add' | 'multiply';

function onDecimals(operation: Operation, a: Decimal, b: Decimal): Decimal {
  const x = exactOf(a);
  const y = exactOf(b);
  if (!x || !y) return toDecimal(onDoubles(operation, sizeless(a), sizeless(b)));
  // A zero has a sign of its own.
  const negative = operation === 'multiply' ? a.negative !== b.negative : a.negative && b.negative;
  if (operation === 'multiply') {
    return signed(
      decimalOf({ coefficient: x.coefficient * y.coefficient, exponent: x.exponent + y.exponent }),
      negative,
    );
  }
  const [left, right, exponent] = align(x, y);
  return signed(decimalOf({ coefficient: left + right, exponent }), negative);
}

function signed(value: Decimal, negative: boolean): Decimal {
  if (value.coefficient !== 0n || value.kind !== 'finite') return value;
  return new Decimal('finite', negative, 0n, value.exponent);
}

/** What matters of a decimal beside an infinity: special, zero, or its sign. */
function sizeless(value: Decimal): number {
  if (value.kind !== 'finite' || value.coefficient === 0n) return toDouble(value);
  return value.negative ? -1 : 1;
}

function onDoubles(operation: Operation, a: number, b: number): number {
  return operation === 'add' ? a + b : a * b;
}

function integer(value: Int32 | bigint): bigint {
  return typeof value === 'bigint' ? value : BigInt(value.value);
}

function onIntegers(operation: Operation, a: Int32 | bigint, b: Int32 | bigint): Numeric | null {
  const result = operation === 'add' ? integer(a) + integer(b) : integer(a) * integer(b);
  if (result < MIN_LONG || result > MAX_LONG) return null;
  const small = result >= -2147483648n && result <= 2147483647n;
  return a instanceof Int32 && b instanceof Int32 && small ? new Int32(Number(result)) : result;
}

/** Result in the widest type of both; null when an int64 overflows. */
export function calculate(operation: Operation, a: Numeric, b: Numeric): Numeric | null {
  if (a instanceof Decimal || b instanceof Decimal) return onDecimals(operation, toDecimal(a), toDecimal(b));
  if (typeof a === 'number' || typeof b === 'number') return onDoubles(operation, toDouble(a), toDouble(b));
  return onIntegers(operation, a, b);
}

/** A whole number as an int where it fits, else a long. */
export function wholeNumber(value: number): Numeric {
  return value >= -2147483648 && value <= 2147483647 ? new Int32(value) : BigInt(Math.trunc(value));
}

/** A command option or operator argument as a JS number; null when it is not a number. */
export function asNumber(value: Value | undefined): number | null {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  if (value instanceof Int32) return value.value;
  if (value instanceof Decimal) return toDouble(value);
  return null;
}
