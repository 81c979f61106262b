// Walking through BSON bytes: every length is checked, so that no input can read outside its document.
import { DatabaseError } from '../database-error.ts';
import { decimalFromBytes } from './decimal-bytes.ts';
import { nameText } from './names.ts';
import {
  Binary,
  Code,
  type Doc,
  FarDate,
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

/** What a Date may be away from 1970. */
const MAX_DATE_MS = 8.64e15;

/** Bytes by type number, -1 for types without a fixed size. */
const FIXED_SIZES = new Int8Array(256).fill(-1);
for (const [size, types] of [
  [0, [6, 10, 127, 255]],
  [1, [8]],
  [4, [16]],
  [8, [1, 9, 17, 18]],
  [12, [7]],
  [16, [19]],
] as const) {
  for (const type of types) FIXED_SIZES[type] = size;
}

function invalid(why: string): DatabaseError {
  return new DatabaseError(22, `Invalid BSON: ${why}`);
}

/** Reads documents; the position moves on with everything that is read or skipped. */
export class Reader {
  at: number;
  readonly #bytes: Buffer;
  /** Where the fields of the innermost open document end. */
  #end: number;
  #depth = 0;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
    this.#end = bytes.length;
  }

  /** Enters the document at this position; its fields follow while `hasMore` says so.
   *  @returns what `leave` wants */
  enter(): number {
    const outerEnd = this.#end;
    const last = this.at + this.#int32() - 1;
    if (last < this.at || last >= outerEnd || this.#bytes[last] !== 0)
      throw invalid('a document has a wrong size');
    if (++this.#depth > MAX_DEPTH) throw new DatabaseError(15, 'Document exceeds the maximum nesting depth');
    this.#end = last;
    return outerEnd;
  }

  /** True while the open document has another field: its type, its name, its value. */
  get hasMore(): boolean {
    return this.at < this.#end;
  }

  /** Leaves the document entered last. */
  leave(outerEnd: number): void {
    if (this.at !== this.#end) throw invalid('a document does not end where it says');
    this.at++;
    this.#end = outerEnd;
    this.#depth--;
  }

  /** The type number of the next field. */
  type(): number {
    return this.#bytes[this.at++] as number;
  }

  /** The name of a field, or the text of a regular expression. */
  name(): string {
    const bytes = this.#bytes;
    const start = this.at;
    let hash = 0;
    for (let i = start; i < this.#end; i++) {
      const byte = bytes[i] as number;
      if (byte === 0) {
        this.at = i + 1;
        return nameText(bytes, start, i, hash);
      }
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    throw invalid('a name has no end');
  }

  /** A value of the given type. */
  value(type: number): Value {
    switch (type) {
      case 1:
        return this.#bytes.readDoubleLE(this.#take(8));
      case 2:
        return this.#text();
      case 3:
        return this.document();
      case 4:
        return this.#array();
      case 7:
        return new ObjectId(this.#copy(12));
      case 8:
        return this.#bytes[this.#take(1)] !== 0;
      case 9:
        return this.#date();
      case 10:
        return null;
      case 16:
        return new Int32(this.#int32());
      case 18:
        return this.#bytes.readBigInt64LE(this.#take(8));
      default:
        return this.#rareValue(type);
    }
  }

  /** A whole document, from its size on. */
  document(): Doc {
    const outerEnd = this.enter();
    const out: Doc = new Map();
    while (this.hasMore) {
      const type = this.type();
      const name = this.name();
      out.set(name, this.value(type));
    }
    this.leave(outerEnd);
    return out;
  }

  /** Passes a value without looking inside: only its own length and end are checked. */
  skip(type: number): void {
    const size = FIXED_SIZES[type] as number;
    if (size >= 0) this.#take(size);
    else if (type === 2 || type === 13 || type === 14) this.#textEnd();
    else if (type === 3 || type === 4) this.#skipDocument();
    else this.value(type);
  }

  #skipDocument(): void {
    const outerEnd = this.enter();
    this.at = this.#end;
    this.leave(outerEnd);
  }

  #array(): Value[] {
    const outerEnd = this.enter();
    const out: Value[] = [];
    while (this.hasMore) {
      const type = this.type();
      // Elements are numbered by their place, whatever their names say.
      this.#skipName();
      out.push(this.value(type));
    }
    this.leave(outerEnd);
    return out;
  }

  #skipName(): void {
    const bytes = this.#bytes;
    for (let i = this.at; i < this.#end; i++) {
      if (bytes[i] === 0) {
        this.at = i + 1;
        return;
      }
    }
    throw invalid('a name has no end');
  }

  #take(length: number): number {
    const at = this.at;
    if (length < 0 || at + length > this.#end) throw invalid('a value reaches past the end of its document');
    this.at = at + length;
    return at;
  }

  #int32(): number {
    const at = this.#take(4);
    const bytes = this.#bytes;
    return (
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    );
  }

  /** Passes a text; the position is behind its terminator afterwards.
   *  @returns where it starts */
  #textEnd(): number {
    const length = this.#int32();
    if (length < 1) throw invalid('a string has no length');
    const start = this.#take(length);
    if (this.#bytes[this.at - 1] !== 0) throw invalid('a string is not terminated');
    return start;
  }

  #text(): string {
    const start = this.#textEnd();
    return this.#bytes.toString('utf8', start, this.at - 1);
  }

  /** Own bytes, so that a small value does not keep the whole message or row in memory. */
  #copy(length: number): Buffer {
    const at = this.#take(length);
    const out = Buffer.allocUnsafe(length);
    if (length > 16) this.#bytes.copy(out, 0, at, at + length);
    else for (let i = 0; i < length; i++) out[i] = this.#bytes[at + i] as number;
    return out;
  }

  #date(): Date {
    const low = this.#int32() >>> 0;
    const high = this.#int32();
    const ms = high * 4_294_967_296 + low;
    return Math.abs(ms) <= MAX_DATE_MS ? new Date(ms) : new FarDate((BigInt(high) << 32n) + BigInt(low));
  }

  #binary(): Binary {
    const length = this.#int32();
    const subtype = this.#bytes[this.#take(1)] as number;
    return new Binary(subtype, this.#copy(length));
  }

  #rareValue(type: number): Value {
    switch (type) {
      case 5:
        return this.#binary();
      // The deprecated "undefined" is read as null.
      case 6:
        return null;
      case 11:
        return new Regex(this.name(), this.name());
      case 13:
        return new Code(this.#text(), null);
      case 14:
        return new SymbolText(this.#text());
      case 15:
        this.#take(4);
        return new Code(this.#text(), this.document());
      case 17:
        return new Timestamp(this.#bytes.readBigUInt64LE(this.#take(8)));
      case 19:
        return decimalFromBytes(this.#copy(16));
      case 127:
        return new MaxKey();
      case 255:
        return new MinKey();
      default:
        throw invalid(`type ${type} is unknown`);
    }
  }
}
