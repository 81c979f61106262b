// The values a filter looks at: what a dotted path reaches in a document, arrays traversed on the way.
import { type Doc, isDoc, isIndex, type Value } from './values.ts';

/** All values of a path, in order; undefined stands for a missing one.
 *  @param whole - an array at the end is given as it is; otherwise its elements are given and then the array.
 *  Manual: "Query an Array", "Query an Array of Embedded Documents"; scalars inside an array on the way give nothing. */
export function matchValues(root: Doc, path: string, whole: boolean): readonly Value[] {
  return inDoc(root, path.split('.'), whole);
}

function inDoc(root: Doc, parts: readonly string[], whole: boolean): Value[] {
  const [name = '', ...rest] = parts;
  const value = root.get(name);
  if (rest.length === 0) return atEnd(value, whole);
  if (Array.isArray(value)) return inArray(value, rest, whole);
  return isDoc(value) ? inDoc(value, rest, whole) : [undefined];
}

function atEnd(value: Value, whole: boolean): Value[] {
  return Array.isArray(value) && !whole ? [...value, value] : [value];
}

/** The elements that are documents are looked into; a numeric name is also an index. */
function inArray(array: readonly Value[], parts: readonly string[], whole: boolean): Value[] {
  return array.flatMap((element, at) => [
    ...(isDoc(element) ? inDoc(element, parts, whole) : []),
    ...(isIndex(parts[0] ?? '') && parts[0] === String(at) ? atIndex(element, parts.slice(1), whole) : []),
  ]);
}

function atIndex(element: Value, rest: readonly string[], whole: boolean): Value[] {
  if (rest.length === 0) return [element];
  if (isDoc(element)) return inDoc(element, rest, whole);
  return Array.isArray(element) ? inArray(element, rest, whole) : [];
}
