// How a filter walks a dotted path: arrays on the way are traversed, scalars in them are skipped.
import { type Doc, isDoc, type Value } from '../bson/value.ts';

/** Sees one value at the end of a path, `undefined` for a missing one; true stops the walk. */
export type Visit = (value: Value | undefined) => boolean;

/** What to do with an array at the end of a path: look at its elements and itself, or only at itself. */
export type Leaf = 'elements' | 'whole';

interface Walk {
  readonly path: readonly string[];
  readonly leaf: Leaf;
  readonly visit: Visit;
}

/** A field of a document, or an element of an array addressed by its number. */
function child(holder: Doc | readonly Value[], name: string): Value | undefined {
  if (isDoc(holder)) return holder.get(name);
  return /^(0|[1-9]\d*)$/.test(name) ? holder[Number(name)] : undefined;
}

function leafArray(walk: Walk, array: readonly Value[]): boolean {
  if (walk.leaf === 'elements' && array.some((element) => walk.visit(element))) return true;
  return walk.visit(array as Value[]);
}

function element(walk: Walk, value: Value, isIndexed: boolean, at: number): boolean {
  if (isDoc(value) && step(walk, value, at)) return true;
  if (!isIndexed) return false;
  if (at + 1 === walk.path.length) return walk.visit(value);
  // An explicit number may step into a nested array or document, by the rest of the path.
  if (Array.isArray(value)) return insideArray(walk, value, at + 1);
  return isDoc(value) && step(walk, value, at + 1);
}

function insideArray(walk: Walk, array: readonly Value[], at: number): boolean {
  if (at === walk.path.length) return leafArray(walk, array);
  const next = walk.path[at];
  return array.some((value, i) => element(walk, value, String(i) === next, at));
}

function step(walk: Walk, holder: Doc | readonly Value[], from: number): boolean {
  let current: Value | undefined = child(holder, walk.path[from] as string);
  let at = from + 1;
  while (at < walk.path.length && isDoc(current)) current = current.get(walk.path[at++] as string);
  if (Array.isArray(current)) return insideArray(walk, current, at);
  return walk.visit(at === walk.path.length ? current : undefined);
}

/** Shows every value a filter on `path` compares with; true as soon as `visit` says so. */
export function someAtPath(source: Doc, path: readonly string[], leaf: Leaf, visit: Visit): boolean {
  return step({ path, leaf, visit }, source, 0);
}

/** The same for an array taken as a holder of numbered fields (elements of `$elemMatch`). */
export function someInHolder(
  holder: Doc | readonly Value[],
  path: readonly string[],
  leaf: Leaf,
  visit: Visit,
) {
  return step({ path, leaf, visit }, holder, 0);
}
