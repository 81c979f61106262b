// One value converted to another type, as $convert does.
import { Binary, Decimal, Int32, ObjectId, Timestamp, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { exactOf, type Numeric, parseDecimal, toDecimal, toDouble } from '../value/decimal.ts';
import { roundExact } from '../value/decimal-rounding.ts';
import { isNumber, typeName } from '../value/type-order.ts';
import { binaryFromText, textFromBinary } from './binary-text.ts';
import { parseDate } from './date-text.ts';
import { plainText } from './expressions/text-of.ts';
import { truthy } from './truth.ts';

/** A conversion that is not possible; `onError` catches it.
 *  @returns 241 ConversionFailure */
export function conversionFailure(why: string): DatabaseError {
  return new DatabaseError(241, why);
}

const SUFFIX = 'in $convert with no onError value';

function unsupported(value: Value, target: string): DatabaseError {
  return conversionFailure(`Unsupported conversion from ${typeName(value)} to ${target} ${SUFFIX}`);
}

function failedToParse(text: string, why: string): DatabaseError {
  return conversionFailure(`Failed to parse number '${text}' ${SUFFIX}: ${why}`);
}

interface WholeType {
  readonly bits: 32 | 64;
  readonly make: (value: bigint) => Value;
}

const WHOLE: Readonly<Record<'int' | 'long', WholeType>> = {
  int: { bits: 32, make: (value) => new Int32(Number(value)) },
  long: { bits: 64, make: (value) => value },
};

function truncated(number: Numeric): bigint {
  const exact = exactOf(number);
  if (!exact) {
    const what = Number.isNaN(toDouble(number)) ? 'NaN' : 'infinity';
    throw conversionFailure(`Attempt to convert ${what} value to integer type ${SUFFIX}`);
  }
  const whole = roundExact(exact, 0, 'truncate');
  return whole.coefficient * 10n ** BigInt(whole.exponent);
}

function wholeFromText(text: string, { bits, make }: WholeType): Value {
  if (!/^[+-]?\d+$/.test(text)) {
    const why =
      text === ''
        ? 'Empty string'
        : /^[+-]?\d/.test(text)
          ? 'Did not consume whole string.'
          : `Bad digit "${text[0]}"`;
    throw failedToParse(text, why);
  }
  const value = BigInt(text.replace(/^\+/, ''));
  if (value !== BigInt.asIntN(bits, value)) throw failedToParse(text, 'Overflow');
  return make(value);
}

function toWhole(target: 'int' | 'long', value: Value): Value {
  const type = WHOLE[target];
  if (typeof value === 'boolean') return type.make(value ? 1n : 0n);
  if (typeof value === 'string') return wholeFromText(value, type);
  if (value instanceof Date && target === 'long') return BigInt(value.getTime());
  if (!isNumber(value)) throw unsupported(value, target);
  const whole = truncated(value);
  if (whole === BigInt.asIntN(type.bits, whole)) return type.make(whole);
  throw conversionFailure(`Conversion would overflow target type ${SUFFIX}: ${plainText(value)}`);
}

/** What the server reads as a number: digits, a point, an exponent, infinities, NaN; no space around it. */
const NUMBER_TEXT = /^[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|inf(?:inity)?|nan)$/i;

function doubleFromText(text: string): number {
  if (!NUMBER_TEXT.test(text)) throw failedToParse(text, 'Did not consume whole string.');
  if (/nan/i.test(text)) return Number.NaN;
  if (/inf/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw failedToParse(text, 'Out of range');
}

function toDoubleType(value: Value): Value {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return doubleFromText(value);
  if (value instanceof Date) return value.getTime();
  if (!isNumber(value)) throw unsupported(value, 'double');
  const out = toDouble(value);
  const isOverflow = value instanceof Decimal && value.kind === 'finite' && !Number.isFinite(out);
  if (isOverflow)
    throw conversionFailure(`Conversion would overflow target type ${SUFFIX}: ${plainText(value)}`);
  return out;
}

function toDecimalType(value: Value): Value {
  if (typeof value === 'boolean') return toDecimal(new Int32(value ? 1 : 0));
  if (typeof value === 'string') {
    if (!NUMBER_TEXT.test(value)) throw failedToParse(value, 'Failed to parse string to decimal');
    return parseDecimal(value);
  }
  if (value instanceof Date) return toDecimal(BigInt(value.getTime()));
  if (isNumber(value)) return toDecimal(value);
  throw unsupported(value, 'decimal');
}

function toDate(value: Value): Value {
  if (typeof value === 'string') return parseDate(value, null);
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return new Date(value.bytes.readUInt32BE(0) * 1000);
  if (value instanceof Timestamp) return new Date(Number(value.bits >> 32n) * 1000);
  if (value instanceof Int32 || !isNumber(value)) throw unsupported(value, 'date');
  const out = new Date(Number(truncated(value)));
  if (!Number.isNaN(out.getTime())) return out;
  throw conversionFailure(`Conversion would overflow target type ${SUFFIX}: ${plainText(value)}`);
}

function toObjectId(value: Value): Value {
  if (value instanceof ObjectId) return value;
  if (typeof value !== 'string') throw unsupported(value, 'objectId');
  if (value.length !== 24) {
    throw conversionFailure(
      `Failed to parse objectId '${value}' ${SUFFIX}: Invalid string length for parsing to OID, expected 24 but found ${value.length}`,
    );
  }
  if (/^[0-9a-f]{24}$/i.test(value)) return new ObjectId(Buffer.from(value, 'hex'));
  throw conversionFailure(
    `Failed to parse objectId '${value}' ${SUFFIX}: Invalid character found in hex string`,
  );
}

function toBool(value: Value): Value {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' || value instanceof Date || value instanceof ObjectId) return true;
  if (isNumber(value)) return truthy(value);
  throw unsupported(value, 'bool');
}

function toText(value: Value, format: string | null): Value {
  if (value instanceof Binary) return textFromBinary(value, format);
  const text = plainText(value);
  if (text === null) throw unsupported(value, 'string');
  return text;
}

function toBinary(value: Value, format: string | null): Value {
  if (value instanceof Binary) return value;
  if (typeof value === 'string') return binaryFromText(value, format);
  throw unsupported(value, 'binData');
}

/** The value as the named type; `format` is for text from and to bytes.
 *  @throws 241 ConversionFailure when there is no such conversion */
export function convertTo(target: string, value: Value, format: string | null): Value {
  switch (target) {
    case 'int':
    case 'long':
      return toWhole(target, value);
    case 'double':
      return toDoubleType(value);
    case 'decimal':
      return toDecimalType(value);
    case 'date':
      return toDate(value);
    case 'objectId':
      return toObjectId(value);
    case 'bool':
      return toBool(value);
    case 'string':
      return toText(value, format);
    case 'binData':
      return toBinary(value, format);
    default:
      throw unsupported(value, target);
  }
}
