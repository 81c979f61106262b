// Where an update changes something: the part of a path that exists, and the part to make.
import { type Doc, isDoc, isIndex, ModelError, type Value } from './values.ts';

/** A place in a document: the names that exist, then those that do not. */
export interface Spot {
  readonly root: Doc;
  readonly taken: readonly string[];
  readonly missing: readonly string[];
}

/** The value at the end of existing names. */
export function valueAt(root: Doc, taken: readonly string[]): Value {
  return taken.reduce<Value>(child, root);
}

function child(owner: Value, name: string): Value {
  if (isDoc(owner)) return owner.get(name);
  return Array.isArray(owner) && isIndex(name) ? owner[Number(name)] : undefined;
}

/** One name further; what was missing may have been made in between. */
export function stepTo(spot: Spot, name: string): Spot {
  const path = [...spot.taken, ...spot.missing, name];
  const depth = path.findIndex((_, at) => valueAt(spot.root, path.slice(0, at + 1)) === undefined);
  const taken = depth < 0 ? path : path.slice(0, depth);
  return { root: spot.root, taken, missing: path.slice(taken.length) };
}

/** Puts a value in an existing place. */
export function setAt(spot: Spot, value: Value): void {
  const owner = valueAt(spot.root, spot.taken.slice(0, -1));
  const name = spot.taken.at(-1) ?? '';
  if (isDoc(owner)) owner.set(name, value);
  else (owner as Value[])[Number(name)] = value;
}

/** Takes an existing value away; an array keeps its length and gets null. Manual, "$unset". */
export function removeAt(spot: Spot): void {
  const owner = valueAt(spot.root, spot.taken.slice(0, -1));
  if (isDoc(owner)) owner.delete(spot.taken.at(-1) ?? '');
  else setAt(spot, null);
}

/** Makes the missing names; an array is filled up with null.
 *  @throws ModelError 28 when a scalar is in the way, or a name would be put into an array */
export function createAt(spot: Spot, value: Value): void {
  checkViable(spot);
  const [first = '', ...rest] = spot.missing;
  const made = rest.reduceRight<Value>((inner, name) => new Map([[name, inner]]), value);
  const owner = valueAt(spot.root, spot.taken);
  if (isDoc(owner)) {
    owner.set(first, made);
    return;
  }
  const array = owner as Value[];
  while (array.length < Number(first)) array.push(null);
  array.push(made);
}

/** @throws ModelError 28 when the missing names could not be made */
export function checkViable(spot: Spot): void {
  const owner = valueAt(spot.root, spot.taken);
  const fits = isDoc(owner) || (Array.isArray(owner) && isIndex(spot.missing[0] ?? ''));
  if (!fits) throw new ModelError(28, `Cannot create field '${spot.missing[0]}'`);
}
