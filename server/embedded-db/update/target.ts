// Walking a document along an update path: read, create, remove.

import { show } from '../bson/show.ts';
import { type Doc, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';

/** Padding an array with nulls further than this is refused, as by the server. */
const MAX_PADDING = 1_500_000;

const INDEX = /^(0|[1-9]\d*)$/;

/** A document or array that may hold the last component of a path. */
type Holder = Doc | Value[];

function read(holder: Holder, name: string): Value | undefined {
  if (isDoc(holder)) return holder.get(name);
  return INDEX.test(name) ? holder[Number(name)] : undefined;
}

function write(holder: Holder, name: string, value: Value): void {
  if (isDoc(holder)) {
    holder.set(name, value);
    return;
  }
  const index = Number(name);
  if (index - holder.length > MAX_PADDING)
    throw new DatabaseError(2, `can't backfill more than ${MAX_PADDING} elements`);
  while (holder.length < index) holder.push(null);
  holder[index] = value;
}

function notViable(name: string, parent: string, holder: Value): DatabaseError {
  return new DatabaseError(28, `Cannot create field '${name}' in element {${parent}: ${show(holder)}}`);
}

function holderAt(root: Doc, path: readonly string[]): Holder | undefined {
  let current: Value | undefined = root;
  for (const name of path.slice(0, -1)) {
    if (!isDoc(current) && !Array.isArray(current)) return undefined;
    current = read(current, name);
  }
  return isDoc(current) || Array.isArray(current) ? current : undefined;
}

/** The value at a concrete path, `undefined` when missing or unreachable. */
export function getAt(root: Doc, path: readonly string[]): Value | undefined {
  const holder = holderAt(root, path);
  return holder && read(holder, path.at(-1) as string);
}

/** Sets a value, creating documents on the way and padding arrays.
 *  @throws 28 PathNotViable when a scalar stands in the way */
export function setAt(root: Doc, path: readonly string[], value: Value): void {
  let holder: Holder = root;
  for (let i = 0; ; i++) {
    const name = path[i] as string;
    if (Array.isArray(holder) && !INDEX.test(name)) throw notViable(name, path[i - 1] as string, holder);
    if (i === path.length - 1) {
      write(holder, name, value);
      return;
    }
    let next = read(holder, name);
    if (next === undefined) {
      next = new Map();
      write(holder, name, next);
    }
    if (!isDoc(next) && !Array.isArray(next)) throw notViable(path[i + 1] as string, name, next);
    holder = next;
  }
}

/** @throws 28 PathNotViable when a scalar, or a name in an array, stands in the way of a path */
export function refuseUnviable(root: Doc, path: readonly string[]): void {
  let current: Value | undefined = root;
  for (const [i, name] of path.entries()) {
    if (current === undefined) return;
    const isHolder = isDoc(current) || (Array.isArray(current) && INDEX.test(name));
    if (!isHolder) {
      throw new DatabaseError(
        28,
        `Cannot use the part (${name}) of (${path.join('.')}) to traverse the element ({${path[i - 1]}: ${show(current)}})`,
      );
    }
    current = read(current as Holder, name);
  }
}

/** Removes a field; an array element becomes null. Nothing happens when the path is not there. */
export function unsetAt(root: Doc, path: readonly string[]): void {
  const holder = holderAt(root, path);
  const name = path.at(-1) as string;
  if (!holder || read(holder, name) === undefined) return;
  if (isDoc(holder)) holder.delete(name);
  else holder[Number(name)] = null;
}
