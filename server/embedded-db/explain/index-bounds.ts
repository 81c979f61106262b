// The part of an index a plan reads, in readable form.
import type { Outgoing } from '../bson/value.ts';
import { int } from '../bson/value.ts';
import type { IndexAccess } from '../query/access.ts';
import { EVERYTHING, type Interval, inverted, showInterval } from '../query/interval.ts';
import { fields } from './plan-stage.ts';

function backwards({ lower, upper, isPoint }: Interval): Interval {
  return { lower: upper, upper: lower, isPoint };
}

/** Intervals of one field in the order in which they are read. */
function shownIntervals(intervals: readonly Interval[], isReverse: boolean): string[] {
  return (isReverse ? intervals.toReversed().map(backwards) : intervals).map(showInterval);
}

/** `{ a: ["[1, 1]"], b: ["[MinKey, MaxKey]"] }` */
export function indexBounds({ index, fields: bounds, isReverse }: IndexAccess): Map<string, Outgoing> {
  return new Map(
    index.fields.map((field, at) => {
      const everything = field.direction === 1 ? EVERYTHING : inverted(EVERYTHING);
      return [field.name, shownIntervals(bounds[at] ?? [everything], isReverse)];
    }),
  );
}

/** What a stage says about its index. */
export function aboutIndex(access: IndexAccess): Map<string, Outgoing> {
  const { index } = access;
  return fields({
    keyPattern: index.spec.get('key'),
    indexName: index.name,
    isMultiKey: index.arrays !== 0,
    isUnique: index.isUnique,
    isSparse: index.isSparse,
    isPartial: index.partial !== null,
    indexVersion: int(2),
    direction: access.isReverse ? 'backward' : 'forward',
    indexBounds: indexBounds(access),
  });
}
