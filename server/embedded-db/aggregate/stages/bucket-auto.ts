// $bucketAuto: groups of about the same size.

import { show } from '../../bson/show.ts';
import type { Doc, Value } from '../../bson/value.ts';
import { DatabaseError, notSupported } from '../../database-error.ts';
import { PAUSE, type Stream } from '../../store/row.ts';
import { sortInSlices } from '../../store/slices.ts';
import { asNumber } from '../../value/arithmetic.ts';
import { compareValues } from '../../value/compare.ts';
import type { Accumulator } from '../accumulators/accumulator.ts';
import { compilerIn } from '../expression.ts';
import { type Memory, memorySize, stageMemory } from '../memory.ts';
import { type Stage, type StageBuild, specification } from '../stage.ts';
import { groupByExpression, outputFields } from './buckets.ts';
import type { GroupField } from './group.ts';

interface Entry {
  readonly key: Value;
  readonly source: Doc;
}

/** Cuts sorted entries into at most `count` parts; equal keys stay together. */
function* parts(entries: readonly Entry[], count: number): Generator<readonly Entry[]> {
  const size = Math.max(Math.round(entries.length / count), 1);
  let from = 0;
  for (let made = 1; from < entries.length; made++) {
    let to = made === count ? entries.length : Math.min(from + size, entries.length);
    const last = entries[to - 1] as Entry;
    while (to < entries.length && compareValues((entries[to] as Entry).key, last.key) === 0) to++;
    yield entries.slice(from, to);
    from = to;
  }
}

const NO_GROUP: Doc = new Map();

function summary(part: readonly Entry[], fields: readonly GroupField[], memory: Memory): Doc {
  const states: Accumulator[] = fields.map((field) => field.make(memory, NO_GROUP));
  for (const { source } of part) {
    for (const [i, field] of fields.entries()) states[i]?.add(field.evaluate(source));
  }
  return new Map(fields.map((field, i): [string, Value] => [field.name, states[i]?.result() ?? null]));
}

function bucketCount(value: Value | undefined): number {
  const count = asNumber(value);
  if (count === null) {
    throw new DatabaseError(
      40241,
      `The $bucketAuto 'buckets' field must be a numeric value, but found: ${show(value)}`,
    );
  }
  if ((count | 0) !== count) {
    throw new DatabaseError(
      40242,
      "The $bucketAuto 'buckets' field must be representable as a 32-bit integer",
    );
  }
  if (count > 0) return count;
  throw new DatabaseError(
    40243,
    `The $bucketAuto 'buckets' field must be greater than 0, but found: ${count}`,
  );
}

const FIELDS = ['groupBy', 'buckets', 'output', 'granularity'];

/** Distributes documents evenly over buckets by the order of an expression. */
export const bucketAutoStage: StageBuild = (value, { environment }): Stage => {
  const source = specification('$bucketAuto', value, 40240);
  const unknown = [...source.keys()].find((name) => !FIELDS.includes(name));
  if (unknown !== undefined)
    throw new DatabaseError(40245, `Unrecognized option to $bucketAuto: ${unknown}.`);
  if (!source.has('groupBy') || !source.has('buckets')) {
    throw new DatabaseError(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified.");
  }
  if (source.has('granularity')) throw notSupported("the option 'granularity' of $bucketAuto");
  const compile = compilerIn(environment);
  const groupBy = groupByExpression('$bucketAuto', source, 40239, compile);
  const count = bucketCount(source.get('buckets'));
  const fields = outputFields('$bucketAuto', source, 40244, compile);
  return function* (input): Stream<Doc> {
    const memory = stageMemory('$bucketAuto');
    const entries: Entry[] = [];
    for (const item of input) {
      if (item === PAUSE) {
        yield PAUSE;
        continue;
      }
      entries.push({ key: groupBy(item) ?? null, source: item });
      memory.use(memorySize(item));
    }
    const sorted = yield* sortInSlices(entries, (a, b) => compareValues(a.key, b.key));
    const all = [...parts(sorted, count)];
    for (const [i, part] of all.entries()) {
      // A bucket ends where the next begins; the last one includes its end.
      const end = all[i + 1]?.[0] ?? part.at(-1);
      const id: Doc = new Map([
        ['min', part[0]?.key ?? null],
        ['max', end?.key ?? null],
      ]);
      yield new Map<string, Value>([['_id', id], ...summary(part, fields, memory)]);
      yield PAUSE;
    }
  };
};
