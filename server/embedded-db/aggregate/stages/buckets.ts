// $bucket and $sortByCount: groups of a fixed form.

import { show } from '../../bson/show.ts';
import { type Doc, Int32, int, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { compareValues } from '../../value/compare.ts';
import { bracketOf } from '../../value/type-order.ts';
import { compilerIn } from '../expression.ts';
import { stageMemory } from '../memory.ts';
import type { Compile, Expression } from '../scope.ts';
import { type Stage, type StageBuild, specification } from '../stage.ts';
import { type GroupField, Groups, grouped, groupFields, groupStage } from './group.ts';
import { sortStage } from './sort.ts';

const COUNT_ONE: Doc = new Map([['count', new Map([['$sum', int(1)]])]]);

/** The output fields of `$bucket` and `$bucketAuto`; a count when none are given. */
export function outputFields(name: string, source: Doc, code: number, compile: Compile): GroupField[] {
  const output = source.get('output') ?? COUNT_ONE;
  if (isDoc(output)) return groupFields(output, compile);
  throw new DatabaseError(code, `The ${name} 'output' field must be an object, but found: ${show(output)}`);
}

/** The `groupBy` of both: a path or an expression, not a constant. */
export function groupByExpression(name: string, source: Doc, code: number, compile: Compile): Expression {
  const groupBy = source.get('groupBy') ?? null;
  const isPath = typeof groupBy === 'string' && groupBy.startsWith('$');
  const isExpression = isDoc(groupBy) && [...groupBy.keys()].some((key) => key.startsWith('$'));
  if (isPath || isExpression) return compile(groupBy);
  throw new DatabaseError(
    code,
    `The ${name} 'groupBy' field must be defined as a $-prefixed path or an expression, but found: ${show(groupBy)}`,
  );
}

function boundariesOf(value: Value | undefined, compile: Compile): Value[] {
  if (!Array.isArray(value)) {
    throw new DatabaseError(
      40200,
      `The $bucket 'boundaries' field must be an array, but found: ${show(value)}`,
    );
  }
  const all = value.map((each) => compile(each)(new Map()) ?? null);
  if (all.length < 2) {
    throw new DatabaseError(
      40192,
      `The $bucket 'boundaries' field must have at least 2 values, but found ${all.length} value(s).`,
    );
  }
  for (const [i, upper] of all.slice(1).entries()) {
    const lower = all[i] as Value;
    if (bracketOf(lower) !== bracketOf(upper)) {
      throw new DatabaseError(
        40193,
        `All values in the the 'boundaries' option to $bucket must have the same type. Found conflicting types`,
      );
    }
    if (compareValues(lower, upper) >= 0) {
      throw new DatabaseError(
        40194,
        `The 'boundaries' option to $bucket must be sorted, but elements ${i} and ${i + 1} are not in ascending order (${show(lower)} is not less than ${show(upper)}).`,
      );
    }
  }
  return all;
}

function defaultOf(source: Doc, boundaries: readonly Value[], compile: Compile): Value | null {
  const given = source.get('default');
  if (given === undefined) return null;
  const value = compile(given)(new Map()) ?? null;
  const [lowest, highest] = [boundaries[0] as Value, boundaries.at(-1) as Value];
  const isInside = compareValues(value, lowest) >= 0 && compareValues(value, highest) < 0;
  if (!isInside) return value;
  throw new DatabaseError(
    40199,
    "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.",
  );
}

/** The lower boundary of the bucket a value falls into, null when it is outside of all. */
function bucketOf(value: Value, boundaries: readonly Value[]): Value | null {
  let [low, high] = [0, boundaries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareValues(boundaries[middle] as Value, value) <= 0) low = middle + 1;
    else high = middle;
  }
  return low === 0 || low === boundaries.length ? null : (boundaries[low - 1] as Value);
}

const BUCKET_FIELDS = ['groupBy', 'boundaries', 'default', 'output'];

/** Groups by ranges of values; the groups come sorted. */
export const bucketStage: StageBuild = (value, { environment }): Stage => {
  const source = specification('$bucket', value, 40201);
  const unknown = [...source.keys()].find((name) => !BUCKET_FIELDS.includes(name));
  if (unknown !== undefined) throw new DatabaseError(40197, `Unrecognized option to $bucket: ${unknown}.`);
  if (!source.has('groupBy') || !source.has('boundaries')) {
    throw new DatabaseError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  }
  const compile = compilerIn(environment);
  const groupBy = groupByExpression('$bucket', source, 40202, compile);
  const boundaries = boundariesOf(source.get('boundaries'), compile);
  const fallback = defaultOf(source, boundaries, compile);
  const fields = outputFields('$bucket', source, 40196, compile);
  const key: Expression = (root) => {
    const found = bucketOf(groupBy(root) ?? null, boundaries);
    if (found !== null) return found;
    if (source.has('default')) return fallback;
    throw new DatabaseError(
      40066,
      '$switch could not find a matching branch for an input, and no default was specified.',
    );
  };
  const sorted = sortStage(new Map([['_id', new Int32(1)]]));
  return (input) => sorted(grouped(input, key, new Groups(fields, stageMemory('$bucket'))));
};

/** Counts by an expression, the most frequent first. */
export const sortByCountStage: StageBuild = (value, { environment }): Stage => {
  const isPath = typeof value === 'string' && value.startsWith('$');
  const isExpression = isDoc(value) && value.size === 1 && value.keys().next().value?.startsWith('$');
  if (!isPath && !isExpression) {
    throw new DatabaseError(
      isDoc(value) ? 40147 : 40148,
      'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
    );
  }
  const counted = groupStage(new Map<string, Value>([['_id', value], ...COUNT_ONE]), environment);
  const sorted = sortStage(new Map([['count', new Int32(-1)]]));
  return (input) => sorted(counted(input));
};
