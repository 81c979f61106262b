// $bitAnd, $bitOr, $bitXor, $bitNot.
import { Int32, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { isNothing, type Maybe, type OperatorTable, strict } from '../scope.ts';
import { nameOf } from './arithmetic.ts';

function folding(name: string, start: number, fold: (a: bigint, b: bigint) => bigint) {
  return strict(name, null, (values: readonly Maybe[]): Value => {
    let total = BigInt(start);
    let isLong = false;
    for (const value of values) {
      if (isNothing(value)) return null;
      if (typeof value !== 'bigint' && !(value instanceof Int32)) {
        throw new DatabaseError(14, `${name} only supports int and long operands.`);
      }
      isLong ||= typeof value === 'bigint';
      total = fold(total, typeof value === 'bigint' ? value : BigInt(value.value));
    }
    return isLong ? total : new Int32(Number(total));
  });
}

/** Bit operations on ints and longs. */
export const BIT_OPERATORS: OperatorTable = new Map([
  folding('$bitAnd', -1, (a, b) => a & b),
  folding('$bitOr', 0, (a, b) => a | b),
  folding('$bitXor', 0, (a, b) => a ^ b),
  strict('$bitNot', 1, ([value]) => {
    if (isNothing(value)) return null;
    if (value instanceof Int32) return new Int32(~value.value);
    if (typeof value === 'bigint') return ~value;
    throw new DatabaseError(14, `$bitNot only supports int and long, not: ${nameOf(value)}.`);
  }),
]);
