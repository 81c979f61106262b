// Values as text: for $toString, and the more lenient form of $toLower and its kind.
import { Code, Decimal, Int32, ObjectId, SymbolText, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { decimalText } from '../../value/decimal.ts';
import { typeName } from '../../value/type-order.ts';

/** A double as the server prints it: the shortest digits that read back the same, with an exponent below 1e-4 and
 *  from 1e16 on. */
function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits, power] = value.toExponential().split('e') as [string, string];
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 16) return String(value);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** Text of numbers, dates, ids, booleans and text; null for types without one. */
export function plainText(value: Value): string | null {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return doubleText(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return value === null ? null : objectText(value);
  }
}

function objectText(value: object): string | null {
  if (value instanceof Int32) return String(value.value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof ObjectId) return value.bytes.toString('hex');
  if (value instanceof Decimal) return decimalText(value);
  return value instanceof SymbolText ? value.text : null;
}

/** Text for `$toLower`, `$substr` and their kind: null and missing are ''.
 *  @throws 16007 for types without text */
export function coercedText(value: Value | undefined): string {
  if (value === undefined || value === null) return '';
  const isTextual = typeof value !== 'boolean' && !(value instanceof ObjectId);
  const text = value instanceof Code ? value.source : isTextual ? plainText(value) : null;
  if (text !== null) return text;
  throw new DatabaseError(16007, `can't convert from BSON type ${typeName(value)} to String`);
}
