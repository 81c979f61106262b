// Values to BSON bytes, in one growing buffer.
import { DatabaseError } from '../database-error.ts';
import { checkBuffer } from '../value/effort.ts';
import { decimalToBytes } from './decimal-bytes.ts';
import { LazyDoc } from './lazy-doc.ts';
import {
  Binary,
  Code,
  Decimal,
  type Doc,
  FarDate,
  Int32,
  isDoc,
  MaxKey,
  MinKey,
  ObjectId,
  type Outgoing,
  RawDoc,
  Regex,
  SymbolText,
  Timestamp,
} from './value.ts';

/** Levels a document may have in messages, as on a server. */
const MAX_LEVELS = 200;
/** Levels it may have to be stored; no more are read. */
export const MAX_STORED_LEVELS = 180;

/** Where every document begins; what outgrows it gets a buffer of its own. */
const desk = Buffer.allocUnsafeSlow(64 * 1024);

class Writer {
  bytes = desk;
  at = 0;
  readonly mostLevels: number;
  #levels = 0;

  constructor(mostLevels: number) {
    this.mostLevels = mostLevels;
  }

  /** Opens a document or an array; its size is filled in by `close`. */
  open(): number {
    if (++this.#levels > this.mostLevels) {
      throw new DatabaseError(15, `Document exceeds maximum nesting depth of ${this.mostLevels}`);
    }
    return this.room(4);
  }

  close(start: number): void {
    this.#levels--;
    const at = this.room(1);
    this.bytes[at] = 0;
    this.bytes.writeInt32LE(this.at - start, start);
  }

  room(length: number): number {
    const at = this.at;
    if (at + length > this.bytes.length) {
      checkBuffer(at + length);
      const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, at + length));
      this.bytes.copy(grown, 0, 0, at);
      this.bytes = grown;
    }
    this.at = at + length;
    return at;
  }

  raw(bytes: Uint8Array): void {
    const at = this.room(bytes.length);
    this.bytes.set(bytes, at);
  }

  cString(text: string): void {
    const length = Buffer.byteLength(text);
    const at = this.room(length + 1);
    this.bytes.write(text, at, 'utf8');
    this.bytes[at + length] = 0;
  }

  string(text: string): void {
    const length = Buffer.byteLength(text);
    const at = this.room(length + 5);
    this.bytes.writeInt32LE(length + 1, at);
    this.bytes.write(text, at + 4, 'utf8');
    this.bytes[at + 4 + length] = 0;
  }

  int32(value: number): void {
    const at = this.room(4);
    this.bytes.writeInt32LE(value, at);
  }
}

function head(out: Writer, type: number, name: string): void {
  const at = out.room(1);
  out.bytes[at] = type;
  out.cString(name);
}

function writePrimitive(out: Writer, name: string, value: string | number | bigint | boolean): void {
  if (typeof value === 'string') {
    head(out, 2, name);
    out.string(value);
  } else if (typeof value === 'number') {
    head(out, 1, name);
    const at = out.room(8);
    out.bytes.writeDoubleLE(value, at);
  } else if (typeof value === 'bigint') {
    head(out, 18, name);
    const at = out.room(8);
    out.bytes.writeBigInt64LE(BigInt.asIntN(64, value), at);
  } else {
    head(out, 8, name);
    const at = out.room(1);
    out.bytes[at] = value ? 1 : 0;
  }
}

function writeBinary(out: Writer, name: string, value: Binary): void {
  head(out, 5, name);
  out.int32(value.bytes.length);
  const at = out.room(1);
  out.bytes[at] = value.subtype;
  out.raw(value.bytes);
}

function writeCode(out: Writer, name: string, value: Code): void {
  if (!value.scope) {
    head(out, 13, name);
    out.string(value.source);
    return;
  }
  head(out, 15, name);
  const start = out.room(4);
  out.string(value.source);
  writeDoc(out, value.scope.entries());
  out.bytes.writeInt32LE(out.at - start, start);
}

function writeDate(out: Writer, name: string, value: Date): void {
  head(out, 9, name);
  const at = out.room(8);
  const ms = value.getTime();
  if (Number.isNaN(ms)) throw new DatabaseError(2, 'the date is out of the range of dates');
  out.bytes.writeBigInt64LE(value instanceof FarDate ? value.ms : BigInt(ms), at);
}

function writeRareObject(out: Writer, name: string, value: object): void {
  if (value instanceof Regex) {
    head(out, 11, name);
    out.cString(value.source);
    out.cString(value.options);
  } else if (value instanceof Decimal) {
    head(out, 19, name);
    out.raw(decimalToBytes(value));
  } else if (value instanceof Timestamp) {
    head(out, 17, name);
    const at = out.room(8);
    out.bytes.writeBigUInt64LE(value.bits, at);
  } else if (value instanceof SymbolText) {
    head(out, 14, name);
    out.string(value.text);
  } else if (value instanceof Code) writeCode(out, name, value);
  else if (value instanceof MinKey) head(out, 255, name);
  else if (value instanceof MaxKey) head(out, 127, name);
  else throw new TypeError('not a BSON value');
}

function writeObject(out: Writer, name: string, value: object): void {
  if (value instanceof Int32) {
    head(out, 16, name);
    out.int32(value.value);
  } else if (isDoc(value)) {
    head(out, 3, name);
    writeNested(out, value);
  } else if (Array.isArray(value)) {
    head(out, 4, name);
    writeArray(out, value);
  } else if (value instanceof ObjectId) {
    head(out, 7, name);
    out.raw(value.bytes);
  } else if (value instanceof Date) writeDate(out, name, value);
  else if (value instanceof Binary) writeBinary(out, name, value);
  else if (value instanceof RawDoc) {
    head(out, 3, name);
    out.raw(value.bytes);
  } else writeRareObject(out, name, value);
}

function writeValue(out: Writer, name: string, value: Outgoing): void {
  if (value === null) head(out, 10, name);
  else if (typeof value === 'object') writeObject(out, name, value);
  else writePrimitive(out, name, value);
}

function writeArray(out: Writer, values: readonly Outgoing[]): void {
  const start = out.open();
  for (let i = 0; i < values.length; i++) writeValue(out, String(i), values[i] as Outgoing);
  out.close(start);
}

function writeDoc(out: Writer, entries: Iterable<[string, Outgoing]>): void {
  const start = out.open();
  for (const [name, value] of entries) writeValue(out, name, value);
  out.close(start);
}

function writeNested(out: Writer, value: Doc): void {
  // What is to be stored counts its levels, also those of documents that were stored before.
  const isCounted = out.mostLevels < MAX_LEVELS;
  const stored = value instanceof LazyDoc && !isCounted ? value.storedBytes : null;
  if (stored) out.raw(stored);
  else writeDoc(out, value.entries());
}

/** One document as bytes of exactly its size. A RawDoc inside is embedded as it is.
 *  @throws 15 Overflow for more levels; 13548 beyond 64 MB */
export function encodeDoc(source: ReadonlyMap<string, Outgoing>, mostLevels = MAX_LEVELS): Buffer {
  const stored = source instanceof LazyDoc ? source.storedBytes : null;
  if (stored) return stored;
  const out = new Writer(mostLevels);
  writeDoc(out, source.entries());
  const written = out.bytes.subarray(0, out.at);
  return out.bytes === desk ? Buffer.from(written) : written;
}

/** Bytes that are equal exactly when two values have the same type and content. */
export function valueBytes(value: Outgoing): Buffer {
  return encodeDoc(new Map([['', value]]));
}
