// The model's values: BSON trees of the `bson` package's classes, documents as Maps so that field order is exact.
import { Binary, BSONRegExp, Code, ObjectId, serialize, Timestamp } from 'bson';
import { compareNumbers, isNumber, type Numeric } from './numbers.ts';

/** A document: fields in order. A JavaScript object would move names such as `0` to the front. */
export type Doc = Map<string, Value>;
/** Null, boolean, string, Date, an array, a Doc or a class of `bson`; never a plain JavaScript number. */
export type Value = unknown;

/** A Doc from a plain object. */
export function doc(fields: Record<string, Value>): Doc {
  return new Map(Object.entries(fields));
}

/** True for a Doc. */
export function isDoc(value: Value): value is Doc {
  return value instanceof Map;
}

/** True for a value made only of one regular expression. */
export function isRegex(value: Value): value is BSONRegExp {
  return value instanceof BSONRegExp;
}

const BY_TAG: Readonly<Record<string, string>> = {
  Int32: 'int',
  Long: 'long',
  Double: 'double',
  Decimal128: 'decimal',
  ObjectId: 'objectId',
  Binary: 'binData',
  Timestamp: 'timestamp',
  BSONRegExp: 'regex',
  Code: 'javascript',
  MinKey: 'minKey',
  MaxKey: 'maxKey',
};

/** The type as `$type` names it; `missing` for undefined. */
export function typeName(value: Value): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (value instanceof Date) return 'date';
  if (Array.isArray(value)) return 'array';
  if (isDoc(value)) return 'object';
  const name = BY_TAG[String((value as { _bsontype?: unknown })._bsontype)];
  if (name === undefined) throw new Error(`not a value of the model: ${String(value)}`);
  return name;
}

/** Numbers of `$type`. */
export const TYPE_NUMBERS: Readonly<Record<string, number>> = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  javascript: 13,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
};

// Manual, "Comparison/Sort Order". A missing value (and the key of an empty array) comes before null.
const RANKS: Readonly<Record<string, number>> = {
  minKey: -1,
  missing: 0,
  null: 5,
  int: 10,
  long: 10,
  double: 10,
  decimal: 10,
  string: 15,
  object: 20,
  array: 25,
  binData: 30,
  objectId: 35,
  bool: 40,
  date: 45,
  timestamp: 47,
  regex: 50,
  javascript: 60,
  maxKey: 127,
};

/** The place of a value's type in the order of all types; equal for types that are compared by value. */
export function rank(value: Value): number {
  return RANKS[typeName(value)] ?? Number.NaN;
}

/** The order of all values: negative, zero or positive. Missing (undefined) is below null. */
export function compare(left: Value, right: Value): number {
  const ranks = rank(left) - rank(right);
  if (ranks !== 0) return ranks;
  if (isNumber(left)) return compareNumbers(left, right as Numeric);
  if (isDoc(left)) return compareDocs(left, right as Doc);
  if (Array.isArray(left)) return compareArrays(left, right as Value[]);
  return compareScalars(left, right);
}

function compareScalars(left: Value, right: Value): number {
  if (typeof left === 'string') return Buffer.compare(Buffer.from(left), Buffer.from(right as string));
  if (typeof left === 'boolean') return Number(left) - Number(right);
  if (left instanceof Date) return left.getTime() - (right as Date).getTime();
  if (left instanceof ObjectId) return Buffer.compare(left.id, (right as ObjectId).id);
  if (left instanceof Timestamp) return compareTimestamps(left, right as Timestamp);
  if (left instanceof Binary) return compareBinary(left, right as Binary);
  if (left instanceof BSONRegExp) return compareRegexes(left, right as BSONRegExp);
  if (left instanceof Code) return compare(String(left.code), String((right as Code).code));
  return 0;
}

function compareTimestamps(left: Timestamp, right: Timestamp): number {
  return left.t - right.t || left.i - right.i;
}

/** Length, then subtype, then bytes. Manual, "Comparison/Sort Order", BinData. */
function compareBinary(left: Binary, right: Binary): number {
  return (
    left.length() - right.length() ||
    left.sub_type - right.sub_type ||
    Buffer.compare(left.value(), right.value())
  );
}

function compareRegexes(left: BSONRegExp, right: BSONRegExp): number {
  return compare(left.pattern, right.pattern) || compare(left.options, right.options);
}

/** Field by field: type, then name, then value; what ends first is less. Manual, "Comparison/Sort Order", Objects. */
function compareDocs(left: Doc, right: Doc): number {
  const theirs = [...right];
  let at = 0;
  for (const [name, value] of left) {
    const other = theirs[at++];
    if (other === undefined) return 1;
    const difference = rank(value) - rank(other[1]) || compare(name, other[0]) || compare(value, other[1]);
    if (difference !== 0) return difference;
  }
  return at < theirs.length ? -1 : 0;
}

function compareArrays(left: readonly Value[], right: readonly Value[]): number {
  for (let at = 0; at < left.length && at < right.length; at++) {
    const difference = compare(left[at], right[at]);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** The BSON bytes of a document. */
export function bytesOf(value: Doc): Buffer {
  return Buffer.from(serialize(value as unknown as Record<string, unknown>));
}

/** True when type and bytes are the same, which `compare` does not ask (1 and 1.0 compare equal). */
export function identical(left: Value, right: Value): boolean {
  if (left === undefined || right === undefined) return left === right;
  return bytesOf(doc({ v: left })).equals(bytesOf(doc({ v: right })));
}

/** A deep copy; scalars are shared, for nobody changes them. */
export function copy(value: Value): Value {
  if (Array.isArray(value)) return value.map(copy);
  if (isDoc(value)) return new Map([...value].map(([name, inner]) => [name, copy(inner)]));
  return value;
}

const NUMERIC = /^\d+$/;

/** True for a path component that can be an array index. */
export function isIndex(part: string): boolean {
  return NUMERIC.test(part);
}

/** A failure the model expects, with the server's code; `0` where the manual promises an error but no code. */
export class ModelError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
