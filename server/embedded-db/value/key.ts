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

/** Where every key is written, one after another; it grows when a key does not fit. */
let desk = Buffer.allocUnsafeSlow(4 * 1024);
let at = 0;

const END = 0;
const REST_NONE = 0x80;

function room(length: number): void {
  if (at + length <= desk.length) return;
  const grown = Buffer.allocUnsafeSlow(Math.max(desk.length * 2, at + length));
  desk.copy(grown, 0, 0, at);
  desk = grown;
}

function writeByte(value: number): void {
  room(1);
  desk[at++] = value;
}

function writeBytes(bytes: Uint8Array): void {
  room(bytes.length);
  desk.set(bytes, at);
  at += bytes.length;
}

/** Text ends with 0x00, so inside it 0x00 and 0x01 become 0x01 and the byte after them: no text is the beginning of
 *  another one's bytes, which would sort wrongly once inverted. */
function writeText(text: string): void {
  room(text.length * 3 + 1);
  const from = at;
  at += desk.write(text, at, 'utf8');
  if (text.includes('\0') || text.includes('\u0001')) escapeLowBytes(from);
  writeByte(END);
}

function escapeLowBytes(from: number): void {
  const raw = Buffer.from(desk.subarray(from, at));
  at = from;
  for (const each of raw) {
    if (each <= 1) writeByte(1);
    writeByte(each <= 1 ? each + 1 : each);
  }
}

function writeDouble(value: number): void {
  room(8);
  // Adding zero turns -0 into 0: they are the same key.
  desk.writeDoubleBE(value + 0, at);
  const first = desk[at] as number;
  if (first & 0x80) invertRange(at, at + 8);
  else desk[at] = first | 0x80;
  at += 8;
}

function invertRange(from: number, to: number): void {
  for (let i = from; i < to; i++) desk[i] = ~(desk[i] as number);
}

/** What a double cannot hold of a number: sign, decimal magnitude, digits. */
function writeRest(rest: Exact): void {
  const negative = rest.coefficient < 0n;
  const digits = (negative ? -rest.coefficient : rest.coefficient).toString();
  writeByte(negative ? 0x7f : 0x81);
  const from = at;
  room(digits.length + 3);
  at = desk.writeUInt16BE(digits.length + rest.exponent + 0x4000, at);
  at += desk.write(digits.replace(/0+$/, ''), at, 'latin1');
  writeByte(END);
  if (negative) invertRange(from, at);
}

function writeNumber(value: Numeric): void {
  const isNan = Number.isNaN(value) || (value instanceof Decimal && value.kind === 'nan');
  if (isNan) {
    room(8);
    desk.fill(0, at, at + 8);
    at += 8;
    writeByte(REST_NONE);
    return;
  }
  const exact = typeof value === 'number' || value instanceof Int32 ? null : exactOf(value);
  const double = toDouble(value);
  if (!exact) {
    writeDouble(double);
    writeByte(REST_NONE);
    return;
  }
  const nearest = Math.min(Math.max(double, -Number.MAX_VALUE), Number.MAX_VALUE);
  // Beyond the doubles, and below the smallest of them, the value itself is the rest.
  const isItsOwnRest = nearest !== double || nearest === 0;
  const rest = isItsOwnRest ? exact : minus(exact, exactOfDouble(nearest));
  writeDouble(nearest);
  if (rest.coefficient === 0n) writeByte(REST_NONE);
  else writeRest(rest);
}

function minus(a: Exact, b: Exact): Exact {
  const [left, right, exponent] = align(a, b);
  return { coefficient: left - right, exponent };
}

function writeBig(value: bigint, signed: boolean): void {
  room(8);
  at = desk.writeBigUInt64BE(BigInt.asUintN(64, signed ? value + (1n << 63n) : value), at);
}

function writeDate(value: Date): void {
  room(8);
  const ms = value.getTime();
  // 2^63 above the time, as two halves: the upper one carries the sign.
  const high = Math.floor(ms / 2 ** 32);
  desk.writeUInt32BE(high + 2 ** 31, at);
  desk.writeUInt32BE(ms - high * 2 ** 32, at + 4);
  at += 8;
}

function writeDoc(value: Doc): void {
  for (const [name, field] of value) {
    writeByte(bracketOf(field));
    writeText(name);
    writePart(field);
  }
  writeByte(END);
}

function writeObject(value: object): void {
  if (value instanceof ObjectId) writeBytes(value.bytes);
  else if (value instanceof Date) writeDate(value);
  else if (value instanceof Timestamp) writeBig(value.bits, false);
  else if (isDoc(value)) writeDoc(value);
  else if (Array.isArray(value)) {
    for (const each of value) writePart(each);
    writeByte(END);
  } else if (value instanceof Binary) {
    room(5);
    desk.writeUInt32BE(value.bytes.length, at);
    desk[at + 4] = value.subtype;
    at += 5;
    writeBytes(value.bytes);
  } else if (value instanceof Regex) {
    writeText(value.source);
    writeText(value.options);
  } else if (value instanceof Code) {
    writeText(value.source);
    if (value.scope) writeDoc(value.scope);
    else writeByte(END);
  }
}

function writePart(value: KeyPart): void {
  if (value === undefined) {
    writeByte(BRACKET.undefined);
    return;
  }
  const bracket = bracketOf(value);
  writeByte(bracket);
  if (bracket === BRACKET.string) {
    const text = value instanceof SymbolText ? value.text : (value as string);
    writeText(keyText(text));
  } else if (bracket === BRACKET.number) writeNumber(value as Numeric);
  else if (bracket === BRACKET.bool) writeByte(value ? 1 : 0);
  else if (value !== null) writeObject(value as object);
}

function taken(): Buffer {
  const out = Buffer.from(desk.subarray(0, at));
  at = 0;
  return out;
}

/** The key bytes of one value, beginning with its bracket; no key is a prefix of another. Strings give what the order
 *  in force makes of them. */
export function partKey(value: KeyPart): Buffer {
  at = 0;
  writePart(value);
  return taken();
}

/** A compound key; descending fields are stored inverted so that one scan direction serves the index order. */
export function compoundKey(parts: readonly KeyPart[], directions: readonly (1 | -1)[]): Buffer {
  at = 0;
  for (let i = 0; i < parts.length; i++) {
    const from = at;
    writePart(parts[i]);
    if (directions[i] === -1) invertRange(from, at);
  }
  return taken();
}

/** Inverts a bound for a descending field; always a new buffer. */
export function invertedKey(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((each) => ~each));
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
