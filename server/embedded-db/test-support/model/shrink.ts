// Makes a failing case small: throws parts away as long as it still fails.
import { Int32 } from 'bson';
import { type Doc, isDoc, type Value } from './values.ts';

/** The smallest failing variant found; every step is tried on `fails`, which must not throw. */
export async function shrink(
  start: Doc,
  fails: (candidate: Doc) => Promise<boolean>,
  tries = 400,
): Promise<Doc> {
  let best = start;
  let left = tries;
  for (;;) {
    let found: Doc | undefined;
    for (const candidate of smaller(best)) {
      if (left-- <= 0) return best;
      if (!(await fails(candidate as Doc))) continue;
      found = candidate as Doc;
      break;
    }
    if (found === undefined) return best;
    best = found;
  }
}

/** Variants with one part less, or one part simpler; big parts first. */
function* smaller(value: Value): Generator<Value> {
  if (Array.isArray(value)) yield* smallerArrays(value);
  else if (isDoc(value)) yield* smallerDocs(value);
  else if (typeof value === 'object' && value !== null && !(value instanceof Int32)) yield new Int32(1);
}

function* smallerArrays(value: readonly Value[]): Generator<Value> {
  if (value.length > 3) {
    yield value.slice(0, value.length >> 1);
    yield value.slice(value.length >> 1);
  }
  for (const at of value.keys()) yield value.toSpliced(at, 1);
  for (const [at, inner] of value.entries()) for (const less of smaller(inner)) yield value.with(at, less);
}

function* smallerDocs(value: Doc): Generator<Value> {
  for (const name of value.keys()) {
    if (name === '_id') continue;
    const out = new Map(value);
    out.delete(name);
    yield out;
  }
  for (const [name, inner] of value) {
    if (name !== '_id') for (const less of smaller(inner)) yield new Map(value).set(name, less);
  }
}
