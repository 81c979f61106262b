// $pow, $sqrt, $exp, $ln, $log, $log10.

import { show } from '../../bson/show.ts';
import { Decimal, Int32, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { compareValues } from '../../value/compare.ts';
import { type Numeric, toDecimal, toDouble } from '../../value/decimal.ts';
import { exponential, logarithm, logarithmTo, powerOf, squareRoot } from '../../value/decimal-functions.ts';
import { isNumber, typeName } from '../../value/type-order.ts';
import { isNothing, type Maybe, type OperatorTable, strict } from '../scope.ts';

const ZERO = new Int32(0);
const TEN = new Decimal('finite', false, 10n, 0);

function single(name: string, apply: (value: Numeric) => Value) {
  return strict(name, 1, ([value]) => {
    if (isNothing(value)) return null;
    if (isNumber(value)) return apply(value);
    throw new DatabaseError(28765, `${name} only supports numeric types, not ${typeName(value)}`);
  });
}

/** Either an exact function of decimals or the one of doubles. */
function apply(
  value: Numeric,
  onDecimal: (value: Decimal) => Decimal,
  onDouble: (value: number) => number,
): Value {
  return value instanceof Decimal ? onDecimal(value) : onDouble(toDouble(value));
}

function positive(name: string, code: number, value: Numeric): void {
  if (compareValues(value, ZERO) > 0 || Number.isNaN(toDouble(value))) return;
  throw new DatabaseError(code, `${name}'s argument must be a positive number, but is ${show(value)}`);
}

function squared(value: Numeric): Value {
  if (compareValues(value, ZERO) < 0 && !Number.isNaN(toDouble(value))) {
    throw new DatabaseError(28714, "$sqrt's argument must be greater than or equal to 0");
  }
  return apply(value, squareRoot, Math.sqrt);
}

function log([value, base]: readonly Maybe[]): Value {
  if (isNothing(value) || isNothing(base)) return null;
  if (!isNumber(value))
    throw new DatabaseError(28756, `$log's argument must be numeric, not ${typeName(value)}`);
  if (!isNumber(base)) throw new DatabaseError(28757, `$log's base must be numeric, not ${typeName(base)}`);
  positive('$log', 28758, value);
  if (compareValues(base, ZERO) <= 0 || toDouble(base) === 1) {
    throw new DatabaseError(
      28759,
      `$log's base must be a positive number not equal to 1, but is ${show(base)}`,
    );
  }
  if (value instanceof Decimal || base instanceof Decimal) {
    return logarithmTo(toDecimal(base), toDecimal(value));
  }
  return Math.log(toDouble(value)) / Math.log(toDouble(base));
}

function wholeOf(value: Numeric): bigint | null {
  if (typeof value === 'bigint') return value;
  return value instanceof Int32 ? BigInt(value.value) : null;
}

/** Whole numbers stay whole as long as the result fits. */
function wholePower(base: bigint, exponent: bigint, isLong: boolean): Numeric {
  const isUnit = base === 1n || base === -1n;
  if (!isUnit && (exponent < 0n || (exponent > 63n && base !== 0n))) return Number(base) ** Number(exponent);
  // A power of a unit only depends on whether the exponent is even.
  const out = isUnit ? (exponent % 2n === 0n ? 1n : base) : base ** exponent;
  if (out !== BigInt.asIntN(64, out)) return Number(base) ** Number(exponent);
  return isLong || out !== BigInt.asIntN(32, out) ? out : new Int32(Number(out));
}

function power([base, exponent]: readonly Maybe[]): Value {
  if (isNothing(base) || isNothing(exponent)) return null;
  if (!isNumber(base)) throw new DatabaseError(28762, `$pow's base must be numeric, not ${typeName(base)}`);
  if (!isNumber(exponent)) {
    throw new DatabaseError(28763, `$pow's exponent must be numeric, not ${typeName(exponent)}`);
  }
  if (toDouble(base) === 0 && toDouble(exponent) < 0) {
    throw new DatabaseError(28764, '$pow cannot take a base of 0 and a negative exponent');
  }
  if (base instanceof Decimal || exponent instanceof Decimal)
    return powerOf(toDecimal(base), toDecimal(exponent));
  const [x, y] = [wholeOf(base), wholeOf(exponent)];
  if (x === null || y === null) return toDouble(base) ** toDouble(exponent);
  return wholePower(x, y, !(base instanceof Int32 && exponent instanceof Int32));
}

/** Powers and logarithms; decimals are computed to 34 digits. */
export const POWERS: OperatorTable = new Map([
  strict('$pow', 2, power),
  single('$sqrt', squared),
  single('$exp', (value) => apply(value, exponential, Math.exp)),
  single('$ln', (value) => {
    positive('$ln', 28766, value);
    return apply(value, logarithm, Math.log);
  }),
  single('$log10', (value) => {
    positive('$log10', 28761, value);
    return apply(value, (each) => logarithmTo(TEN, each), Math.log10);
  }),
  strict('$log', 2, log),
]);
