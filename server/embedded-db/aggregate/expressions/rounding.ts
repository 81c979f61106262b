// $round, $trunc, $ceil, $floor.
import { Decimal, Int32, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { asNumber } from '../../value/arithmetic.ts';
import { exactOfDouble, type Numeric } from '../../value/decimal.ts';
import { type Rounding, roundDecimal, roundExact } from '../../value/decimal-rounding.ts';
import { isNumber, typeName } from '../../value/type-order.ts';
import { isNothing, type Maybe, type OperatorTable, strict } from '../scope.ts';

function placesOf(name: string, value: Value | undefined): number {
  if (value === undefined) return 0;
  const places = asNumber(value);
  if (places === null || !Number.isInteger(places)) {
    throw new DatabaseError(51082, `precision argument to  ${name} must be a integral value`);
  }
  if (places < -20 || places > 100) {
    throw new DatabaseError(
      51083,
      `cannot apply ${name} with precision value ${places} value must be in [-20, 100]`,
    );
  }
  return places;
}

function roundDouble(value: number, places: number, mode: Rounding): number {
  if (!Number.isFinite(value) || value === 0) return value;
  const exact = roundExact(exactOfDouble(value), places, mode);
  const rounded = Number(`${exact.coefficient}e${exact.exponent}`);
  // The sign survives also when nothing else does.
  return rounded === 0 && value < 0 ? -0 : rounded;
}

function roundInteger(value: Int32 | bigint, places: number, mode: Rounding): Numeric {
  if (places >= 0) return value;
  const coefficient = typeof value === 'bigint' ? value : BigInt(value.value);
  const exact = roundExact({ coefficient, exponent: 0 }, places, mode);
  const out = exact.coefficient * 10n ** BigInt(exact.exponent);
  if (out !== BigInt.asIntN(64, out)) {
    throw new DatabaseError(51080, 'invalid conversion from Decimal128 result in $round');
  }
  const isSmall = value instanceof Int32 && out === BigInt.asIntN(32, out);
  return isSmall ? new Int32(Number(out)) : out;
}

function rounded(value: Numeric, places: number, mode: Rounding): Numeric {
  if (typeof value === 'number') return roundDouble(value, places, mode);
  return value instanceof Decimal ? roundDecimal(value, places, mode) : roundInteger(value, places, mode);
}

function atPlace(name: string, mode: Rounding) {
  return strict(name, [1, 2], ([value, place]: readonly Maybe[]) => {
    if (isNothing(value) || place === null) return null;
    if (!isNumber(value)) {
      throw new DatabaseError(51081, `${name} only supports numeric types, not ${typeName(value)}`);
    }
    return rounded(value, placesOf(name, place), mode);
  });
}

function whole(name: string, mode: Rounding) {
  return strict(name, 1, ([value]) => {
    if (isNothing(value)) return null;
    if (!isNumber(value)) {
      throw new DatabaseError(28765, `${name} only supports numeric types, not ${typeName(value)}`);
    }
    return rounded(value, 0, mode);
  });
}

/** Rounding; whole number types stay what they are. */
export const ROUNDING: OperatorTable = new Map([
  atPlace('$round', 'nearest'),
  atPlace('$trunc', 'truncate'),
  whole('$ceil', 'ceil'),
  whole('$floor', 'floor'),
]);
