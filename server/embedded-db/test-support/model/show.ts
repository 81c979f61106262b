// Model values to and from bytes and text: exact types, exact field order.
import { type BSONRegExp, deserialize, EJSON } from 'bson';
import { type Doc, isDoc, type Value } from './values.ts';

/** One line of text for a value: types told apart, fields in order. Undefined is `missing`. */
export function show(value: Value): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return `[${value.map(show).join(',')}]`;
  if (isDoc(value))
    return `{${[...value].map(([name, inner]) => `${JSON.stringify(name)}:${show(inner)}`).join(',')}}`;
  return EJSON.stringify(value, { relaxed: false });
}

/** The value of such a line, for cases kept as text. A name such as `0` must come first in its document. */
export function parse(text: string): Value {
  return toModel(EJSON.parse(text, { relaxed: false }));
}

function toModel(value: unknown): Value {
  if (Array.isArray(value)) return value.map(toModel);
  const plain =
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return plain ? new Map(Object.entries(value).map(([name, inner]) => [name, toModel(inner)])) : value;
}

/** A document from its bytes. */
export function decode(bytes: Buffer): Doc {
  return new Map(elements(bytes));
}

/** The elements of a document or array in order. */
function elements(bytes: Buffer): [string, Value][] {
  const out: [string, Value][] = [];
  let at = 4;
  while (bytes[at] !== 0 && at < bytes.length - 1) {
    const type = bytes.readUInt8(at);
    const nameEnd = bytes.indexOf(0, at + 1);
    const end = nameEnd + 1 + valueSize(bytes, type, nameEnd + 1);
    out.push([bytes.toString('utf8', at + 1, nameEnd), decodeValue(bytes, type, nameEnd + 1, end)]);
    at = end;
  }
  return out;
}

// Source: bsonspec.org.
const FIXED: Readonly<Record<number, number>> = {
  1: 8,
  7: 12,
  8: 1,
  9: 8,
  10: 0,
  16: 4,
  17: 8,
  18: 8,
  19: 16,
  127: 0,
  255: 0,
};

function valueSize(bytes: Buffer, type: number, at: number): number {
  const fixed = FIXED[type];
  if (fixed !== undefined) return fixed;
  const length = bytes.readInt32LE(at);
  if (type === 3 || type === 4) return length;
  if (type === 5) return length + 5;
  if (type === 2 || type === 13) return length + 4;
  if (type === 11) return bytes.indexOf(0, bytes.indexOf(0, at) + 1) + 1 - at;
  throw new Error(`unknown BSON type ${type}`);
}

const RAW = { promoteValues: false, promoteLongs: false, promoteBuffers: false, bsonRegExp: true };

function decodeValue(bytes: Buffer, type: number, start: number, end: number): Value {
  const inner = bytes.subarray(start, end);
  if (type === 3) return decode(inner);
  if (type === 4) return elements(inner).map(([, value]) => value);
  // A document of this one value, so that `bson` reads all other types.
  const one = Buffer.concat([Buffer.alloc(4), Buffer.from([type, 118, 0]), inner, Buffer.alloc(1)]);
  one.writeInt32LE(one.length, 0);
  return deserialize(one, RAW)['v'] as BSONRegExp | string;
}
