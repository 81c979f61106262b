// $sum, $avg, $count, $stdDevPop, $stdDevSamp.
import { Int32, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { NumberSum } from '../../value/number-sum.ts';
import { isNumber } from '../../value/type-order.ts';
import { Deviation } from '../deviation.ts';
import { divide } from '../expressions/arithmetic.ts';
import { type Accumulator, type AccumulatorBuild, type AccumulatorTable, plain } from './accumulator.ts';

/** Anything but numbers is left out. */
export function summing(): Accumulator {
  const total = new NumberSum();
  return {
    add: (value) => {
      if (isNumber(value)) total.add(value);
    },
    result: () => total.result(),
  };
}

function averaging(): Accumulator {
  const total = new NumberSum();
  let count = 0;
  return {
    add: (value) => {
      if (!isNumber(value)) return;
      total.add(value);
      count++;
    },
    result: () => (count === 0 ? null : divide(total.dividend(), new Int32(count))),
  };
}

function deviating(isSample: boolean): Accumulator {
  const found = new Deviation();
  return {
    add: (value) => {
      if (isNumber(value)) found.add(value);
    },
    result: () => found.result(isSample),
  };
}

const ONE = new Int32(1);

const counting: AccumulatorBuild = (operand: Value) => {
  if (!isDoc(operand) || operand.size > 0) {
    throw new DatabaseError(9, '$count takes no arguments, i.e. $count:{}');
  }
  return { evaluate: () => ONE, make: summing };
};

/** Accumulators over numbers. */
export const SUMS: AccumulatorTable = new Map<string, AccumulatorBuild>([
  plain('$sum', summing),
  plain('$avg', averaging),
  ['$count', counting],
  plain('$stdDevPop', () => deviating(false)),
  plain('$stdDevSamp', () => deviating(true)),
]);
