// Making arrays of others: $concatArrays, $reverseArray, $range, $zip, $sortArray, $arrayToObject.

import { show } from '../../bson/show.ts';
import { type Doc, Int32, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { sortComparator, valueSort } from '../../query/sort.ts';
import { asNumber } from '../../value/arithmetic.ts';
import { compareValues } from '../../value/compare.ts';
import { checkElements, effort } from '../../value/effort.ts';
import { typeName } from '../../value/type-order.ts';
import { flagPart, partOf, partsOf } from '../named-operands.ts';
import {
  type Build,
  type Compile,
  type Expression,
  isNothing,
  type Maybe,
  type OperatorTable,
  strict,
} from '../scope.ts';
import { nameOf } from './arithmetic.ts';
import { int32Of } from './whole-operand.ts';

function concatArrays(values: readonly Maybe[]): Value {
  const out: Value[] = [];
  for (const value of values) {
    if (isNothing(value)) return null;
    if (!Array.isArray(value)) {
      throw new DatabaseError(28664, `$concatArrays only supports arrays, not ${typeName(value)}`);
    }
    checkElements('$concatArrays', out.length + value.length);
    for (const each of value) out.push(each);
  }
  return out;
}

function rangePart(value: Maybe, what: string, code: number): number {
  if (asNumber(value) === null) {
    throw new DatabaseError(
      code,
      `$range requires a numeric ${what} value, found value of type:${nameOf(value)}`,
    );
  }
  const number = int32Of(value);
  if (number !== null) return number;
  throw new DatabaseError(
    code + 1,
    `$range requires a ${what} value that can be represented as a 32-bit integer, found value: ${show(value)}`,
  );
}

function range([start, end, given]: readonly Maybe[]): Value {
  const from = rangePart(start, 'starting', 34443);
  const to = rangePart(end, 'ending', 34445);
  const step = given === undefined ? 1 : rangePart(given, 'step', 34447);
  if (step === 0) throw new DatabaseError(34449, '$range requires a non-zero step value');
  const length = Math.max(Math.ceil((to - from) / step), 0);
  checkElements('$range', length);
  return Array.from({ length }, (_, i) => {
    effort();
    return new Int32(from + i * step);
  });
}

interface Zip {
  readonly inputs: readonly Expression[];
  readonly defaults: readonly Expression[];
  readonly isLongest: boolean;
}

const ZIP = {
  required: ['inputs'],
  optional: ['defaults', 'useLongestLength'],
  codes: { object: 34460, unknown: 34464, missing: 34465 },
};

function expressions(source: Doc, part: string, compile: Compile, code: number): Expression[] {
  const value = source.get(part) ?? [];
  if (Array.isArray(value)) return value.map((each) => compile(each));
  throw new DatabaseError(code, `${part} must be an array of expressions, found ${typeName(value)}`);
}

function readZip(operand: Value, compile: Compile): Zip {
  const source = partsOf('$zip', operand, ZIP);
  const inputs = expressions(source, 'inputs', compile, 34461);
  const defaults = expressions(source, 'defaults', compile, 34462);
  const isLongest = flagPart(source, 'useLongestLength', 34463);
  if (inputs.length === 0) throw new DatabaseError(34465, '$zip requires at least one input array');
  if (defaults.length > 0 && !isLongest) {
    throw new DatabaseError(34466, 'cannot specify defaults unless useLongestLength is true');
  }
  if (defaults.length > 0 && defaults.length !== inputs.length) {
    throw new DatabaseError(34467, 'defaults and inputs must have the same length');
  }
  return { inputs, defaults, isLongest };
}

function zip(operand: Value, compile: Compile): Expression {
  const { inputs, defaults, isLongest } = readZip(operand, compile);
  return (root) => {
    const lists: Value[][] = [];
    for (const input of inputs) {
      const value = input(root);
      if (isNothing(value)) return null;
      if (!Array.isArray(value)) {
        throw new DatabaseError(34468, `$zip found a non-array expression in input: ${show(value)}`);
      }
      lists.push(value);
    }
    const lengths = lists.map((list) => list.length);
    const length = isLongest ? Math.max(...lengths) : Math.min(...lengths);
    checkElements('$zip', length * lists.length);
    return Array.from({ length }, (_, i) => {
      effort(lists.length);
      return lists.map((list, at) => (i < list.length ? list[i] : defaults[at]?.(root)) ?? null);
    });
  };
}

const SORT = {
  required: ['input', 'sortBy'],
  codes: { object: 2942500, unknown: 2942501, missing: { input: 2942502, sortBy: 2942503 } },
};

function orderBy(pattern: Value): (a: Value, b: Value) => number {
  if (isDoc(pattern)) return sortComparator(valueSort(pattern));
  const direction = asNumber(pattern);
  if (direction === 1 || direction === -1) {
    return (a, b) => direction * compareValues(a, b);
  }
  throw new DatabaseError(2942507, 'The $sort element value must be either 1 or -1');
}

function sortArray(operand: Value, compile: Compile): Expression {
  const source = partsOf('$sortArray', operand, SORT);
  const input = partOf(source, 'input', compile);
  const order = orderBy(source.get('sortBy') ?? null);
  return (root) => {
    const value = input(root);
    if (isNothing(value)) return null;
    if (Array.isArray(value)) {
      return value.toSorted((a, b) => {
        effort();
        return order(a, b);
      });
    }
    throw new DatabaseError(
      2942504,
      `The input argument to $sortArray must be an array, but was of type: ${typeName(value)}`,
    );
  };
}

type Pair = readonly [name: string, value: Value];

function pairOfArray(each: Value): Pair {
  if (!Array.isArray(each)) {
    throw new DatabaseError(
      40396,
      `$arrayToObject requires a consistent input format. Elements must all be arrays or all be objects. Array was detected, now found: ${typeName(each)}`,
    );
  }
  const [key, value] = each;
  if (each.length !== 2) {
    throw new DatabaseError(
      40397,
      `$arrayToObject requires an array of size 2 arrays,found array of size: ${each.length}`,
    );
  }
  if (typeof key === 'string') return [key, value ?? null];
  throw new DatabaseError(
    40395,
    `$arrayToObject requires an array of key-value pairs, where the key must be of type string. Found key type: ${nameOf(key)}`,
  );
}

function pairOfDoc(each: Value): Pair {
  if (!isDoc(each)) {
    throw new DatabaseError(
      40391,
      `$arrayToObject requires a consistent input format. Elements must all be arrays or all be objects. Object was detected, now found: ${typeName(each)}`,
    );
  }
  if (each.size !== 2) {
    throw new DatabaseError(
      40392,
      `$arrayToObject requires an object keys of 'k' and 'v'. Found incorrect number of keys:${each.size}`,
    );
  }
  const [key, value] = [each.get('k'), each.get('v')];
  if (key === undefined || value === undefined) {
    throw new DatabaseError(
      40393,
      `$arrayToObject requires an object with keys 'k' and 'v'. Missing either or both keys from: ${show(each)}`,
    );
  }
  if (typeof key === 'string') return [key, value];
  throw new DatabaseError(
    40394,
    `$arrayToObject requires an object with keys 'k' and 'v', where the value of 'k' must be of type string. Found type: ${typeName(key)}`,
  );
}

function arrayToObject([list]: readonly Maybe[]): Value {
  if (isNothing(list)) return null;
  if (!Array.isArray(list)) {
    throw new DatabaseError(40386, `$arrayToObject requires an array input, found: ${typeName(list)}`);
  }
  const [first] = list;
  if (first !== undefined && !Array.isArray(first) && !isDoc(first)) {
    throw new DatabaseError(40398, `Unrecognised input type format for $arrayToObject: ${typeName(first)}`);
  }
  const out: Doc = new Map();
  for (const each of list) {
    effort();
    const [name, value] = Array.isArray(first) ? pairOfArray(each) : pairOfDoc(each);
    if (name.includes('\0'))
      throw new DatabaseError(4940400, 'Key field cannot contain an embedded null byte');
    out.set(name, value);
  }
  return out;
}

/** Operators that make arrays, or documents of arrays. */
export const ARRAY_BUILDING: OperatorTable = new Map<string, Build>([
  strict('$concatArrays', null, concatArrays),
  strict('$reverseArray', 1, ([list]) => {
    if (isNothing(list)) return null;
    if (Array.isArray(list)) return list.toReversed();
    throw new DatabaseError(
      34435,
      `The argument to $reverseArray must be an array, but was of type: ${typeName(list)}`,
    );
  }),
  strict('$range', [2, 3], range),
  ['$zip', zip],
  ['$sortArray', sortArray],
  strict('$arrayToObject', 1, arrayToObject),
]);
