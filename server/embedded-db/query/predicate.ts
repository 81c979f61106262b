// One comparison inside a filter: from `{ $gt: 5 }` to a test of single values.

import { isDoc, MaxKey, MinKey, Regex, SymbolText, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { asNumber } from '../value/arithmetic.ts';
import { compareValues, equalValues, isNan } from '../value/compare.ts';
import { exactOf } from '../value/decimal.ts';
import { effort } from '../value/effort.ts';
import { identityOf } from '../value/identity.ts';
import { textOrder } from '../value/text-order.ts';
import { bracketOf, isNumber, TYPE_NUMBERS, typeNumber } from '../value/type-order.ts';
import { compileRegex } from './regex/regex.ts';

/** A test of one value at the end of a path; `undefined` means missing. */
export type ValueTest = (value: Value | undefined) => boolean;

/** `$eq`: null also matches a missing field. */
export function equals(operand: Value): ValueTest {
  if (operand === null) return (value) => value === undefined || value === null;
  if (typeof operand === 'string' && textOrder() === null) {
    return (value) => value === operand || (value instanceof SymbolText && value.text === operand);
  }
  return (value) => value !== undefined && equalValues(value, operand);
}

/** `$gt`, `$gte`, `$lt`, `$lte`: only values of the operand's own bracket compare. */
export function compares(operand: Value, accepts: (order: number) => boolean): ValueTest {
  if (operand instanceof Regex) throw new DatabaseError(2, "Can't have RegEx as arg to predicate over field");
  if (operand instanceof MinKey || operand instanceof MaxKey) {
    // A missing value lies between the two ends as well.
    const ofMissing = accepts(operand instanceof MinKey ? 1 : -1);
    return (value) => (value === undefined ? ofMissing : accepts(compareValues(value, operand)));
  }
  if (operand === null) return accepts(0) ? equals(null) : () => false;
  if (isNan(operand)) return (value) => isNan(value) && accepts(0);
  const bracket = bracketOf(operand);
  return (value) =>
    value !== undefined &&
    bracketOf(value) === bracket &&
    !isNan(value) &&
    accepts(compareValues(value, operand));
}

/** `$regex`: text that matches, or an equal stored expression. */
export function matchesRegex(regex: Regex): ValueTest {
  const compiled = compileRegex(regex);
  return (value) => {
    if (typeof value === 'string') {
      effort(value.length / 64);
      return compiled.test(value);
    }
    if (value instanceof SymbolText) return compiled.test(value.text);
    return value instanceof Regex && equalValues(value, regex);
  };
}

/** `$in`: equality with any, expressions match text. */
export function isIn(operand: Value): ValueTest {
  if (!Array.isArray(operand)) throw new DatabaseError(2, '$in needs an array');
  if (operand.some((each) => isDoc(each) && [...each.keys()][0]?.startsWith('$'))) {
    throw new DatabaseError(2, 'cannot nest $ under $in');
  }
  // Lists can be long, so equality costs one look-up whatever their length.
  const plain = new Set(operand.map(identityOf));
  const tests = operand.filter((each) => each instanceof Regex).map(matchesRegex);
  return (value) => plain.has(identityOf(value ?? null)) || tests.some((test) => test(value));
}

const KNOWN_TYPES: ReadonlySet<number> = new Set(Object.values(TYPE_NUMBERS));

function typeNumbers(operand: Value): number[] {
  if (Array.isArray(operand)) return operand.flatMap(typeNumbers);
  if (operand === 'number') return [1, 16, 18, 19];
  const number = typeof operand === 'string' ? TYPE_NUMBERS[operand] : asNumber(operand);
  if (number === undefined || number === null) {
    throw new DatabaseError(2, `Unknown type name alias: ${String(operand)}`);
  }
  if (!KNOWN_TYPES.has(number)) throw new DatabaseError(2, `Invalid numerical type code: ${number}`);
  return [number];
}

/** `$type`: any of the named or numbered types. */
export function hasType(operand: Value): ValueTest {
  const wanted = new Set(typeNumbers(operand));
  if (wanted.size === 0) throw new DatabaseError(9, '$type must match at least one type');
  return (value) => value !== undefined && wanted.has(typeNumber(value));
}

const MAX_LONG = 2n ** 63n;

/** A number without its fraction, exactly; null for what no int64 holds. */
function wholePart(value: Value | undefined): bigint | null {
  const exact = isNumber(value) ? exactOf(value) : null;
  if (exact === null || (exact.exponent > 20 && exact.coefficient !== 0n)) return null;
  const power = 10n ** BigInt(Math.abs(exact.exponent));
  const whole = exact.exponent >= 0 ? exact.coefficient * power : exact.coefficient / power;
  return whole >= -MAX_LONG && whole < MAX_LONG ? whole : null;
}

/** `$mod`: integer part of a number modulo a divisor, exact for every int64.
 *  @throws 2 BadValue for anything but [divisor, remainder] */
export function modulo(operand: Value): ValueTest {
  if (!Array.isArray(operand) || operand.length !== 2) {
    throw new DatabaseError(2, 'malformed mod, needs to be an array of two elements');
  }
  const [divisor, remainder] = operand.map(wholePart);
  if (typeof divisor !== 'bigint' || typeof remainder !== 'bigint') {
    throw new DatabaseError(2, 'malformed mod, divisor and remainder must be numbers');
  }
  if (divisor === 0n) throw new DatabaseError(2, 'divisor cannot be 0');
  return (value) => {
    const whole = wholePart(value);
    return whole !== null && whole % divisor === remainder;
  };
}

/** `$size`: arrays of exactly that length. */
export function hasSize(operand: Value): ValueTest {
  const size = asNumber(operand);
  if (size === null || !Number.isInteger(size)) {
    throw new DatabaseError(2, `Failed to parse $size. Expected an integer`);
  }
  if (size < 0) throw new DatabaseError(2, 'Failed to parse $size. Expected a non-negative number');
  return (value) => Array.isArray(value) && value.length === size;
}
