// Text that stands for a value in maps and sets: the same text exactly where two values compare as equal.
import { Decimal, Int32, isDoc, ObjectId, SymbolText, type Value } from '../bson/value.ts';
import { compareNumbers } from './compare.ts';
import { toDouble } from './decimal.ts';
import { effort } from './effort.ts';
import { partKey } from './key.ts';
import { keyText } from './text-order.ts';

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** A whole number every numeric type holds exactly; null for all others. */
function smallWhole(value: number | bigint | Decimal): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  if (typeof value === 'bigint') return value <= MAX_SAFE && value >= -MAX_SAFE ? Number(value) : null;
  const double = toDouble(value);
  return Number.isSafeInteger(double) && compareNumbers(value, double) === 0 ? double : null;
}

/** Each part says its length, so that no two lists of parts give one text. */
function joined(parts: Iterable<string>): string {
  let out = '';
  for (const part of parts) {
    effort();
    out += `${part.length}:${part}`;
  }
  return out;
}

function* partsOf(fields: Iterable<[string, Value]>): Generator<string> {
  for (const [name, value] of fields) {
    yield name;
    yield identityOf(value);
  }
}

function identityOfObject(value: object & Value): string {
  if (value instanceof ObjectId) return `o${value.bytes.toString('latin1')}`;
  if (value instanceof Date) return `d${value.getTime()}`;
  if (isDoc(value)) return `{${joined(partsOf(value))}`;
  if (Array.isArray(value)) return `[${joined(value.map(identityOf))}`;
  if (value instanceof SymbolText) return `"${keyText(value.text)}`;
  // Key bytes are as exact, but cost more to make. They begin with a bracket, which is none of the signs here.
  return partKey(value).toString('latin1');
}

/** The identity of a value; numbers of different types with one value share it, as text and symbols do,
 *  and strings of one class of the collation in force. */
export function identityOf(value: Value): string {
  if (typeof value === 'string') return `"${keyText(value)}`;
  if (value instanceof Int32) return `n${value.value}`;
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal) {
    const whole = smallWhole(value);
    return whole === null ? partKey(value).toString('latin1') : `n${whole}`;
  }
  if (value === null || typeof value === 'boolean') return String(value);
  return identityOfObject(value);
}
