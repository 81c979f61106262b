// Keywords of $jsonSchema about single values: types, numbers, strings, enum.
import { type Doc, Regex, SymbolText, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { compareNumbers, equalValues } from '../../value/compare.ts';
import { exactOf } from '../../value/decimal.ts';
import { isNumber, typeName } from '../../value/type-order.ts';
import { hasType } from '../predicate.ts';
import { compileRegex } from '../regex/regex.ts';
import { type Check, countOf, detail, flagOf, listOf, unsatisfied } from './check.ts';

/** JSON's names for types, as the server takes them. */
const JSON_TYPES: Readonly<Record<string, string>> = {
  object: 'object',
  array: 'array',
  number: 'number',
  boolean: 'bool',
  string: 'string',
  null: 'null',
};

function jsonType(name: Value): string {
  if (typeof name !== 'string') {
    throw new DatabaseError(14, "$jsonSchema keyword 'type' must be either a string or an array of strings");
  }
  const known = JSON_TYPES[name];
  if (known !== undefined) return known;
  if (name === 'integer')
    throw new DatabaseError(9, "$jsonSchema type 'integer' is not currently supported.");
  throw new DatabaseError(2, `Unknown type name alias: ${name}`);
}

/** `bsonType` and `type`. */
export function typeCheck(keyword: 'bsonType' | 'type', value: Value): Check {
  const names = Array.isArray(value) ? value : [value];
  if (names.length === 0)
    throw new DatabaseError(9, `$jsonSchema keyword '${keyword}' must name at least one type`);
  const wanted = keyword === 'type' ? names.map(jsonType) : names;
  if (!wanted.every((each) => typeof each === 'string')) {
    throw new DatabaseError(
      14,
      `$jsonSchema keyword '${keyword}' must be either a string or an array of strings`,
    );
  }
  const matches = hasType([...wanted]);
  return (found) =>
    matches(found)
      ? null
      : () =>
          detail({
            operatorName: keyword,
            specifiedAs: new Map([[keyword, value]]),
            reason: 'type did not match',
            consideredValue: found,
            consideredType: typeName(found),
          });
}

/** `minimum` and `maximum`, with `exclusiveMinimum` and `exclusiveMaximum` beside them. */
export function limitCheck(keyword: 'minimum' | 'maximum', value: Value, schema: Doc): Check {
  if (!isNumber(value)) throw new DatabaseError(14, `$jsonSchema keyword '${keyword}' must be a number`);
  const exclusive = keyword === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum';
  const given = schema.get(exclusive);
  const isExclusive = given !== undefined && flagOf(exclusive, given);
  const sign = keyword === 'minimum' ? 1 : -1;
  const specifiedAs: Doc = new Map([[keyword, value]]);
  if (given !== undefined) specifiedAs.set(exclusive, given);
  return (found) => {
    if (!isNumber(found)) return null;
    const order = compareNumbers(found, value) * sign;
    const isWithin = isExclusive ? order > 0 : order >= 0;
    return isWithin ? null : unsatisfied(keyword, specifiedAs, 'comparison failed', found);
  };
}

/** `multipleOf`, exact for decimals. */
export function multipleCheck(value: Value): Check {
  if (!isNumber(value)) throw new DatabaseError(14, "$jsonSchema keyword 'multipleOf' must be a number");
  const divisor = exactOf(value);
  if (!divisor || divisor.coefficient <= 0n) {
    throw new DatabaseError(9, "$jsonSchema keyword 'multipleOf' must have a positive value");
  }
  const specifiedAs: Doc = new Map([['multipleOf', value]]);
  return (found) => {
    if (!isNumber(found)) return null;
    const number = exactOf(found);
    const least = number ? Math.min(number.exponent, divisor.exponent) : 0;
    const scaled = (each: typeof divisor) => each.coefficient * 10n ** BigInt(each.exponent - least);
    if (number && scaled(number) % scaled(divisor) === 0n) return null;
    return unsatisfied(
      'multipleOf',
      specifiedAs,
      'considered value is not a multiple of the specified value',
      found,
    );
  };
}

function textOf(value: Value): string | null {
  return value instanceof SymbolText ? value.text : typeof value === 'string' ? value : null;
}

/** `minLength` and `maxLength`, in code points. */
export function lengthCheck(keyword: 'minLength' | 'maxLength', value: Value): Check {
  const limit = countOf(keyword, value);
  const specifiedAs: Doc = new Map([[keyword, value]]);
  return (found) => {
    const text = textOf(found);
    if (text === null) return null;
    const length = [...text].length;
    const isWithin = keyword === 'minLength' ? length >= limit : length <= limit;
    return isWithin
      ? null
      : unsatisfied(keyword, specifiedAs, 'specified string length was not satisfied', found);
  };
}

/** `pattern`. */
export function patternCheck(value: Value): Check {
  if (typeof value !== 'string')
    throw new DatabaseError(14, "$jsonSchema keyword 'pattern' must be a string");
  const compiled = compileRegex(new Regex(value, ''));
  const specifiedAs: Doc = new Map([['pattern', value]]);
  return (found) => {
    const text = textOf(found);
    return text === null || compiled.test(text)
      ? null
      : unsatisfied('pattern', specifiedAs, 'regular expression did not match', found);
  };
}

/** `enum`. */
export function enumCheck(value: Value): Check {
  const values = listOf('enum', value);
  const specifiedAs: Doc = new Map([['enum', value]]);
  return (found) =>
    values.some((each) => equalValues(each, found))
      ? null
      : unsatisfied('enum', specifiedAs, 'value was not found in enum', found);
}
