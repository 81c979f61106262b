// Reading and writing one nested field of a document without changing the document given.
import { type Doc, isDoc, type Value } from '../bson/value.ts';
import type { Maybe } from './scope.ts';

/** The value at a path through documents only; arrays are not looked into. */
export function getNested(source: Doc, path: readonly string[]): Maybe {
  let current: Maybe = source;
  for (const name of path) current = isDoc(current) ? current.get(name) : undefined;
  return current;
}

/** A copy with a field set, or removed for `undefined`; whatever stands in the way is replaced by documents. */
export function withNested(source: Doc, path: readonly string[], value: Value | undefined): Doc {
  const [name, ...rest] = path as [string, ...string[]];
  const out: Doc = new Map(source);
  const inner = source.get(name);
  const next = rest.length === 0 ? value : withNested(isDoc(inner) ? inner : new Map(), rest, value);
  if (next === undefined) out.delete(name);
  else out.set(name, next);
  return out;
}
