// Reading from arrays: elements, slices, places, sizes.
import { Int32, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { compareValues } from '../../value/compare.ts';
import { isNothing, type Maybe, type OperatorTable, strict } from '../scope.ts';
import { nameOf } from './arithmetic.ts';
import { int32Operand, placeOperand } from './whole-operand.ts';

function elementAt([list, place]: readonly Maybe[]): Maybe {
  if (isNothing(list) || isNothing(place)) return null;
  if (!Array.isArray(list)) {
    throw new DatabaseError(28689, `$arrayElemAt's first argument must be an array, but is ${nameOf(list)}`);
  }
  const index = int32Operand("$arrayElemAt's second argument", place, 28690);
  return list[index < 0 ? list.length + index : index];
}

function atEnd(name: string, index: 0 | -1) {
  return strict(name, 1, ([list]) => {
    if (isNothing(list)) return null;
    if (Array.isArray(list)) return list.at(index);
    throw new DatabaseError(28689, `${name}'s argument must be an array, but is ${nameOf(list)}`);
  });
}

function slice([list, second, third, ...rest]: readonly Maybe[]): Value {
  const hasThird = third !== undefined || rest.length > 0;
  if (isNothing(list) || isNothing(second) || third === null) return null;
  if (!Array.isArray(list)) {
    throw new DatabaseError(
      28724,
      `First argument to $slice must be an array, but is of type: ${nameOf(list)}`,
    );
  }
  const first = int32Operand('Second argument to $slice', second, 28725);
  if (!hasThird) return first < 0 ? list.slice(first) : list.slice(0, first);
  const count = int32Operand('Third argument to $slice', third, 28727);
  if (count <= 0) throw new DatabaseError(28729, `Third argument to $slice must be positive: ${count}`);
  const start = first < 0 ? Math.max(list.length + first, 0) : first;
  return list.slice(start, start + count);
}

function indexOf([list, wanted, start, end]: readonly Maybe[]): Value {
  if (isNothing(list)) return null;
  if (!Array.isArray(list)) {
    throw new DatabaseError(
      40090,
      `$indexOfArray requires an array as a first argument, found: ${nameOf(list)}`,
    );
  }
  const from = start === undefined ? 0 : placeOperand('$indexOfArray', 'starting', start);
  const to = end === undefined ? list.length : placeOperand('$indexOfArray', 'ending', end);
  for (let i = from; i < Math.min(to, list.length); i++) {
    if (wanted !== undefined && compareValues(list[i] as Value, wanted) === 0) return new Int32(i);
  }
  return new Int32(-1);
}

/** Operators that look into arrays. */
export const ARRAY_READING: OperatorTable = new Map([
  strict('$size', 1, ([list]) => {
    if (Array.isArray(list)) return new Int32(list.length);
    throw new DatabaseError(
      17124,
      `The argument to $size must be an array, but was of type: ${nameOf(list)}`,
    );
  }),
  strict('$isArray', 1, ([value]) => Array.isArray(value)),
  strict('$in', 2, ([value, list]) => {
    if (!Array.isArray(list)) {
      throw new DatabaseError(40081, `$in requires an array as a second argument, found: ${nameOf(list)}`);
    }
    return value !== undefined && list.some((known) => compareValues(known, value) === 0);
  }),
  strict('$arrayElemAt', 2, elementAt),
  atEnd('$first', 0),
  atEnd('$last', -1),
  strict('$slice', [2, 3], slice),
  strict('$indexOfArray', [2, 4], indexOf),
]);
