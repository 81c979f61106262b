// $sum, $avg, $min, $max and their kind over the elements of a list.

import { show } from '../../bson/show.ts';
import { type Doc, Int32, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { asNumber } from '../../value/arithmetic.ts';
import { compareValues } from '../../value/compare.ts';
import { NumberSum } from '../../value/number-sum.ts';
import { isNumber, typeName } from '../../value/type-order.ts';
import { Deviation } from '../deviation.ts';
import { partOf, partsOf } from '../named-operands.ts';
import { type Build, isNothing, type Maybe, type OperatorTable, strict } from '../scope.ts';
import { divide } from './arithmetic.ts';

function sumOf(values: readonly Maybe[]): NumberSum {
  const total = new NumberSum();
  for (const value of values) if (isNumber(value)) total.add(value);
  return total;
}

function average(values: readonly Maybe[]): Value {
  const numbers = values.filter(isNumber);
  return numbers.length === 0 ? null : divide(sumOf(numbers).dividend(), new Int32(numbers.length));
}

function extreme(values: readonly Maybe[], sign: 1 | -1): Value {
  let best: Value = null;
  for (const value of values) {
    if (!isNothing(value) && (best === null || compareValues(value, best) * sign > 0)) best = value;
  }
  return best;
}

function deviation(values: readonly Maybe[], isSample: boolean): Value {
  const found = new Deviation();
  for (const value of values) if (isNumber(value)) found.add(value);
  return found.result(isSample);
}

/** With one operand that is an array, these work on its elements. */
function overList(name: string, apply: (values: readonly Maybe[]) => Value): [string, Build] {
  return strict(name, null, (values) => {
    const [only] = values;
    return apply(values.length === 1 && Array.isArray(only) ? only : values);
  });
}

/** The `n` of `$firstN` and its kind, as a positive whole number.
 *  @throws 5787902, 5787903, 5787908 */
export function countN(value: Maybe): number {
  const number = asNumber(value);
  if (number === null) {
    throw new DatabaseError(5787902, `Value for 'n' must be of integral type, but found ${show(value)}`);
  }
  if (!Number.isSafeInteger(number)) {
    throw new DatabaseError(5787903, `Value for 'n' must be of integral type, but found ${show(value)}`);
  }
  if (number > 0) return number;
  throw new DatabaseError(5787908, `'n' must be greater than 0, found ${number}`);
}

/** `{ n, input }` of `$firstN` and its kind. */
export function partsOfN(name: string, operand: Value): Doc {
  if (!isDoc(operand)) {
    throw new DatabaseError(5787801, `specification must be an object; found ${name}: ${show(operand)}`);
  }
  return partsOf(name, operand, {
    required: ['n', 'input'],
    codes: { object: 5787801, unknown: 5787901, missing: { n: 5787906, input: 5787907 } },
  });
}

/** The first `n` in the order of a direction, without null and missing. */
export function extremes(values: readonly Maybe[], n: number, sign: 1 | -1): Value[] {
  const known = values.filter((value): value is Value => !isNothing(value));
  return known.sort((a, b) => -sign * compareValues(a, b)).slice(0, n);
}

function someOf(name: string, pick: (values: Value[], n: number) => Value[]): [string, Build] {
  const build: Build = (operand, compile) => {
    const source = partsOfN(name, operand);
    const [count, input] = [partOf(source, 'n', compile), partOf(source, 'input', compile)];
    return (root) => {
      const n = countN(count(root));
      const values = input(root);
      if (isNothing(values)) return null;
      if (Array.isArray(values)) return pick(values, n);
      throw new DatabaseError(5788200, `Input must be an array, found ${typeName(values)}`);
    };
  };
  return [name, build];
}

/** Operators over the values of a list. */
export const LIST_STATISTICS: OperatorTable = new Map<string, Build>([
  overList('$sum', (values) => sumOf(values).result()),
  overList('$avg', average),
  overList('$min', (values) => extreme(values, -1)),
  overList('$max', (values) => extreme(values, 1)),
  overList('$stdDevPop', (values) => deviation(values, false)),
  overList('$stdDevSamp', (values) => deviation(values, true)),
  someOf('$firstN', (values, n) => values.slice(0, n)),
  someOf('$lastN', (values, n) => values.slice(-n)),
  someOf('$minN', (values, n) => extremes(values, n, -1)),
  someOf('$maxN', (values, n) => extremes(values, n, 1)),
]);
