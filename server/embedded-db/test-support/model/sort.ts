// The model of sorting: the sort keys of a document, arrays giving one for each element.
import { compare, type Doc, isDoc, ModelError, type Value } from './values.ts';

/** Paths with 1 or -1, first to last. */
export type SortPattern = readonly (readonly [string, 1 | -1])[];

/** Sorts by a pattern, not changing the list; equal documents keep their order.
 *  Manual, "Comparison/Sort Order", Arrays: ascending the least element decides, descending the greatest; an empty
 *  array comes before null, and null and a missing field are equal.
 *  @throws ModelError 2 for arrays in two paths that do not share them */
export function sortDocs(docs: readonly Doc[], pattern: SortPattern): Doc[] {
  const keyed = docs.map((root) => ({ root, key: sortKey(root, pattern) }));
  keyed.sort((left, right) => compareKeys(left.key, right.key, pattern));
  return keyed.map(({ root }) => root);
}

function compareKeys(left: readonly Value[], right: readonly Value[], pattern: SortPattern): number {
  for (const [at, [, direction]] of pattern.entries()) {
    const difference = compare(left[at], right[at]);
    if (difference !== 0) return difference * direction;
  }
  return 0;
}

/** The first of a document's keys in the order of the pattern. */
function sortKey(root: Doc, pattern: SortPattern): readonly Value[] {
  const columns = pattern.map(([path]) => ({ at: root, rest: path.split('.'), done: false }));
  return allKeys(columns).reduce((least, key) => (compareKeys(key, least, pattern) < 0 ? key : least));
}

/** One path on its way: what it has reached, and the names still to go. When `done`, `at` is the key. */
interface Column {
  readonly at: Value;
  readonly rest: readonly string[];
  readonly done: boolean;
}

/** Every combination of keys: columns that stand at the same array step through it together. */
function allKeys(columns: readonly Column[]): Value[][] {
  const walked = columns.map(walk);
  const open = walked.filter((column) => !column.done);
  const array = open[0]?.at as Value[] | undefined;
  if (array === undefined) return [walked.map((column) => column.at)];
  if (open.some((column) => column.at !== array)) {
    throw new ModelError(2, 'cannot sort with keys that are parallel arrays');
  }
  const elements = array.length === 0 ? [undefined] : array;
  return elements.flatMap((element) =>
    allKeys(walked.map((column) => (column.done ? column : into(column, element)))),
  );
}

function settled(at: Value): Column {
  return { at, rest: [], done: true };
}

/** A step into one element: it is the key when the path ends here, else it must be a document to go on. */
function into(column: Column, element: Value): Column {
  if (column.rest.length === 0) return settled(element);
  return isDoc(element) ? { ...column, at: element } : settled(null);
}

/** Goes on through documents: until an array, which leaves the column open, or to its key. */
function walk(column: Column): Column {
  if (column.done) return column;
  let { at, rest } = column;
  while (rest.length > 0 && isDoc(at)) {
    at = at.get(rest[0] ?? '');
    rest = rest.slice(1);
  }
  if (Array.isArray(at)) return { at, rest, done: false };
  return settled(rest.length > 0 || at === undefined ? null : at);
}
