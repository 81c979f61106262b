// $top, $topN, $bottom, $bottomN: values by an order of their own.

import { show } from '../../bson/show.ts';
import { type Doc, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { compareSortKeys, type SortField, sortKey, valueSort } from '../../query/sort.ts';
import { countN } from '../expressions/list-statistics.ts';
import { accumulatorMemory, type Memory, memorySize } from '../memory.ts';
import { partOf } from '../named-operands.ts';
import type { Maybe } from '../scope.ts';
import type { Accumulator, AccumulatorBuild, AccumulatorTable } from './accumulator.ts';

/** Added as an array: the output, then the sort keys. */
interface Ranked {
  readonly output: Value;
  readonly keys: readonly Maybe[];
}

function ranked(value: Maybe): Ranked {
  const [output, ...keys] = value as Value[];
  return { output: output ?? null, keys };
}

interface Ranking {
  readonly fields: readonly SortField[];
  readonly n: number;
  /** 1 keeps the first of the order, -1 the last. */
  readonly end: 1 | -1;
  readonly isSingle: boolean;
}

/** Ties go to those that came first; the bottom keeps those that came last. */
function ranking({ fields, n, end, isSingle }: Ranking, memory: Memory): Accumulator {
  let kept: Ranked[] = [];
  const trim = () => {
    kept.sort((a, b) => compareSortKeys(a.keys, b.keys, fields));
    const rest = end === 1 ? kept.slice(n) : kept.slice(0, -n);
    for (const each of rest) memory.use(-memorySize(each.output));
    kept = end === 1 ? kept.slice(0, n) : kept.slice(-n);
  };
  return {
    add: (value) => {
      const next = ranked(value);
      kept.push(next);
      memory.use(memorySize(next.output));
      if (kept.length >= n * 2 + 16) trim();
    },
    result: () => {
      trim();
      return isSingle ? kept[0]?.output : kept.map((each) => each.output);
    },
  };
}

function partsOfTop(name: string, operand: Value, isSingle: boolean): Doc {
  if (!isDoc(operand)) {
    throw new DatabaseError(5788001, `specification must be an object; found ${name}: ${show(operand)}`);
  }
  const known = isSingle ? ['output', 'sortBy'] : ['output', 'sortBy', 'n'];
  for (const part of operand.keys()) {
    if (!known.includes(part)) throw new DatabaseError(5788002, `Unknown argument to ${name} '${part}'`);
  }
  const codes: Readonly<Record<string, number>> = { n: 5788003, output: 5788004, sortBy: 5788005 };
  for (const part of known) {
    if (!operand.has(part)) throw new DatabaseError(codes[part] ?? 9, `Missing value for '${part}'`);
  }
  return operand;
}

function top(name: string, end: 1 | -1, isSingle: boolean): [string, AccumulatorBuild] {
  const build: AccumulatorBuild = (operand, compile) => {
    const source = partsOfTop(name, operand, isSingle);
    const sortBy = source.get('sortBy');
    if (!isDoc(sortBy)) throw new DatabaseError(10065, 'invalid parameter: expected an object (sortBy)');
    const fields = valueSort(sortBy);
    const output = partOf(source, 'output', compile);
    const n = partOf(source, 'n', compile);
    return {
      evaluate: (root) => [output(root) ?? null, ...(sortKey(root, fields) as Value[])],
      make: (memory, group) => {
        const count = isSingle ? 1 : countN(n(group));
        return ranking({ fields, n: count, end, isSingle }, accumulatorMemory(name, memory));
      },
    };
  };
  return [name, build];
}

/** Accumulators with an order of their own. */
export const TOPS: AccumulatorTable = new Map([
  top('$top', 1, true),
  top('$topN', 1, false),
  top('$bottom', -1, true),
  top('$bottomN', -1, false),
]);
