// The model of array and object operators of expressions.
import { Int32 } from 'bson';
import { wholeNumber } from './filter-tests.ts';
import { compare, type Doc, doc, isDoc, ModelError, type Value } from './values.ts';

type Operator = (args: readonly Value[]) => Value;

function isNothing(value: Value): boolean {
  return value === undefined || value === null;
}

function array(value: Value): Value[] {
  if (!Array.isArray(value)) throw new ModelError(0, 'needs an array');
  return value;
}

function whole(value: Value): number {
  const found = wholeNumber(value);
  if (found === null) throw new ModelError(0, 'needs a whole number');
  return Number(found);
}

/** Null for nothing. */
function onArray(work: (list: Value[], rest: readonly Value[]) => Value): Operator {
  return ([first, ...rest]) => (isNothing(first) || rest.some(isNothing) ? null : work(array(first), rest));
}

function slice(list: Value[], rest: readonly Value[]): Value {
  const [first = 0, second] = rest.map(whole);
  if (second === undefined) return first >= 0 ? list.slice(0, first) : list.slice(first);
  if (second <= 0) throw new ModelError(0, 'needs a positive count');
  const start = first < 0 ? Math.max(list.length + first, 0) : first;
  return list.slice(start, start + second);
}

/** The fields of documents, later ones over earlier ones; nothing is passed over. */
export function mergeObjects(values: readonly Value[]): Doc {
  const out: Doc = new Map();
  for (const value of values) {
    if (isNothing(value)) continue;
    if (!isDoc(value)) throw new ModelError(0, '$mergeObjects requires object inputs');
    for (const [name, inner] of value) out.set(name, inner);
  }
  return out;
}

/** By name. */
export const ARRAY_OPERATORS: Readonly<Record<string, Operator>> = {
  $isArray: ([value]) => Array.isArray(value),
  $size: ([value]) => new Int32(array(value).length),
  $arrayElemAt: onArray((list, [at]) => list.at(whole(at))),
  $first: onArray((list) => list[0]),
  $last: onArray((list) => list.at(-1)),
  $slice: onArray(slice),
  $reverseArray: onArray((list) => list.toReversed()),
  $concatArrays: (args) => (args.some(isNothing) ? null : args.flatMap(array)),
  $in: ([value, list]) => array(list).some((one) => compare(one, value) === 0),
  $indexOfArray: ([list, value]) =>
    isNothing(list) ? null : new Int32(array(list).findIndex((one) => compare(one, value) === 0)),
  $mergeObjects: mergeObjects,
  $objectToArray: ([value]) => {
    if (isNothing(value)) return null;
    if (!isDoc(value)) throw new ModelError(0, '$objectToArray requires a document input');
    return [...value].map(([k, v]) => doc({ k, v }));
  },
};
