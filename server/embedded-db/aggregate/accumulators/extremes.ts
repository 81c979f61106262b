// $min, $max, $minN, $maxN.
import type { Value } from '../../bson/value.ts';
import { compareValues } from '../../value/compare.ts';
import { countN, partsOfN } from '../expressions/list-statistics.ts';
import { accumulatorMemory, type Memory, memorySize } from '../memory.ts';
import { partOf } from '../named-operands.ts';
import { isNothing, type Maybe } from '../scope.ts';
import { type Accumulator, type AccumulatorBuild, type AccumulatorTable, plain } from './accumulator.ts';

/** The least (-1) or greatest (1) value; null and missing are left out. */
class Extreme implements Accumulator {
  readonly #sign: 1 | -1;
  #best: Value = null;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  add(value: Maybe): void {
    if (isNothing(value)) return;
    if (this.#best === null || compareValues(value, this.#best) * this.#sign > 0) this.#best = value;
  }

  result(): Value {
    return this.#best;
  }
}

/** Keeps at most twice as many as asked for, sorted now and then. */
function extremes(n: number, sign: 1 | -1, memory: Memory): Accumulator {
  const kept: Value[] = [];
  const trim = () => {
    kept.sort((a, b) => -sign * compareValues(a, b));
    for (const value of kept.splice(n)) memory.use(-memorySize(value));
  };
  return {
    add: (value) => {
      if (isNothing(value)) return;
      kept.push(value);
      memory.use(memorySize(value));
      if (kept.length >= n * 2 + 16) trim();
    },
    result: () => {
      trim();
      return kept;
    },
  };
}

function some(name: string, sign: 1 | -1): [string, AccumulatorBuild] {
  const build: AccumulatorBuild = (operand, compile) => {
    const source = partsOfN(name, operand);
    const n = partOf(source, 'n', compile);
    return {
      evaluate: partOf(source, 'input', compile),
      make: (memory, group) => extremes(countN(n(group)), sign, accumulatorMemory(name, memory)),
    };
  };
  return [name, build];
}

/** Accumulators of the least and greatest values. */
export const EXTREMES: AccumulatorTable = new Map<string, AccumulatorBuild>([
  plain('$min', () => new Extreme(-1)),
  plain('$max', () => new Extreme(1)),
  some('$minN', -1),
  some('$maxN', 1),
]);
