// Order-preserving bytes: two values compare as their keys do, so one SQLite table serves every index.
import {
  Binary,
  Code,
  Decimal,
  type Doc,
  Int32,
  isDoc,
  ObjectId,
  Regex,
  SymbolText,
  Timestamp,
  type Value,
} from '../bson/value.ts';
import { align, type Exact, exactOf, exactOfDouble, type Numeric, toDouble } from './decimal.ts';
import { keyText } from './text-order.ts';
import { BRACKET, bracketOf } from './type-order.ts';

/** An index key part: a value, or `undefined` for the key of an empty array (sorts before null). */
export type KeyPart = Value | undefined;

const END = Buffer.from([0]);
const REST_NONE = Buffer.from([0x80]);

function byte(value: number): Buffer {
  return Buffer.from([value]);
}

/** Text ends with 0x00; a 0x00 inside becomes 0x00 0xff, which is above every part that may follow. */
function textKey(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  if (!bytes.includes(0)) return Buffer.concat([bytes, END]);
  const out: number[] = [];
  for (const each of bytes) out.push(...(each === 0 ? [0, 0xff] : [each]));
  return Buffer.from([...out, 0]);
}

function doubleKey(value: number): Buffer {
  const out = Buffer.alloc(8);
  // Adding zero turns -0 into 0: they are the same key.
  out.writeDoubleBE(value + 0);
  if ((out[0] as number) & 0x80) for (let i = 0; i < 8; i++) out[i] = ~(out[i] as number);
  else out[0] = (out[0] as number) | 0x80;
  return out;
}

function invert(bytes: Buffer): Buffer {
  for (let i = 0; i < bytes.length; i++) bytes[i] = ~(bytes[i] as number);
  return bytes;
}

/** What a double cannot hold of a number: sign, decimal magnitude, digits. */
function restKey(rest: Exact): Buffer {
  const negative = rest.coefficient < 0n;
  const digits = (negative ? -rest.coefficient : rest.coefficient).toString();
  const magnitude = Buffer.alloc(2);
  magnitude.writeUInt16BE(digits.length + rest.exponent + 0x4000);
  const body = Buffer.concat([magnitude, Buffer.from(digits.replace(/0+$/, ''), 'latin1'), END]);
  return Buffer.concat([byte(negative ? 0x7f : 0x81), negative ? invert(body) : body]);
}

function numberKey(value: Numeric): Buffer {
  if (value instanceof Decimal && value.kind === 'nan') return numberKey(Number.NaN);
  if (Number.isNaN(value)) return Buffer.concat([Buffer.alloc(8), REST_NONE]);
  if (typeof value === 'number' || value instanceof Int32) {
    return Buffer.concat([doubleKey(toDouble(value)), REST_NONE]);
  }
  const exact = exactOf(value);
  if (!exact) return Buffer.concat([doubleKey(toDouble(value)), REST_NONE]);
  const double = toDouble(value);
  const nearest = Math.min(Math.max(double, -Number.MAX_VALUE), Number.MAX_VALUE);
  // Beyond the doubles, and below the smallest of them, the value itself is the rest.
  const isItsOwnRest = nearest !== double || nearest === 0;
  const rest = isItsOwnRest ? exact : minus(exact, exactOfDouble(nearest));
  return Buffer.concat([doubleKey(nearest), rest.coefficient === 0n ? REST_NONE : restKey(rest)]);
}

function minus(a: Exact, b: Exact): Exact {
  const [left, right, exponent] = align(a, b);
  return { coefficient: left - right, exponent };
}

function bigKey(value: bigint, signed: boolean): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt.asUintN(64, signed ? value + (1n << 63n) : value));
  return out;
}

function binaryKey(value: Binary): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(value.bytes.length);
  head[4] = value.subtype;
  return Buffer.concat([head, value.bytes]);
}

function docKey(value: Doc): Buffer {
  const parts: Buffer[] = [];
  for (const [name, field] of value) parts.push(byte(bracketOf(field)), textKey(name), partKey(field));
  return Buffer.concat([...parts, END]);
}

function objectKey(value: object): Buffer {
  if (value instanceof ObjectId) return value.bytes;
  if (value instanceof Date) return bigKey(BigInt(value.getTime()), true);
  if (value instanceof Timestamp) return bigKey(value.bits, false);
  if (isDoc(value)) return docKey(value);
  if (Array.isArray(value)) return Buffer.concat([...value.map((each: Value) => partKey(each)), END]);
  if (value instanceof Binary) return binaryKey(value);
  if (value instanceof Regex) return Buffer.concat([textKey(value.source), textKey(value.options)]);
  if (value instanceof Code) {
    return Buffer.concat([textKey(value.source), value.scope ? docKey(value.scope) : END]);
  }
  return Buffer.alloc(0);
}

/** The key bytes of one value, beginning with its bracket; no key is a prefix of another. Strings give what the order
 *  in force makes of them. */
export function partKey(value: KeyPart): Buffer {
  if (value === undefined) return byte(BRACKET.undefined);
  const bracket = bracketOf(value);
  const head = byte(bracket);
  if (bracket === BRACKET.string) {
    const text = value instanceof SymbolText ? value.text : (value as string);
    return Buffer.concat([head, textKey(keyText(text))]);
  }
  if (bracket === BRACKET.number) return Buffer.concat([head, numberKey(value as Numeric)]);
  if (bracket === BRACKET.bool) return Buffer.from([bracket, value ? 1 : 0]);
  return value === null ? head : Buffer.concat([head, objectKey(value as object)]);
}

/** A compound key; descending fields are stored inverted so that one scan direction serves the index order. */
export function compoundKey(parts: readonly KeyPart[], directions: readonly (1 | -1)[]): Buffer {
  return Buffer.concat(
    parts.map((part, i) => (directions[i] === -1 ? invert(Buffer.from(partKey(part))) : partKey(part))),
  );
}

/** Inverts a bound for a descending field; always a new buffer. */
export function invertedKey(bytes: Buffer): Buffer {
  return invert(Buffer.from(bytes));
}

/** The smallest bytes above everything that starts with `prefix`; null when there is none. */
export function afterPrefix(prefix: Buffer): Buffer | null {
  for (let i = prefix.length - 1; i >= 0; i--) {
    if (prefix[i] !== 0xff) {
      const out = Buffer.from(prefix.subarray(0, i + 1));
      out[i] = (out[i] as number) + 1;
      return out;
    }
  }
  return null;
}
