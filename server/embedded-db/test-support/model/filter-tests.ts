// What the operators of a filter ask of one value; undefined stands for a missing one.
import type { BSONRegExp } from 'bson';
import { exact, isNaNValue, isNumber, type Numeric } from './numbers.ts';
import { compare, isDoc, isRegex, ModelError, rank, TYPE_NUMBERS, typeName, type Value } from './values.ts';

/** A question to one value. */
export type ValueTest = (value: Value) => boolean;

/** Equality and ranges. Values of different types never match, save null with missing and the two end keys.
 *  Manual: "Comparison Query Operators", type bracketing; NaN equals only NaN. */
export function compareTest(op: '$eq' | '$gt' | '$gte' | '$lt' | '$lte', operand: Value): ValueTest {
  const orEqual = op === '$eq' || op === '$gte' || op === '$lte';
  const accepts = (order: number) =>
    order === 0 ? orEqual : order < 0 ? op === '$lt' || op === '$lte' : op === '$gt' || op === '$gte';
  return (value) => {
    if (rank(value) !== rank(operand)) return acrossTypes(value, operand, accepts);
    const oneIsNaN = isNaNValue(value) !== isNaNValue(operand);
    return !oneIsNaN && accepts(compare(value, operand));
  };
}

/** Null compares with a missing value as with itself, the end keys with everything, other types not at all. */
function acrossTypes(value: Value, operand: Value, accepts: (order: number) => boolean): boolean {
  if (rank(value) + rank(operand) === rank(null)) return accepts(0);
  if (typeName(operand) === 'minKey') return accepts(1);
  return typeName(operand) === 'maxKey' && accepts(-1);
}

/** `$in`: equality with one of a list, or a match of a regular expression in it. */
export function inTest(operand: Value): ValueTest {
  if (!Array.isArray(operand)) throw new ModelError(2, '$in needs an array');
  const tests = operand.map((one) => {
    if (isDoc(one) && String(one.keys().next().value ?? '').startsWith('$')) {
      throw new ModelError(2, 'cannot nest $ under $in');
    }
    return isRegex(one) ? regexTest(one) : compareTest('$eq', one);
  });
  return (value) => tests.some((test) => test(value));
}

/** `$regex`: strings that match, and the same regular expression as a value. */
export function regexTest(regex: BSONRegExp): ValueTest {
  const compiled = new RegExp(regex.pattern, `${regex.options.replaceAll('x', '')}u`);
  return (value) => {
    if (typeof value === 'string') return compiled.test(value);
    return isRegex(value) && value.pattern === regex.pattern && value.options === regex.options;
  };
}

/** `$type`: names and numbers of types; `number` is all four. */
export function typeTest(operand: Value): ValueTest {
  const wanted = (Array.isArray(operand) ? operand : [operand]).flatMap(typesOf);
  if (wanted.length === 0) throw new ModelError(9, '$type must match at least one type');
  return (value) => wanted.includes(typeName(value));
}

function typesOf(wanted: Value): string[] {
  if (wanted === 'number') return ['int', 'long', 'double', 'decimal'];
  if (typeof wanted === 'string' && wanted in TYPE_NUMBERS) return [wanted];
  if (!isNumber(wanted))
    throw new ModelError(typeof wanted === 'string' ? 2 : 14, 'type must be a number or a string');
  const number = wholeNumber(wanted);
  const found = Object.entries(TYPE_NUMBERS).filter(([, code]) => BigInt(code) === number);
  if (found.length === 0) throw new ModelError(2, 'Invalid numerical type code');
  return found.map(([name]) => name);
}

const LONG = 2n ** 63n;

/** The whole number a value stands for, or null when it has a fraction or is no number of 64 bits. */
export function wholeNumber(value: Value): bigint | null {
  const whole = truncated(value);
  return whole !== null && compareToBig(value as Numeric, whole) === 0 ? whole : null;
}

function compareToBig(value: Numeric, whole: bigint): number {
  const { negative, coefficient, exponent } = exact(value);
  const scale = 10n ** BigInt(Math.abs(exponent));
  const left = exponent >= 0 ? coefficient * scale : coefficient;
  const right = (whole < 0n ? -whole : whole) * (exponent >= 0 ? 1n : scale);
  return left === right && (negative || whole >= 0n) ? 0 : 1;
}

/** A number without its fraction; null for what no long can hold. */
export function truncated(value: Value): bigint | null {
  if (!isNumber(value)) return null;
  const { special, negative, coefficient, exponent } = exact(value);
  if (special !== undefined || exponent > 20) return coefficient === 0n && special === undefined ? 0n : null;
  const size = exponent >= 0 ? coefficient * 10n ** BigInt(exponent) : coefficient / 10n ** BigInt(-exponent);
  const whole = negative ? -size : size;
  return whole >= -LONG && whole < LONG ? whole : null;
}

/** `$size`: a whole number, not negative. */
export function sizeOperand(operand: Value): number {
  const size = wholeNumber(operand);
  if (size === null || size < 0n) throw new ModelError(2, '$size needs a non-negative integer');
  return Number(size);
}

/** `$mod`: both numbers and the values lose their fraction; the sign is the dividend's. */
export function modTest(operand: Value): ValueTest {
  if (!Array.isArray(operand) || operand.length !== 2) throw new ModelError(2, 'malformed mod');
  const [divisor, remainder] = operand.map(truncated);
  if (typeof divisor !== 'bigint' || typeof remainder !== 'bigint') throw new ModelError(2, 'malformed mod');
  if (divisor === 0n) throw new ModelError(2, 'divisor cannot be 0');
  return (value) => {
    const dividend = truncated(value);
    return dividend !== null && dividend % divisor === remainder;
  };
}
