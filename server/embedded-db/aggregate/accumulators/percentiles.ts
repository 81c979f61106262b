// $percentile and $median: the value at a rank, counted exactly.

import { show } from '../../bson/show.ts';
import { type Doc, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { asNumber } from '../../value/arithmetic.ts';
import { toDouble } from '../../value/decimal.ts';
import { isNumber } from '../../value/type-order.ts';
import { accumulatorMemory, type Memory } from '../memory.ts';
import { partOf } from '../named-operands.ts';
import type { Accumulator, AccumulatorBuild, AccumulatorTable } from './accumulator.ts';

/** The smallest value that at least this share of all values does not exceed. */
function atRank(sorted: readonly number[], share: number): number | null {
  const rank = Math.max(Math.ceil(sorted.length * share) - 1, 0);
  return sorted[rank] ?? null;
}

function ranking(shares: readonly number[], isMedian: boolean, memory: Memory): Accumulator {
  const numbers: number[] = [];
  return {
    add: (value) => {
      if (!isNumber(value)) return;
      numbers.push(toDouble(value));
      memory.use(8);
    },
    result: () => {
      const sorted = numbers.sort((a, b) => a - b);
      if (isMedian) return atRank(sorted, 0.5);
      return shares.map((share) => atRank(sorted, share));
    },
  };
}

function partsOfRank(name: string, operand: Value): Doc {
  if (!isDoc(operand)) {
    throw new DatabaseError(7436200, `specification must be an object; found ${name} :${show(operand)}`);
  }
  const known = name === '$median' ? ['input', 'method'] : ['input', 'p', 'method'];
  for (const part of operand.keys()) {
    if (!known.includes(part))
      throw new DatabaseError(40415, `BSON field '${name}.${part}' is an unknown field.`);
  }
  for (const part of known) {
    if (!operand.has(part)) {
      throw new DatabaseError(40414, `BSON field '${name}.${part}' is missing but a required field`);
    }
  }
  if (operand.get('method') !== 'approximate') {
    throw new DatabaseError(2, "Currently only 'approximate' can be used as percentile 'method'.");
  }
  return operand;
}

function shares(value: Value | undefined): number[] {
  const all =
    Array.isArray(value) && value.length > 0 ? value.map((each) => asNumber(each) ?? Number.NaN) : null;
  if (all?.every((each) => each >= 0 && each <= 1)) return all;
  throw new DatabaseError(
    7750301,
    `The $percentile 'p' field must be an array of numbers from [0.0, 1.0], but found: ${show(value)}`,
  );
}

function percentile(name: string): [string, AccumulatorBuild] {
  const build: AccumulatorBuild = (operand, compile) => {
    const source = partsOfRank(name, operand);
    const isMedian = name === '$median';
    const wanted = isMedian ? [] : shares(source.get('p'));
    return {
      evaluate: partOf(source, 'input', compile),
      make: (memory) => ranking(wanted, isMedian, accumulatorMemory(name, memory)),
    };
  };
  return [name, build];
}

/** Percentiles; what a server approximates for many values is exact here. */
export const PERCENTILES: AccumulatorTable = new Map([percentile('$percentile'), percentile('$median')]);
