// $unwind: one document for each element of an array.
import { type Doc, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { PAUSE, type Stream } from '../store/row.ts';
import { truthy } from './truth.ts';

function getIn(source: Doc, path: readonly string[]): Value | undefined {
  let current: Value | undefined = source;
  for (const name of path) current = isDoc(current) ? current.get(name) : undefined;
  return current;
}

function setIn(source: Doc, path: readonly string[], value: Value | undefined): Doc {
  const [name, ...rest] = path as [string, ...string[]];
  const out: Doc = new Map(source);
  const inner = source.get(name);
  const next = rest.length === 0 ? value : setIn(isDoc(inner) ? inner : new Map(), rest, value);
  if (next === undefined) out.delete(name);
  else out.set(name, next);
  return out;
}

interface Unwind {
  readonly path: readonly string[];
  readonly keepsEmpty: boolean;
  readonly indexPath: readonly string[] | null;
}

function readUnwind(source: Value): Unwind {
  const text = isDoc(source) ? source.get('path') : source;
  if (typeof text !== 'string' || !text.startsWith('$')) {
    throw new DatabaseError(28818, `path option to $unwind stage should be prefixed with a '$'`);
  }
  const indexName = isDoc(source) ? source.get('includeArrayIndex') : undefined;
  return {
    path: text.slice(1).split('.'),
    keepsEmpty: isDoc(source) && truthy(source.get('preserveNullAndEmptyArrays')),
    indexPath: typeof indexName === 'string' ? indexName.split('.') : null,
  };
}

function* unwound(item: Doc, { path, keepsEmpty, indexPath }: Unwind): Generator<Doc> {
  const numbered = (out: Doc, index: bigint | null) => (indexPath ? setIn(out, indexPath, index) : out);
  const value = getIn(item, path);
  if (!Array.isArray(value)) {
    // A single value counts as an array of itself.
    if (keepsEmpty || (value !== undefined && value !== null)) yield numbered(item, null);
    return;
  }
  for (const [i, element] of value.entries()) yield numbered(setIn(item, path, element), BigInt(i));
  if (value.length === 0 && keepsEmpty) yield numbered(setIn(item, path, undefined), null);
}

/** Compiles `$unwind: '$path'` or its long form.
 *  @throws 28818 when the path has no `$` */
export function unwindStage(source: Value): (input: Stream<Doc>) => Stream<Doc> {
  const unwind = readUnwind(source);
  return function* (input) {
    for (const item of input) {
      if (item === PAUSE) yield PAUSE;
      else yield* unwound(item, unwind);
    }
  };
}
