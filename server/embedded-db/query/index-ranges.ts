// The ranges a filter leaves of one index, and the order in which they come.
import type { Index } from '../store/catalog.ts';
import type { KeyRange } from '../store/connection.ts';
import { afterPrefix } from '../value/key.ts';
import type { IndexAccess, Run } from './access.ts';
import { type Bounds, combine } from './bounds.ts';
import { keepsTextOrder } from './index-order.ts';
import { EVERYTHING, type Interval, inverted } from './interval.ts';
import { fieldBit } from './key-path.ts';
import type { SortField } from './sort.ts';

/** More ranges than this are read as one scan of the shared prefix. */
const MAX_RANGES = 2_000;
/** More runs than this are not merged; the same number as on the server. */
const MAX_MERGED_RUNS = 200;

const ALL: KeyRange = { lower: Buffer.alloc(0), upper: Buffer.from([0xff]) };

/** What a filter leaves of an index. */
export interface IndexRanges {
  /** One for each combination of leading points, in index order. */
  readonly runs: readonly Run[];
  /** Per index field; null for a field that is not bounded. */
  readonly fields: readonly (readonly Interval[] | null)[];
  /** How many leading fields are bounded by points only. */
  readonly points: number;
  /** True when the field after the points is bounded by a range. */
  readonly hasRange: boolean;
  readonly isExact: boolean;
}

/** True when an array may have given keys to this field of an index. */
export function holdsArrays(index: Index, at: number): boolean {
  return (index.arrays & fieldBit(at)) !== 0;
}

function root(name: string): string {
  return name.split('.', 1)[0] as string;
}

function endless(prefix: Buffer): KeyRange {
  return prefix.length === 0 ? ALL : { lower: prefix, upper: afterPrefix(prefix) ?? ALL.upper };
}

interface FieldBounds {
  readonly intervals: readonly Interval[];
  readonly isExact: boolean;
}

function fieldBounds(index: Index, at: number, bounds: Bounds): FieldBounds | null {
  const field = index.fields[at];
  const predicates = field && bounds.paths.get(field.name);
  if (!field || !predicates) return null;
  const isMultikey = holdsArrays(index, at);
  // Two fields under one array may be met by different elements.
  const isShared = index.fields.slice(0, at).some((each) => root(each.name) === root(field.name));
  if (isMultikey && isShared) return null;
  const { intervals, isExact } = combine(predicates, isMultikey);
  if (intervals.length === 1 && intervals[0] === EVERYTHING) return null;
  return {
    intervals: field.direction === 1 ? intervals : intervals.map(inverted),
    isExact,
  };
}

function byLower(a: KeyRange, b: KeyRange): number {
  return Buffer.compare(a.lower, b.lower);
}

function rangesAfter(prefix: Buffer, intervals: readonly Interval[]): KeyRange[] {
  const ranges = intervals.map(({ lower, upper }) => ({
    lower: Buffer.concat([prefix, lower.key]),
    upper: Buffer.concat([prefix, upper.key]),
  }));
  return ranges.sort(byLower);
}

/** Bounds an index: leading points, then at most one range. */
export function rangesOf(index: Index, bounds: Bounds): IndexRanges {
  let prefixes: Buffer[] = [Buffer.alloc(0)];
  const fields: (readonly Interval[] | null)[] = index.fields.map(() => null);
  let points = 0;
  let range: readonly Interval[] | null = null;
  // Every path the filter names has to be bounded, and exactly, for the ranges to decide it.
  let isExact = bounds.isWhole;
  let used = 0;
  for (let at = 0; at < index.fields.length && !range; at++) {
    const found = fieldBounds(index, at, bounds);
    if (!found || found.intervals.length * prefixes.length > MAX_RANGES) break;
    fields[at] = found.intervals;
    used++;
    isExact &&= found.isExact;
    if (found.intervals.every((each) => each.isPoint)) {
      points++;
      prefixes = prefixes.flatMap((prefix) =>
        found.intervals.map((each) => Buffer.concat([prefix, each.lower.key])),
      );
    } else range = found.intervals;
  }
  const runs = prefixes.sort(Buffer.compare).map((prefix) => ({
    prefixLength: prefix.length,
    ranges: range ? rangesAfter(prefix, range) : [endless(prefix)],
  }));
  return { runs, fields, points, hasRange: range !== null, isExact: isExact && used === bounds.paths.size };
}

function isPinned({ fields }: IndexRanges, at: number): boolean {
  return fields[at]?.length === 1 && fields[at][0]?.isPoint === true;
}

/** Where the sort fields stand in an index, those with one value left out; null when they do not follow
 *  each other there.
 *  @param isFixed - whether an index field has one value only in what is read in a row */
function places(
  index: Index,
  sort: readonly SortField[],
  isFixed: (at: number) => boolean,
): { readonly wanted: SortField; readonly at: number }[] | null {
  const out: { wanted: SortField; at: number }[] = [];
  let next = 0;
  for (const wanted of sort) {
    const at = index.fields.findIndex((each) => each.name === wanted.name);
    // A document is sorted by the smallest of its keys, an entry holds any of them.
    if (at < 0 || holdsArrays(index, at)) return null;
    if (isFixed(at)) continue;
    while (next < at && isFixed(next)) next++;
    if (at !== next) return null;
    out.push({ wanted, at });
    next = at + 1;
  }
  return out;
}

/** 1 when entries come in the sort order, -1 when they do backwards, 0 when they do not. */
function direction(index: Index, sort: readonly SortField[], isFixed: (at: number) => boolean): 1 | -1 | 0 {
  const found = keepsTextOrder(index) ? places(index, sort, isFixed) : null;
  if (!found) return 0;
  const turns = found.map(({ wanted, at }) => wanted.direction * (index.fields[at]?.direction ?? 1));
  if (turns.every((each) => each === 1)) return 1;
  return turns.every((each) => each === -1) ? -1 : 0;
}

interface Order {
  readonly runs: readonly Run[];
  readonly direction: 1 | -1 | 0;
}

function inOneRow(runs: readonly Run[]): readonly Run[] {
  return runs.length <= 1 ? runs : [{ prefixLength: 0, ranges: runs.flatMap((run) => run.ranges) }];
}

/** The runs to read and whether they give the sort order: one after another, or merged. */
function ordered(index: Index, found: IndexRanges, sort: readonly SortField[]): Order {
  const whole = { runs: inOneRow(found.runs), direction: 0 } as const;
  if (sort.length === 0) return whole;
  const inRow = direction(index, sort, (at) => isPinned(found, at));
  if (inRow !== 0 || found.runs.length === 1 || found.runs.length > MAX_MERGED_RUNS) {
    return { ...whole, direction: inRow };
  }
  const isSortedByPoints = sort.some((field) => {
    const at = index.fields.findIndex((each) => each.name === field.name);
    return at < found.points && !isPinned(found, at);
  });
  const merged = isSortedByPoints ? 0 : direction(index, sort, (at) => at < found.points);
  return merged === 0 ? whole : { runs: found.runs, direction: merged };
}

function isOnce(index: Index, found: IndexRanges): boolean {
  return index.fields.every((_, at) => !holdsArrays(index, at) || isPinned(found, at));
}

/** An access through an index. */
export function accessOf(
  index: Index,
  found: IndexRanges,
  sort: readonly SortField[],
): { readonly access: IndexAccess; readonly isSorted: boolean } {
  const order = ordered(index, found, sort);
  const isPoint = index.fields.every((_, at) => isPinned(found, at));
  const access: IndexAccess = {
    kind: 'index',
    index,
    runs: order.runs,
    isReverse: order.direction === -1,
    fields: found.fields,
    isExact: found.isExact,
    isOncePerDocument: isOnce(index, found),
    // A key of a collation may be shared by strings that are not equal.
    isUniquePoint: index.isUnique && isPoint && !index.collation,
  };
  return { access, isSorted: order.direction !== 0 };
}
