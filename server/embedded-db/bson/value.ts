// The engine's own value model: every BSON type kept apart, documents as ordered maps.
import { randomBytes } from 'node:crypto';

/** An ordered document. A Map keeps the order of number-like names and has no `__proto__`. */
export type Doc = Map<string, Value>;

/** Any stored value. JS `number` is always a BSON double; `bigint` is always an int64. */
export type Value =
  | null
  | boolean
  | string
  | number
  | bigint
  | Int32
  | Decimal
  | Date
  | ObjectId
  | Binary
  | Regex
  | SymbolText
  | Code
  | Timestamp
  | MinKey
  | MaxKey
  | Value[]
  | Doc;

/** What a reply may hold: values, and documents that are already BSON bytes. */
export type Outgoing = Value | RawDoc | Outgoing[] | Map<string, Outgoing>;

/** A 32-bit integer, told apart from a double of the same size. */
export class Int32 {
  readonly value: number;
  constructor(value: number) {
    this.value = value | 0;
  }
}

/** A Decimal128: `coefficient * 10^exponent`, or a special value; `negative` also carries the sign of zero. */
export class Decimal {
  readonly kind: 'finite' | 'infinite' | 'nan';
  readonly negative: boolean;
  readonly coefficient: bigint;
  readonly exponent: number;
  constructor(kind: Decimal['kind'], negative: boolean, coefficient = 0n, exponent = 0) {
    this.kind = kind;
    this.negative = negative;
    this.coefficient = coefficient;
    this.exponent = exponent;
  }
}

/** Twelve bytes; compared bytewise. */
export class ObjectId {
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

/** Bytes with a BSON subtype (4 = UUID). */
export class Binary {
  readonly subtype: number;
  readonly bytes: Buffer;
  constructor(subtype: number, bytes: Buffer) {
    this.subtype = subtype;
    this.bytes = bytes;
  }
}

/** A regular expression as BSON text, not compiled. */
export class Regex {
  readonly source: string;
  readonly options: string;
  constructor(source: string, options: string) {
    this.source = source;
    this.options = options;
  }
}

/** The deprecated symbol type; sorts and compares as its text. */
export class SymbolText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** JavaScript kept as data; the engine never runs it. */
export class Code {
  readonly source: string;
  readonly scope: Doc | null;
  constructor(source: string, scope: Doc | null) {
    this.source = source;
    this.scope = scope;
  }
}

/** Server time: seconds in the upper, a counter in the lower 32 bits. */
export class Timestamp {
  readonly bits: bigint;
  constructor(bits: bigint) {
    this.bits = BigInt.asUintN(64, bits);
  }
}

/** Sorts before every other value. */
export class MinKey {
  readonly bsonType = 'minKey';
}

/** Sorts after every other value. */
export class MaxKey {
  readonly bsonType = 'maxKey';
}

/** The largest double below 2^63. */
const LAST_MS = 2 ** 63 - 1024;

/** A date beyond those JavaScript knows (275,000 years from 1970), kept as it was stored. */
export class FarDate extends Date {
  readonly ms: bigint;

  constructor(ms: bigint) {
    super(Number.NaN);
    this.ms = ms;
  }

  /** Nearly its milliseconds: keys and comparisons need no more. */
  override getTime(): number {
    return Math.min(Number(this.ms), LAST_MS);
  }
}

/** A document that is already encoded; replies embed it without decoding. */
export class RawDoc {
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

/** Short for a 32-bit integer in a reply. */
export function int(value: number): Int32 {
  return new Int32(value);
}

/** A document from an object literal; fields whose value is `undefined` are left out. */
export function doc(fields: Record<string, Value | undefined>): Doc {
  const out: Doc = new Map();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) out.set(name, value);
  return out;
}

/** True for a document (not an array). */
export function isDoc(value: unknown): value is Doc {
  return value instanceof Map;
}

const processBytes = randomBytes(5);
let counter = randomBytes(3).readUIntBE(0, 3);

/** A new ObjectId of this process: seconds, five random bytes, a counter. */
export function newObjectId(): ObjectId {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(Math.floor(Date.now() / 1000), 0);
  processBytes.copy(bytes, 4);
  counter = (counter + 1) & 0xffffff;
  bytes.writeUIntBE(counter, 9, 3);
  return new ObjectId(bytes);
}

/** A deep copy; scalar values are immutable and shared. */
export function cloneValue(value: Value): Value {
  if (Array.isArray(value)) return value.map(cloneValue);
  if (isDoc(value)) return cloneDoc(value);
  return value;
}

/** A deep copy of a document. */
export function cloneDoc(source: Doc): Doc {
  const out: Doc = new Map();
  for (const [name, value] of source) out.set(name, cloneValue(value));
  return out;
}
