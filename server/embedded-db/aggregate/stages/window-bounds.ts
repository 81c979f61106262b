// Windows of $setWindowFields: which documents of a partition a function looks at.

import { show } from '../../bson/show.ts';
import { isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { asNumber } from '../../value/arithmetic.ts';
import { compareValues } from '../../value/compare.ts';
import { isNumber, typeName } from '../../value/type-order.ts';
import { addToDate, type TimeUnit, unitOf } from '../date-units.ts';
import { sum } from '../expressions/arithmetic.ts';
import type { Maybe } from '../scope.ts';
import { UTC } from '../time-zone.ts';

/** A bound: a number of documents or an amount, this document, or the end of the partition. */
type Bound = number | 'current' | 'unbounded';

/** The bounds of a window, both included. */
export interface Window {
  readonly kind: 'documents' | 'range';
  readonly lower: Bound;
  readonly upper: Bound;
  /** Of amounts of time; null for numbers. */
  readonly unit: TimeUnit | null;
}

/** The window of a function that names none: the whole partition. */
export const WHOLE: Window = { kind: 'documents', lower: 'unbounded', upper: 'unbounded', unit: null };

function boundOf(value: Value | undefined, kind: Window['kind']): Bound {
  if (value === 'current' || value === 'unbounded') return value;
  const number = asNumber(value);
  if (number !== null && (kind === 'range' || Number.isInteger(number))) return number;
  throw new DatabaseError(
    9,
    `Window bounds must be 'unbounded', 'current', or a ${kind === 'range' ? 'number' : 'integer'}: ${show(value)}`,
  );
}

function size(bound: Bound, end: number): number {
  return bound === 'unbounded' ? end : bound === 'current' ? 0 : bound;
}

/** Reads `{ documents: [lower, upper] }` or `{ range: [lower, upper], unit }`.
 *  @throws 9 FailedToParse, 5339900 for bounds in the wrong order */
export function readWindow(source: Value | undefined): Window {
  if (source === undefined) return WHOLE;
  if (!isDoc(source)) {
    throw new DatabaseError(9, `'window' field must be an object, but found type ${typeName(source)}`);
  }
  const kind = source.has('range') ? 'range' : 'documents';
  const bounds = source.get(kind);
  const known = kind === 'range' ? ['range', 'unit'] : ['documents'];
  if ([...source.keys()].some((name) => !known.includes(name))) {
    throw new DatabaseError(
      9,
      "'window' field can only contain 'documents' as the only argument or 'range' with an optional 'unit' field",
    );
  }
  if (bounds === undefined) return WHOLE;
  if (!Array.isArray(bounds) || bounds.length !== 2) {
    throw new DatabaseError(9, 'Window bounds must be a 2-element array');
  }
  const [lower, upper] = [boundOf(bounds[0], kind), boundOf(bounds[1], kind)];
  if (size(lower, -Infinity) > size(upper, Infinity)) {
    throw new DatabaseError(5339900, `Lower bound must not exceed upper bound: ${show(bounds)}`);
  }
  const unit = source.get('unit');
  return { kind, lower, upper, unit: unit === undefined ? null : unitOf('window', unit, 9) };
}

/** Positions in a partition: from `from` up to, without, `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

function moved(value: Value, by: number, unit: TimeUnit | null): Value {
  if (unit !== null) {
    if (value instanceof Date) return addToDate(value, { unit, count: by, zone: UTC });
    throw new DatabaseError(5429513, 'Invalid range: Expected the sortBy field to be a Date');
  }
  if (isNumber(value)) return sum(value, by);
  throw new DatabaseError(5429414, 'Invalid range: Expected the sortBy field to be a number');
}

/** The first position whose key is at least (or, for an end, above) a value; keys are ascending. */
function firstFrom(keys: readonly Value[], value: Value, isEnd: boolean): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = compareValues(keys[middle] as Value, value);
    if (found < 0 || (isEnd && found === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rangeSpan({ lower, upper, unit }: Window, keys: readonly Maybe[], at: number): Span {
  const values = keys.map((key) => key ?? null);
  const value = values[at] as Value;
  const edge = (bound: Bound, isEnd: boolean) => {
    if (bound === 'unbounded') return isEnd ? values.length : 0;
    return firstFrom(values, bound === 'current' ? value : moved(value, bound, unit), isEnd);
  };
  return { from: edge(lower, false), to: edge(upper, true) };
}

/** What a window spans for the document at a position.
 *  @param keys - sort keys of the partition, only looked at for ranges */
export function spanOf(window: Window, keys: readonly Maybe[], at: number): Span {
  if (window.kind === 'range') return rangeSpan(window, keys, at);
  const from = window.lower === 'unbounded' ? 0 : Math.max(at + size(window.lower, 0), 0);
  const to =
    window.upper === 'unbounded' ? keys.length : Math.min(at + size(window.upper, 0) + 1, keys.length);
  return { from, to: Math.max(to, from) };
}
