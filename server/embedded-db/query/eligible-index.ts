// Whether an index holds every document a filter can match.
import { truthy } from '../aggregate/truth.ts';
import { type Doc, isDoc, type Value } from '../bson/value.ts';
import type { Index } from '../store/catalog.ts';
import { equalValues } from '../value/compare.ts';
import { FOREIGN_ORDER, textOrder } from '../value/text-order.ts';
import { type Bounds, boundsOf } from './bounds.ts';
import type { Interval } from './interval.ts';

/** The clauses that must all hold. */
function* clausesOf(filter: Doc): Generator<[string, Value]> {
  for (const [name, operand] of filter) {
    if (name === '$and' && Array.isArray(operand)) {
      for (const each of operand) if (isDoc(each)) yield* clausesOf(each);
    } else yield [name, operand];
  }
}

function excludesMissing(operand: Value): boolean {
  if (!isDoc(operand) || !operand.keys().next().value?.startsWith('$')) return operand !== null;
  for (const [operator, value] of operand) {
    if (['$eq', '$gt', '$gte', '$lt', '$lte'].includes(operator) && value !== null) return true;
    if (operator === '$exists' && truthy(value)) return true;
    if (operator === '$type' && value !== 'null' && !Array.isArray(value)) return true;
    if (operator === '$in' && Array.isArray(value) && value.every((each) => each !== null)) return true;
  }
  return false;
}

/** True when a clause of a filter only matches what the wanted clause of a partial index matches. */
function impliesClause(operand: Value, wanted: Value): boolean {
  if (equalValues(operand, wanted)) return true;
  if (!isDoc(wanted) || wanted.size !== 1) return false;
  const [operator, value] = [...wanted][0] as [string, Value];
  if (operator === '$exists') return truthy(value) && excludesMissing(operand);
  if (operator === '$type') return value === 'string' && typeof operand === 'string';
  return operator === '$eq' && equalValues(operand, value);
}

function isWithin(inner: Interval, outer: Interval): boolean {
  return (
    Buffer.compare(outer.lower.key, inner.lower.key) <= 0 &&
    Buffer.compare(inner.upper.key, outer.upper.key) <= 0
  );
}

/** True when the ranges of a filter lie within those of the wanted clause. */
function impliesByRange(bounds: Bounds, name: string, wanted: Value): boolean {
  const { paths, isWhole } = boundsOf(new Map([[name, wanted]]));
  const all = paths.get(name) ?? [];
  if (!isWhole || all.length !== paths.size) return false;
  return all.every(
    ({ intervals, exactness }) =>
      exactness === 'always' &&
      bounds.paths
        .get(name)
        ?.some((own) => own.intervals.every((each) => intervals.some((outer) => isWithin(each, outer)))),
  );
}

function implies(filter: Doc, bounds: Bounds, name: string, wanted: Value): boolean {
  for (const [clause, operand] of clausesOf(filter)) {
    if (clause === name && impliesClause(operand, wanted)) return true;
  }
  return impliesByRange(bounds, name, wanted);
}

/** True when every document the filter can match is in the index. */
export function holdsAllMatches(index: Index, filter: Doc, bounds: Bounds): boolean {
  if (index.partial) {
    // Made under its own order; under another the same clause means another set.
    if (textOrder() === FOREIGN_ORDER) return false;
    for (const [name, wanted] of index.partial.source) {
      if (!implies(filter, bounds, name, wanted)) return false;
    }
  }
  if (!index.isSparse) return true;
  for (const [name, operand] of clausesOf(filter)) {
    if (index.fields.some((field) => field.name === name) && excludesMissing(operand)) return true;
  }
  return false;
}
