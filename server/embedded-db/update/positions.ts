// Turning `$`, `$[]` and `$[name]` in an update path into concrete element numbers.

import { show } from '../bson/show.ts';
import { type Doc, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { compileFilter, elementTest } from '../query/filter.ts';
import { getAt } from './target.ts';

/** Tests of `arrayFilters` by identifier. */
export type ArrayFilters = ReadonlyMap<string, (element: Value) => boolean>;

function identifierOf(filter: Doc): string {
  for (const [name, operand] of filter) {
    if (!name.startsWith('$')) return name.split('.')[0] as string;
    const first = Array.isArray(operand) ? operand[0] : undefined;
    if (isDoc(first)) return identifierOf(first);
  }
  throw new DatabaseError(9, 'Cannot use an expression without a top-level field name in arrayFilters');
}

/** Compiles `arrayFilters`.
 *  @throws 9 FailedToParse for a bad or repeated identifier */
export function compileArrayFilters(filters: readonly Value[]): ArrayFilters {
  const out = new Map<string, (element: Value) => boolean>();
  for (const filter of filters) {
    if (!isDoc(filter)) throw new DatabaseError(14, 'arrayFilters must be an array of documents');
    const name = identifierOf(filter);
    if (out.has(name)) {
      throw new DatabaseError(9, `Found multiple array filters with the same top-level field name ${name}`);
    }
    const test = compileFilter(filter);
    out.set(name, (element) => test(new Map([[name, element]])));
  }
  return out;
}

function clauses(filter: Doc): [string, Value][] {
  const out: [string, Value][] = [];
  for (const [name, operand] of filter) {
    if (name === '$and' && Array.isArray(operand)) {
      for (const each of operand) if (isDoc(each)) out.push(...clauses(each));
    } else if (!name.startsWith('$')) out.push([name, operand]);
  }
  return out;
}

function firstArray(source: Doc, path: readonly string[]): readonly string[] | null {
  for (let length = 1; length <= path.length; length++) {
    const prefix = path.slice(0, length);
    if (Array.isArray(getAt(source, prefix))) return prefix;
  }
  return null;
}

/** A copy of a document in which the array at `prefix` has only one element. */
function withOnly(source: Doc, prefix: readonly string[], element: Value): Doc {
  const [name, ...rest] = prefix as [string, ...string[]];
  const out = new Map(source);
  const inner = source.get(name);
  out.set(name, rest.length === 0 || !isDoc(inner) ? [element] : withOnly(inner, rest, element));
  return out;
}

function matchedIn(source: Doc, name: string, operand: Value, prefix: readonly string[]): number {
  const array = getAt(source, prefix) as Value[];
  const isWhole = isDoc(operand) && operand.has('$elemMatch') && prefix.join('.') === name;
  const test = isWhole ? elementTest(operand.get('$elemMatch') as Doc) : null;
  const filter = compileFilter(new Map([[name, operand]]));
  return array.findIndex((element) => (test ? test(element) : filter(withOnly(source, prefix, element))));
}

/** The number of the array element a filter matched, for `$`; null when it matched none. */
export function matchedElement(source: Doc, filter: Doc, arrayPath: readonly string[]): number | null {
  let fallback: number | null = null;
  for (const [name, operand] of clauses(filter)) {
    const prefix = firstArray(source, name.split('.'));
    if (!prefix) continue;
    const found = matchedIn(source, name, operand, prefix);
    if (found < 0) continue;
    if (prefix.join('.') === arrayPath.join('.')) return found;
    fallback ??= found;
  }
  return fallback;
}

/** What positional components are resolved against. */
export interface Positions {
  readonly filter: Doc;
  readonly arrayFilters: ArrayFilters;
}

function elementNumbers(
  root: Doc,
  prefix: readonly string[],
  component: string,
  positions: Positions,
): number[] {
  if (component === '$') {
    const found = matchedElement(root, positions.filter, prefix);
    if (found === null) {
      throw new DatabaseError(2, 'The positional operator did not find the match needed from the query.');
    }
    return [found];
  }
  const array = getAt(root, prefix);
  const name = prefix.join('.');
  if (array === undefined) {
    throw new DatabaseError(
      2,
      `The path '${name}' must exist in the document in order to apply array updates.`,
    );
  }
  if (!Array.isArray(array)) {
    throw new DatabaseError(
      2,
      `Cannot apply array updates to non-array element ${prefix.at(-1)}: ${show(array)}`,
    );
  }
  const identifier = component.slice(2, -1);
  if (identifier === '') return [...array.keys()];
  const test = positions.arrayFilters.get(identifier);
  if (!test)
    throw new DatabaseError(2, `No array filter found for identifier '${identifier}' in path '${name}'`);
  return [...array.keys()].filter((i) => test(array[i] as Value));
}

/** All concrete paths an update path stands for in one document. */
export function concretePaths(root: Doc, path: readonly string[], positions: Positions): string[][] {
  const at = path.findIndex((component) => component.startsWith('$'));
  if (at < 0) return [[...path]];
  const prefix = path.slice(0, at);
  const rest = path.slice(at + 1);
  const numbers = elementNumbers(root, prefix, path[at] as string, positions);
  return numbers.flatMap((number) => concretePaths(root, [...prefix, String(number), ...rest], positions));
}
