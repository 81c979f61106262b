// Expressions on arrays and documents.
import { type Doc, Int32, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { asNumber } from '../value/arithmetic.ts';
import { compareValues, equalValues } from '../value/compare.ts';
import type { Numeric } from '../value/decimal.ts';
import { isNumber, typeName } from '../value/type-order.ts';
import { divide, sum } from './number-expressions.ts';
import { type Compile, type Expression, isNothing, type OperatorTable, type Scope, strict } from './scope.ts';
import { truthy } from './truth.ts';

function array(name: string, value: Value | undefined, code: number): Value[] {
  if (Array.isArray(value)) return value;
  throw new DatabaseError(
    code,
    `The argument to ${name} must be an array, but was of type: ${value === undefined ? 'missing' : typeName(value)}`,
  );
}

function at(values: readonly Value[], index: number): Value | undefined {
  return values[index < 0 ? values.length + index : index];
}

interface Each {
  readonly input: Expression;
  readonly name: string;
  readonly inner: Expression;
}

function each(operator: string, operand: Value, compile: Compile, innerName: string): Each {
  if (!isDoc(operand)) throw new DatabaseError(28646, `${operator} only supports an object as its argument`);
  for (const part of ['input', innerName]) {
    if (!operand.has(part)) throw new DatabaseError(28648, `Missing '${part}' parameter to ${operator}`);
  }
  const name = operand.get('as') ?? 'this';
  if (typeof name !== 'string') throw new DatabaseError(16866, `${operator} needs a name in 'as'`);
  return {
    input: compile(operand.get('input') ?? null),
    name,
    inner: compile(operand.get(innerName) ?? null),
  };
}

function withVariable(scope: Scope, name: string, value: Value): Scope {
  return { root: scope.root, variables: new Map(scope.variables).set(name, value) };
}

function filter(operand: Value, compile: Compile): Expression {
  const { input, name, inner } = each('$filter', operand, compile, 'cond');
  return (scope) => {
    const values = input(scope);
    if (isNothing(values)) return null;
    return array('$filter', values, 28651).filter((value) => truthy(inner(withVariable(scope, name, value))));
  };
}

function map(operand: Value, compile: Compile): Expression {
  const { input, name, inner } = each('$map', operand, compile, 'in');
  return (scope) => {
    const values = input(scope);
    if (isNothing(values)) return null;
    return array('$map', values, 16883).map((value) => inner(withVariable(scope, name, value)) ?? null);
  };
}

/** `$sum` over a list; anything but numbers is left out. */
export function total(values: readonly (Value | undefined)[]): Numeric {
  return values.reduce<Numeric>(
    (result, value) => (isNumber(value) ? sum(result, value) : result),
    new Int32(0),
  );
}

/** `$avg` over a list; null when there is no number. */
export function average(values: readonly (Value | undefined)[]): Value {
  const numbers = values.filter(isNumber);
  return numbers.length === 0 ? null : divide(total(numbers), new Int32(numbers.length));
}

/** `$min` (-1) or `$max` (1) over a list without null and missing; null when nothing is left. */
export function extreme(values: readonly (Value | undefined)[], sign: 1 | -1): Value {
  let best: Value = null;
  for (const value of values) {
    if (!isNothing(value) && (best === null || compareValues(value, best) * sign > 0)) best = value;
  }
  return best;
}

/** With one operand that is an array, these work on its elements. */
function overList(name: string, apply: (values: (Value | undefined)[]) => Value) {
  return strict(name, null, (values) => {
    const [only] = values;
    return apply(values.length === 1 && Array.isArray(only) ? only : values);
  });
}

function mergeObjects(values: (Value | undefined)[]): Value {
  const out: Doc = new Map();
  for (const value of values.length === 1 && Array.isArray(values[0]) ? values[0] : values) {
    if (isNothing(value)) continue;
    if (!isDoc(value))
      throw new DatabaseError(
        40400,
        `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`,
      );
    for (const [name, field] of value) out.set(name, field);
  }
  return out;
}

function slice(values: (Value | undefined)[]): Value {
  const [list, second, third] = values;
  if (isNothing(list) || isNothing(second)) return null;
  const all = array('$slice', list, 28724);
  const first = asNumber(second) ?? 0;
  const limit = third === undefined ? null : asNumber(third);
  if (limit === null) return first < 0 ? all.slice(first) : all.slice(0, first);
  const start = first < 0 ? Math.max(all.length + first, 0) : first;
  return all.slice(start, start + limit);
}

function concatArrays(values: (Value | undefined)[]): Value {
  const out: Value[] = [];
  for (const value of values) {
    if (isNothing(value)) return null;
    out.push(...array('$concatArrays', value, 28664));
  }
  return out;
}

function element(name: string, pick: (values: readonly Value[], index: number) => Value | undefined) {
  return strict(name, name === '$arrayElemAt' ? 2 : 1, ([list, index]) => {
    if (isNothing(list) || (name === '$arrayElemAt' && isNothing(index))) return null;
    return pick(array(name, list, 28689), asNumber(index) ?? 0);
  });
}

/** Operators on arrays and documents. */
export const ARRAY_OPERATORS: OperatorTable = new Map([
  strict('$size', 1, ([list]) => new Int32(array('$size', list, 17124).length)),
  strict('$isArray', 1, ([value]) => Array.isArray(value)),
  strict('$in', 2, ([value, list]) =>
    array('$in', list, 40081).some((known) => value !== undefined && equalValues(known, value)),
  ),
  element('$arrayElemAt', at),
  element('$first', (values) => values[0]),
  element('$last', (values) => values.at(-1)),
  strict('$slice', null, slice),
  strict('$concatArrays', null, concatArrays),
  strict('$reverseArray', 1, ([list]) =>
    isNothing(list) ? null : array('$reverseArray', list, 34435).toReversed(),
  ),
  strict('$mergeObjects', null, mergeObjects),
  strict('$objectToArray', 1, ([value]) => {
    if (isNothing(value)) return null;
    if (!isDoc(value)) throw new DatabaseError(40390, '$objectToArray requires a document input');
    return [...value].map(
      ([k, v]) =>
        new Map<string, Value>([
          ['k', k],
          ['v', v],
        ]),
    );
  }),
  ['$filter', filter],
  ['$map', map],
  overList('$sum', total),
  overList('$avg', average),
  overList('$min', (values) => extreme(values, -1)),
  overList('$max', (values) => extreme(values, 1)),
]);
