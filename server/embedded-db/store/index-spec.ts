// An index as declared, and the keys it makes of a document.

import { truthy } from '../aggregate/truth.ts';
import { show } from '../bson/show.ts';
import { type Doc, Int32, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError, notSupported } from '../database-error.ts';
import { compileFilter, type Filter } from '../query/filter.ts';
import { keysOf } from '../query/key-path.ts';
import { asNumber } from '../value/arithmetic.ts';
import { type Collation, collationOption } from '../value/collation.ts';
import { equalValues } from '../value/compare.ts';
import { compoundKey, type KeyPart } from '../value/key.ts';
import { underOrder } from '../value/text-order.ts';

/** One field of an index. */
export interface IndexField {
  readonly name: string;
  readonly path: readonly string[];
  readonly direction: 1 | -1;
}

/** What an index is, apart from where it is stored. */
export interface IndexShape {
  readonly name: string;
  readonly fields: readonly IndexField[];
  /** The same as `fields`, for making keys. */
  readonly paths: readonly (readonly string[])[];
  readonly directions: readonly (1 | -1)[];
  readonly isUnique: boolean;
  readonly isSparse: boolean;
  readonly partial: { readonly source: Doc; readonly test: Filter } | null;
  /** Seconds a document lives after the indexed date; null for no limit. */
  readonly expireAfterSeconds: number | null;
  /** Null for the order of bytes. Keys of a collation may also be shared by strings that are not equal. */
  readonly collation: Collation | null;
  /** As listIndexes answers it. */
  readonly spec: Doc;
}

/** One key of one document. */
export interface IndexKey {
  readonly bytes: Buffer;
  readonly parts: readonly KeyPart[];
}

const OPTIONS: ReadonlySet<string> = new Set([
  ...[
    'v',
    'key',
    'name',
    'unique',
    'sparse',
    'partialFilterExpression',
    'expireAfterSeconds',
    'background',
    'ns',
    'collation',
  ],
]);

function direction(name: string, value: Value): 1 | -1 {
  if (typeof value === 'string') throw notSupported(`an index of type '${value}'`);
  const number = asNumber(value);
  if (number === null || number === 0 || Number.isNaN(number)) {
    throw new DatabaseError(
      67,
      `Values in v:2 index key pattern must be numbers other than 0: { ${name}: ${show(value)} }`,
    );
  }
  return number > 0 ? 1 : -1;
}

function fieldsOf(key: Doc): IndexField[] {
  if (key.size === 0) throw new DatabaseError(67, 'Index keys cannot be an empty object');
  return [...key].map(([name, value]) => {
    const path = name.split('.');
    if (path.includes('')) throw new DatabaseError(67, `Index keys cannot contain an empty field: ${name}`);
    if (path.some((part) => part.startsWith('$'))) {
      throw name === '$**'
        ? notSupported('a wildcard index')
        : new DatabaseError(
            67,
            `Index key contains an illegal field name: field name starts with '$': ${name}`,
          );
    }
    return { name, path, direction: direction(name, value) };
  });
}

function expiry(spec: Doc, fields: readonly IndexField[]): number | null {
  const value = spec.get('expireAfterSeconds');
  if (value === undefined) return null;
  const seconds = asNumber(value);
  if (seconds === null || seconds < 0 || seconds > 2147483647) {
    throw new DatabaseError(67, 'TTL index expireAfterSeconds must be a number of seconds within an int32');
  }
  if (fields.length > 1) {
    throw new DatabaseError(67, 'TTL indexes are single-field indexes, compound indexes do not support TTL');
  }
  return seconds;
}

function partialOf(spec: Doc, collation: Collation | null): IndexShape['partial'] {
  const source = spec.get('partialFilterExpression');
  if (source === undefined) return null;
  if (!isDoc(source)) throw new DatabaseError(14, 'partialFilterExpression must be an object');
  const test = compileFilter(source);
  if (!collation) return { source, test };
  // Compiled anew each time: an exact order remembers what it has met, which must not grow for ever.
  return { source, test: (item) => underOrder(collation.exactOrder(), () => compileFilter(source)(item)) };
}

function refuseOptions(spec: Doc): void {
  for (const [name, value] of spec) {
    const isOff = name === 'hidden' && !truthy(value);
    if (!OPTIONS.has(name) && !isOff) throw notSupported(`the index option '${name}'`);
  }
}

/** The spec as it is kept: only what is switched on. */
function keptSpec(spec: Doc, key: Doc, name: string, collation: Collation | null): Doc {
  const kept: Doc = new Map<string, Value>([
    ['v', new Int32(2)],
    ['key', key],
    ['name', name],
  ]);
  for (const option of ['unique', 'sparse']) if (truthy(spec.get(option))) kept.set(option, true);
  for (const option of ['partialFilterExpression', 'expireAfterSeconds']) {
    const value = spec.get(option);
    if (value !== undefined) kept.set(option, value);
  }
  if (collation) kept.set('collation', collation.spec);
  return kept;
}

/** Reads one entry of createIndexes.
 *  @param usual - the collation of the collection, taken when the entry names none
 *  @throws 67 CannotCreateIndex for a bad key, 115 for text, geo, hashed, wildcard and unknown options */
export function readIndexSpec(spec: Doc, usual: Collation | null = null): IndexShape {
  refuseOptions(spec);
  const key = spec.get('key');
  const name = spec.get('name');
  if (!isDoc(key))
    throw new DatabaseError(9, "The 'key' field is a required property of an index specification");
  if (typeof name !== 'string')
    throw new DatabaseError(9, "The 'name' field is a required property of an index specification");
  const fields = fieldsOf(key);
  const given = collationOption(spec.get('collation'));
  const collation = given === undefined ? usual : given;
  return {
    name,
    fields,
    paths: fields.map((field) => field.path),
    directions: fields.map((field) => field.direction),
    isUnique: truthy(spec.get('unique')) || (fields.length === 1 && fields[0]?.name === '_id'),
    isSparse: truthy(spec.get('sparse')),
    partial: partialOf(spec, collation),
    expireAfterSeconds: expiry(spec, fields),
    collation,
    spec: keptSpec(spec, key, name, collation),
  };
}

interface KeysOfDocument {
  readonly keys: IndexKey[];
  readonly arrays: number;
}

/** The keys of a document in an index, each once; [] when a sparse or partial index leaves it out.
 *  @throws 171 CannotIndexParallelArrays */
export function indexKeys(index: IndexShape, source: Doc): KeysOfDocument {
  // Whatever order the command has that is running: keys are made in that of the index.
  return underOrder(index.collation?.indexOrder ?? null, () => keysInOrder(index, source));
}

function keysInOrder(index: IndexShape, source: Doc): KeysOfDocument {
  if (index.partial && !index.partial.test(source)) return { keys: [], arrays: 0 };
  const found = keysOf(source, index.paths);
  if (index.isSparse && !found.hasAny) return { keys: [], arrays: 0 };
  const all = found.keys.map((parts) => ({ bytes: compoundKey(parts, index.directions), parts }));
  return { keys: all.length > 1 ? unequal(index, all) : all, arrays: found.arrays };
}

function unequal({ collation, directions }: IndexShape, keys: readonly IndexKey[]): IndexKey[] {
  // Strings that are not equal may share a key, and each of them has to be unique.
  const own = ({ bytes, parts }: IndexKey) =>
    collation ? underOrder(null, () => compoundKey(parts, directions)) : bytes;
  return [...new Map(keys.map((each) => [own(each).toString('latin1'), each])).values()];
}

function sameParts(a: readonly KeyPart[], b: readonly KeyPart[]): boolean {
  return a.every((part, i) => {
    const other = b[i];
    return part === undefined || other === undefined ? part === other : equalValues(part, other);
  });
}

/** True when a unique index takes two keys for the same. */
export function isSameKey(index: IndexShape, a: IndexKey, b: IndexKey): boolean {
  if (!a.bytes.equals(b.bytes)) return false;
  return !index.collation || underOrder(index.collation.exactOrder(), () => sameParts(a.parts, b.parts));
}

/** Error 11000 as the server words it; mongoose and applications read keyPattern and keyValue. */
export function duplicateKey(namespace: string, index: IndexShape, key: IndexKey): DatabaseError {
  const keyValue: Doc = new Map();
  index.fields.forEach((field, i) => {
    keyValue.set(field.name, key.parts[i] ?? null);
  });
  return new DatabaseError(
    11000,
    `E11000 duplicate key error collection: ${namespace} index: ${index.name} dup key: ${show(keyValue)}`,
    {
      fields: new Map([
        ['keyPattern', index.spec.get('key')],
        ['keyValue', keyValue],
      ]),
    },
  );
}
