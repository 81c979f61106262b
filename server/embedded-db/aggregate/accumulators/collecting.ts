// $push, $addToSet, $mergeObjects.
import type { Doc, Value } from '../../bson/value.ts';
import { identityOf } from '../../value/identity.ts';
import { mergeInto } from '../expressions/objects.ts';
import { accumulatorMemory, type Memory, memorySize } from '../memory.ts';
import { type Accumulator, type AccumulatorBuild, type AccumulatorTable, plain } from './accumulator.ts';

function pushing(stage: Memory): Accumulator {
  const memory = accumulatorMemory('$push', stage);
  const values: Value[] = [];
  return {
    add: (value) => {
      if (value === undefined) return;
      values.push(value);
      memory.use(memorySize(value));
    },
    result: () => values,
  };
}

function distinct(stage: Memory): Accumulator {
  const memory = accumulatorMemory('$addToSet', stage);
  const values = new Map<string, Value>();
  return {
    add: (value) => {
      if (value === undefined) return;
      const key = identityOf(value);
      if (values.has(key)) return;
      values.set(key, value);
      memory.use(memorySize(value) + key.length);
    },
    result: () => [...values.values()],
  };
}

function merging(): Accumulator {
  const out: Doc = new Map();
  return {
    add: (value) => mergeInto(out, value),
    result: () => out,
  };
}

/** Accumulators that keep what they are given. */
export const COLLECTING: AccumulatorTable = new Map<string, AccumulatorBuild>([
  plain('$push', pushing),
  plain('$addToSet', distinct),
  plain('$mergeObjects', merging),
]);
