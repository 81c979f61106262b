// Sort patterns: parsing, and comparing documents by the smallest or largest of their keys.

import { type Doc, isDoc, MinKey, type Value } from '../bson/value.ts';
import { DatabaseError, notSupported } from '../database-error.ts';
import { asNumber } from '../value/arithmetic.ts';
import { compareValues } from '../value/compare.ts';
import { sortKeysOf } from './key-path.ts';

/** One field of a sort pattern. */
export interface SortField {
  readonly name: string;
  readonly path: readonly string[];
  readonly direction: 1 | -1;
}

/** Reads `{ a: 1, 'b.c': -1 }`; [] for an empty pattern.
 *  @throws 15975 for a direction other than 1 and -1; 115 for `$meta` */
export function valueSort(pattern: Doc): SortField[] {
  return [...pattern].map(([name, value]) => {
    if (isDoc(value)) throw notSupported('$meta in sort');
    const direction = asNumber(value);
    if (direction !== 1 && direction !== -1) {
      throw new DatabaseError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    }
    return { name, path: name.split('.'), direction };
  });
}

function compareParts(a: Value | undefined, b: Value | undefined): number {
  // The key of an empty array stands before null, and behind MinKey only.
  if (a !== undefined && b !== undefined) return compareValues(a, b);
  if (a !== undefined) return a instanceof MinKey ? -1 : 1;
  return b === undefined ? 0 : -compareParts(b, a);
}

/** What a document is sorted by: the first of its keys in the order of the pattern, one value for each field.
 *  Arrays that several fields pass through are walked together, as in a compound index.
 *  @throws 2 BadValue when two fields meet different arrays */
export function sortKey(source: Doc, fields: readonly SortField[]): readonly (Value | undefined)[] {
  const keys = sortKeysOf(
    source,
    fields.map((field) => field.path),
  );
  let best = keys[0] ?? [];
  for (const key of keys) if (compareSortKeys(key, best, fields) < 0) best = key;
  return best;
}

/** Compares two lists of sort keys. */
export function compareSortKeys(
  a: readonly (Value | undefined)[],
  b: readonly (Value | undefined)[],
  fields: readonly SortField[],
): number {
  for (let i = 0; i < fields.length; i++) {
    const found = compareParts(a[i], b[i]) * (fields[i] as SortField).direction;
    if (found !== 0) return found;
  }
  return 0;
}

/** Compares array elements by a pattern, as `$push` sorts them: paths do not spread over arrays, an array is compared
 *  as a whole, and what a path does not reach is null. */
export function sortComparator(fields: readonly SortField[]): (a: Value, b: Value) => number {
  const keysOf = (value: Value) => fields.map((field) => plainValue(value, field.path));
  return (a, b) => compareSortKeys(keysOf(a), keysOf(b), fields);
}

function plainValue(value: Value, path: readonly string[]): Value {
  let current: Value | undefined = value;
  for (const name of path) {
    if (Array.isArray(current)) current = /^\d+$/.test(name) ? current[Number(name)] : undefined;
    else current = isDoc(current) ? current.get(name) : undefined;
  }
  return current ?? null;
}
