// $sum, $avg, $count, $stdDevPop, $stdDevSamp.
import { Int32, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { NumberSum } from '../../value/number-sum.ts';
import { isNumber } from '../../value/type-order.ts';
import { Deviation } from '../deviation.ts';
import { divide } from '../expressions/arithmetic.ts';
import type { Maybe } from '../scope.ts';
import { type Accumulator, type AccumulatorBuild, type AccumulatorTable, plain } from './accumulator.ts';

/** Anything but numbers is left out. A class, as every group has one: closures would take several times as much. */
class Sum implements Accumulator {
  readonly #total = new NumberSum();

  add(value: Maybe): void {
    if (isNumber(value)) this.#total.add(value);
  }

  result(): Value {
    return this.#total.result();
  }
}

class Average implements Accumulator {
  readonly #total = new NumberSum();
  #count = 0;

  add(value: Maybe): void {
    if (!isNumber(value)) return;
    this.#total.add(value);
    this.#count++;
  }

  result(): Value {
    return this.#count === 0 ? null : divide(this.#total.dividend(), new Int32(this.#count));
  }
}

const newSum = () => new Sum();

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
  return { evaluate: () => ONE, make: newSum };
};

/** Accumulators over numbers. */
export const SUMS: AccumulatorTable = new Map<string, AccumulatorBuild>([
  plain('$sum', newSum),
  plain('$avg', () => new Average()),
  ['$count', counting],
  plain('$stdDevPop', () => deviating(false)),
  plain('$stdDevSamp', () => deviating(true)),
]);
