// $first, $last, $firstN, $lastN: values by the order documents come in.
import type { Value } from '../../bson/value.ts';
import { countN, partsOfN } from '../expressions/list-statistics.ts';
import { accumulatorMemory, type Memory, memorySize } from '../memory.ts';
import { partOf } from '../named-operands.ts';
import type { Maybe } from '../scope.ts';
import { type Accumulator, type AccumulatorBuild, type AccumulatorTable, plain } from './accumulator.ts';

class First implements Accumulator {
  #value: Maybe;
  #isSet = false;

  add(next: Maybe): void {
    if (!this.#isSet) this.#value = next;
    this.#isSet = true;
  }

  result(): Maybe {
    return this.#value;
  }
}

class Last implements Accumulator {
  #value: Maybe;

  add(next: Maybe): void {
    this.#value = next;
  }

  result(): Maybe {
    return this.#value;
  }
}

/** Missing values are kept as null: they have a place too. */
function firstOnes(n: number, memory: Memory): Accumulator {
  const kept: Value[] = [];
  return {
    add: (value) => {
      if (kept.length >= n) return;
      kept.push(value ?? null);
      memory.use(memorySize(value));
    },
    result: () => kept,
  };
}

function lastOnes(n: number, memory: Memory): Accumulator {
  let kept: Value[] = [];
  return {
    add: (value) => {
      kept.push(value ?? null);
      memory.use(memorySize(value));
      if (kept.length < n * 2 + 16) return;
      for (const gone of kept.slice(0, -n)) memory.use(-memorySize(gone));
      kept = kept.slice(-n);
    },
    result: () => kept.slice(-n),
  };
}

function some(name: string, make: (n: number, memory: Memory) => Accumulator): [string, AccumulatorBuild] {
  const build: AccumulatorBuild = (operand, compile) => {
    const source = partsOfN(name, operand);
    const n = partOf(source, 'n', compile);
    return {
      evaluate: partOf(source, 'input', compile),
      make: (memory, group) => make(countN(n(group)), accumulatorMemory(name, memory)),
    };
  };
  return [name, build];
}

/** Accumulators of the first and last values. */
export const PLACES: AccumulatorTable = new Map<string, AccumulatorBuild>([
  plain('$first', () => new First()),
  plain('$last', () => new Last()),
  some('$firstN', firstOnes),
  some('$lastN', lastOnes),
]);
