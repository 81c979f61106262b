// How an index and a sort walk dotted paths: every array element gives a key, scalars in them a null key.

import { type Doc, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import type { KeyPart } from '../value/key.ts';

interface Reached {
  /** The array met on the way, or null when the path ended. */
  readonly array: readonly Value[] | null;
  readonly value: Value | undefined;
  /** Components not walked yet. */
  readonly rest: readonly string[];
}

const NUMERIC = /^(0|[1-9]\d*)$/;

function walk(start: Value | undefined, path: readonly string[]): Reached {
  let current = start;
  for (let at = 0; at < path.length; at++) {
    const name = path[at] as string;
    if (Array.isArray(current)) {
      if (!NUMERIC.test(name)) return { array: current, value: undefined, rest: path.slice(at) };
      current = current[Number(name)];
      // An array reached by a final number is one key, as a whole.
      if (at + 1 === path.length) return { array: null, value: current, rest: [] };
    } else current = isDoc(current) ? current.get(name) : undefined;
  }
  return Array.isArray(current)
    ? { array: current, value: current, rest: [] }
    : { array: null, value: current, rest: [] };
}

function parallel(): DatabaseError {
  return new DatabaseError(171, 'cannot index parallel arrays');
}

function fanOut(
  reached: readonly Reached[],
  array: readonly Value[],
  collect: (key: KeyPart[]) => void,
): void {
  if (reached.some((each) => each.array !== null && each.array !== array)) throw parallel();
  if (array.length === 0) {
    collect(
      reached.map((each) =>
        each.array ? (each.rest.length === 0 ? undefined : null) : (each.value ?? null),
      ),
    );
    return;
  }
  for (const element of array) {
    expand(
      reached.map((each) => (each.array ? walkElement(element, each.rest) : each)),
      collect,
    );
  }
}

function walkElement(element: Value, rest: readonly string[]): Reached {
  // A nested array at the end of a path is one key; only one level is unwound.
  if (rest.length === 0) return { array: null, value: element, rest };
  if (Array.isArray(element)) return { array: null, value: undefined, rest: [] };
  return walk(element, rest);
}

function expand(reached: readonly Reached[], collect: (key: KeyPart[]) => void): void {
  const array = reached.find((each) => each.array !== null)?.array;
  if (array) fanOut(reached, array, collect);
  else collect(reached.map((each) => each.value ?? null));
}

/** The bit of a field of an index; the last ones share one. */
export function fieldBit(at: number): number {
  return 1 << Math.min(at, 30);
}

/** What one document gives an index. */
export interface DocumentKeys {
  readonly keys: readonly (readonly KeyPart[])[];
  /** The paths that met an array, even one of a single element: a bit each, as `fieldBit` numbers them. */
  readonly arrays: number;
  /** True when at least one of the fields exists. */
  readonly hasAny: boolean;
}

/** All compound keys of a document for the given paths (duplicates possible).
 *  @throws 171 CannotIndexParallelArrays when two paths meet different arrays */
export function keysOf(source: Doc, paths: readonly (readonly string[])[]): DocumentKeys {
  const reached = paths.map((path) => walk(source, path));
  const keys: KeyPart[][] = [];
  expand(reached, (key) => keys.push(key));
  return {
    keys,
    arrays: reached.reduce((bits, each, at) => (each.array === null ? bits : bits | fieldBit(at)), 0),
    hasAny: reached.some((each) => each.array !== null || each.value !== undefined),
  };
}

/** All sort keys of a document: at least one, with `undefined` in the place of an empty array.
 *  @throws 2 BadValue when two paths meet different arrays */
export function sortKeysOf(source: Doc, paths: readonly (readonly string[])[]): KeyPart[][] {
  try {
    return keysOf(source, paths).keys as KeyPart[][];
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== 171) throw error;
    throw new DatabaseError(2, 'cannot sort with keys that are parallel arrays');
  }
}
