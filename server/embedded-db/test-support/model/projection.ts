// The model of projections: fields kept, dropped and computed, arrays walked through.
import { type Doc, isDoc, type Value } from './values.ts';

/** Names to go through; `true` at the end of a path. */
type Tree = Map<string, Tree | true>;

/** The tree of dotted paths. */
function treeOf(paths: readonly string[]): Tree {
  const tree: Tree = new Map();
  for (const path of paths) {
    const parts = path.split('.');
    let node = tree;
    for (const part of parts.slice(0, -1)) {
      const next = node.get(part);
      const into = next instanceof Map ? next : new Map();
      node.set(part, into);
      node = into;
    }
    node.set(parts.at(-1) ?? '', true);
  }
  return tree;
}

/** Only these paths, in the order of the document; scalars on the way are dropped, also from arrays. */
export function keep(root: Doc, paths: readonly string[]): Doc {
  return keepIn(root, treeOf(paths)) as Doc;
}

function keepIn(value: Value, tree: Tree): Value {
  if (Array.isArray(value))
    return value.map((element) => keepIn(element, tree)).filter((kept) => kept !== undefined);
  if (!isDoc(value)) return undefined;
  const out: Doc = new Map();
  for (const [name, inner] of value) {
    const node = tree.get(name);
    const kept = node === true ? inner : node === undefined ? undefined : keepIn(inner, node);
    if (kept !== undefined) out.set(name, kept);
  }
  return out;
}

/** Everything but these paths. */
export function drop(root: Doc, paths: readonly string[]): Doc {
  return dropIn(root, treeOf(paths)) as Doc;
}

function dropIn(value: Value, tree: Tree): Value {
  if (Array.isArray(value)) return value.map((element) => dropIn(element, tree));
  if (!isDoc(value)) return value;
  const out: Doc = new Map();
  for (const [name, inner] of value) {
    const node = tree.get(name);
    if (node !== true) out.set(name, node === undefined ? inner : dropIn(inner, node));
  }
  return out;
}

/** Puts a value at a path: into every document of an array on the way, and in place of scalars. Undefined removes. */
export function put(owner: Value, path: readonly string[], value: Value): Value {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (Array.isArray(owner)) return owner.map((element) => put(element, path, value));
  const out: Doc = isDoc(owner) ? new Map(owner) : new Map();
  const made = put(out.get(name), rest, value);
  if (made === undefined) out.delete(name);
  else out.set(name, made);
  return out;
}
