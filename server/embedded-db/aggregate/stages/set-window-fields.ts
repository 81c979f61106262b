// $setWindowFields: fields computed from the documents around each one.
import { type Doc, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { compareSortKeys, type SortField, sortKey } from '../../query/sort.ts';
import { PAUSE, type Stream } from '../../store/row.ts';
import { sortInSlices } from '../../store/slices.ts';
import { compareValues } from '../../value/compare.ts';
import { compilerIn } from '../expression.ts';
import { splitFieldPath } from '../field-path.ts';
import { memorySize, stageMemory } from '../memory.ts';
import { withNested } from '../nested-field.ts';
import type { Expression, Maybe } from '../scope.ts';
import { type Stage, type StageBuild, specification } from '../stage.ts';
import { sortFields } from './sort.ts';
import { type Partition, type WindowFunction, windowFunction } from './window-functions.ts';

interface Output {
  readonly path: readonly string[];
  readonly compute: WindowFunction;
}

interface Placed {
  readonly source: Doc;
  readonly partition: Value;
  readonly keys: readonly Maybe[];
}

function partitionOf(evaluate: Expression, source: Doc): Value {
  const value = evaluate(source) ?? null;
  if (!Array.isArray(value)) return value;
  throw new DatabaseError(14, 'An expression used to partition cannot evaluate to value of type array');
}

/** Runs of one partition value in a sorted list. */
function* partitions(all: readonly Placed[]): Generator<readonly Placed[]> {
  for (let from = 0, to = 0; from < all.length; from = to) {
    const { partition } = all[from] as Placed;
    while (to < all.length && compareValues((all[to] as Placed).partition, partition) === 0) to++;
    yield all.slice(from, to);
  }
}

function* computed(part: readonly Placed[], outputs: readonly Output[]): Stream<Doc> {
  const partition: Partition = {
    documents: part.map(({ source }) => source),
    keys: part.map(({ keys }) => keys),
  };
  const values = outputs.map(({ path, compute }) => ({ path, valueAt: compute(partition) }));
  for (const [at, { source }] of part.entries()) {
    let out = source;
    for (const { path, valueAt } of values) out = withNested(out, path, valueAt(at));
    yield out;
    if (at % 32 === 31) yield PAUSE;
  }
}

interface Specification {
  readonly partitionBy: Expression;
  readonly sort: readonly SortField[];
  readonly outputs: readonly Output[];
}

function read(value: Value, environment: Parameters<typeof compilerIn>[0]): Specification {
  const source = specification('$setWindowFields', value, 9);
  const unknown = [...source.keys()].find((name) => !['partitionBy', 'sortBy', 'output'].includes(name));
  if (unknown !== undefined) {
    throw new DatabaseError(40415, `BSON field '$setWindowFields.${unknown}' is an unknown field.`);
  }
  const output = source.get('output');
  if (!isDoc(output)) {
    throw new DatabaseError(40414, "BSON field '$setWindowFields.output' is missing but a required field");
  }
  const sortBy = source.get('sortBy');
  const sort = sortBy === undefined ? [] : sortFields(sortBy);
  const compile = compilerIn(environment);
  return {
    partitionBy: compile(source.get('partitionBy') ?? null),
    sort,
    outputs: [...output].map(([name, each]) => ({
      path: splitFieldPath(name),
      compute: windowFunction(each, { compile, sort }),
    })),
  };
}

/** Compiles `$setWindowFields`; the documents come by partition, then in the order of `sortBy`.
 *  @throws 292 beyond the memory of a stage */
export const setWindowFieldsStage: StageBuild = (value, { environment }): Stage => {
  const { partitionBy, sort, outputs } = read(value, environment);
  return function* (input): Stream<Doc> {
    const memory = stageMemory('$setWindowFields');
    const all: Placed[] = [];
    for (const item of input) {
      if (item === PAUSE) {
        yield PAUSE;
        continue;
      }
      all.push({ source: item, partition: partitionOf(partitionBy, item), keys: sortKey(item, sort) });
      memory.use(memorySize(item));
    }
    const order = (a: Placed, b: Placed) =>
      compareValues(a.partition, b.partition) || compareSortKeys(a.keys, b.keys, sort);
    for (const part of partitions(yield* sortInSlices(all, order))) yield* computed(part, outputs);
  };
};
