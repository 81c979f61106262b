// BSON bytes to values, checking every length so that no input can read outside its document.
import { DatabaseError } from '../database-error.ts';
import { decimalFromBytes } from './decimal-bytes.ts';
import {
  Binary,
  Code,
  type Doc,
  Int32,
  MaxKey,
  MinKey,
  ObjectId,
  Regex,
  SymbolText,
  Timestamp,
  type Value,
} from './value.ts';

/** Deeper documents are refused, as by the server. */
const MAX_DEPTH = 180;

interface Cursor {
  readonly bytes: Buffer;
  at: number;
  end: number;
  depth: number;
}

function invalid(why: string): DatabaseError {
  return new DatabaseError(22, `Invalid BSON: ${why}`);
}

function take(cursor: Cursor, length: number): number {
  const at = cursor.at;
  if (length < 0 || at + length > cursor.end) throw invalid('a value reaches past the end of its document');
  cursor.at = at + length;
  return at;
}

function cString(cursor: Cursor): string {
  const end = cursor.bytes.indexOf(0, cursor.at);
  if (end < 0 || end >= cursor.end) throw invalid('a name has no end');
  const text = cursor.bytes.toString('utf8', cursor.at, end);
  cursor.at = end + 1;
  return text;
}

function text(cursor: Cursor): string {
  const length = cursor.bytes.readInt32LE(take(cursor, 4));
  if (length < 1) throw invalid('a string has no length');
  const at = take(cursor, length);
  if (cursor.bytes[at + length - 1] !== 0) throw invalid('a string is not terminated');
  return cursor.bytes.toString('utf8', at, at + length - 1);
}

function copy(cursor: Cursor, length: number): Buffer {
  const at = take(cursor, length);
  return Buffer.from(cursor.bytes.subarray(at, at + length));
}

function binary(cursor: Cursor): Binary {
  const length = cursor.bytes.readInt32LE(take(cursor, 4));
  const subtype = cursor.bytes.readUInt8(take(cursor, 1));
  return new Binary(subtype, copy(cursor, length));
}

function codeWithScope(cursor: Cursor): Code {
  take(cursor, 4);
  const source = text(cursor);
  return new Code(source, nested(cursor));
}

type Read = (cursor: Cursor) => Value;

const READERS: Readonly<Record<number, Read>> = {
  1: (c) => c.bytes.readDoubleLE(take(c, 8)),
  2: text,
  3: nested,
  4: (c) => [...nested(c).values()],
  5: binary,
  // The deprecated "undefined" is read as null.
  6: () => null,
  7: (c) => new ObjectId(copy(c, 12)),
  8: (c) => c.bytes.readUInt8(take(c, 1)) !== 0,
  9: (c) => new Date(Number(c.bytes.readBigInt64LE(take(c, 8)))),
  10: () => null,
  11: (c) => new Regex(cString(c), cString(c)),
  13: (c) => new Code(text(c), null),
  14: (c) => new SymbolText(text(c)),
  15: codeWithScope,
  16: (c) => new Int32(c.bytes.readInt32LE(take(c, 4))),
  17: (c) => new Timestamp(c.bytes.readBigUInt64LE(take(c, 8))),
  18: (c) => c.bytes.readBigInt64LE(take(c, 8)),
  19: (c) => decimalFromBytes(copy(c, 16)),
  127: () => new MaxKey(),
  255: () => new MinKey(),
};

function nested(cursor: Cursor): Doc {
  const start = cursor.at;
  const size = cursor.bytes.readInt32LE(take(cursor, 4));
  const end = start + size;
  if (size < 5 || end > cursor.end || cursor.bytes[end - 1] !== 0)
    throw invalid('a document has a wrong size');
  if (++cursor.depth > MAX_DEPTH) throw new DatabaseError(15, 'Document exceeds the maximum nesting depth');
  const outerEnd = cursor.end;
  cursor.end = end - 1;
  const out: Doc = new Map();
  while (cursor.at < end - 1) {
    const type = cursor.bytes[cursor.at++] as number;
    const name = cString(cursor);
    const read = READERS[type];
    if (!read) throw invalid(`type ${type} is unknown`);
    out.set(name, read(cursor));
  }
  if (cursor.at !== end - 1) throw invalid('a document does not end where it says');
  cursor.at = end;
  cursor.end = outerEnd;
  cursor.depth--;
  return out;
}

/** Reads one document starting at `at`.
 *  @throws 22 InvalidBSON on any malformed byte; 15 Overflow beyond 180 levels */
export function decodeDoc(bytes: Buffer, at = 0): Doc {
  return nested({ bytes, at, end: bytes.length, depth: 0 });
}

/** A Buffer over bytes handed out by SQLite, without a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
