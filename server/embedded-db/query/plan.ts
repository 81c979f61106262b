// Choosing how to find candidates: which index, which ranges, and whether it already sorts.

import { truthy } from '../aggregate/truth.ts';
import { type Doc, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import type { Collection, Index } from '../store/catalog.ts';
import type { KeyRange } from '../store/connection.ts';
import { equalValues } from '../value/compare.ts';
import { afterPrefix } from '../value/key.ts';
import { type Bounds, boundsOf, combine, type Interval, inverted } from './bounds.ts';
import type { SortField } from './sort.ts';

/** How candidates are read. */
export interface Plan {
  /** Null for a scan of the whole collection. */
  readonly index: Index | null;
  readonly ranges: readonly KeyRange[];
  readonly isReverse: boolean;
  /** True when candidates already come in the asked order. */
  readonly isSorted: boolean;
}

/** What is asked of a plan. */
export interface PlanRequest {
  readonly collection: Collection;
  readonly filter: Doc;
  readonly sort: readonly SortField[];
  readonly hint: Value | undefined;
  /** Indexes made later than this version are not used (snapshots of transactions). */
  readonly asOf: number | null;
}

interface Scored extends Plan {
  readonly score: number;
}

/** More ranges than this are read as one scan of the shared prefix. */
const MAX_RANGES = 2_000;

const ALL: KeyRange = { lower: Buffer.alloc(0), upper: Buffer.from([0xff]) };
const SCAN: Plan = { index: null, ranges: [], isReverse: false, isSorted: false };

function first(name: string): string {
  return name.split('.', 1)[0] as string;
}

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

function implies(filter: Doc, name: string, wanted: Value): boolean {
  for (const [clause, operand] of clausesOf(filter)) {
    if (clause === name && impliesClause(operand, wanted)) return true;
  }
  return false;
}

/** True when every document the filter can match is in the index. */
function covers(index: Index, filter: Doc): boolean {
  if (index.partial) {
    for (const [name, wanted] of index.partial.source) if (!implies(filter, name, wanted)) return false;
  }
  if (!index.isSparse) return true;
  for (const [name, operand] of clausesOf(filter)) {
    if (index.fields.some((field) => field.name === name) && excludesMissing(operand)) return true;
  }
  return false;
}

interface Prefixes {
  readonly prefixes: Buffer[];
  readonly ranges: KeyRange[];
  /** Fields pinned to exactly one value. */
  readonly pinned: number;
  readonly points: number;
  readonly hasRange: boolean;
}

function endless(prefix: Buffer): KeyRange {
  return prefix.length === 0 ? ALL : { lower: prefix, upper: afterPrefix(prefix) ?? ALL.upper };
}

function intervalsFor(index: Index, at: number, bounds: Bounds): readonly Interval[] | null {
  const field = index.fields[at];
  const sets = field && bounds.get(field.name);
  if (!field || !sets) return null;
  // Two fields under one array may be met by different elements.
  const isShared = index.fields.slice(0, at).some((each) => first(each.name) === first(field.name));
  if (index.isMultikey && isShared) return null;
  const found = combine(sets, index.isMultikey);
  return field.direction === 1 ? found : found.map(inverted);
}

function byLower(a: KeyRange, b: KeyRange): number {
  return Buffer.compare(a.lower, b.lower);
}

function prefixesOf(index: Index, bounds: Bounds): Prefixes {
  let prefixes: Buffer[] = [Buffer.alloc(0)];
  let pinned = 0;
  let points = 0;
  for (let at = 0; at < index.fields.length; at++) {
    const intervals = intervalsFor(index, at, bounds);
    if (!intervals || intervals.length * prefixes.length > MAX_RANGES) break;
    if (!intervals.every((each) => each.isPoint)) {
      const ranges = prefixes.flatMap((prefix) =>
        intervals.map((each) => ({
          lower: Buffer.concat([prefix, each.lower]),
          upper: Buffer.concat([prefix, each.upper]),
        })),
      );
      return { prefixes, ranges: ranges.sort(byLower), pinned, points, hasRange: true };
    }
    prefixes = prefixes.flatMap((prefix) => intervals.map((each) => Buffer.concat([prefix, each.lower])));
    if (intervals.length === 1 && pinned === at) pinned++;
    points++;
  }
  return { prefixes, ranges: prefixes.map(endless).sort(byLower), pinned, points, hasRange: false };
}

/** 1 when the index gives the sort order, -1 when it does backwards, 0 when it does not. */
function sortDirection(index: Index, sort: readonly SortField[], pinned: number): 1 | -1 | 0 {
  if (index.isMultikey || sort.length === 0) return 0;
  const fixed = new Set(index.fields.slice(0, pinned).map((field) => field.name));
  const open = sort.filter((field) => !fixed.has(field.name));
  let direction: 1 | -1 | 0 = 0;
  for (let i = 0; i < open.length; i++) {
    const [wanted, field] = [open[i] as SortField, index.fields[pinned + i]];
    if (field?.name !== wanted.name) return 0;
    const each = field.direction === wanted.direction ? 1 : -1;
    if (direction !== 0 && direction !== each) return 0;
    direction = each;
  }
  return direction === 0 ? 1 : direction;
}

function score(found: Prefixes, index: Index, isSorted: boolean): number {
  if (index.isUnique && found.points === index.fields.length) return 1_000;
  return found.points * 10 + (found.hasRange ? 5 : 0) + (isSorted ? 3 : 0);
}

function planFor(index: Index, bounds: Bounds, sort: readonly SortField[]): Scored {
  const found = prefixesOf(index, bounds);
  // Several ranges come one after another, which is the index order only when a range is the last field.
  const isOneRun = found.prefixes.length === 1;
  const direction = isOneRun ? sortDirection(index, sort, found.pinned) : 0;
  return {
    index,
    ranges: found.ranges,
    isReverse: direction === -1,
    isSorted: direction !== 0,
    score: score(found, index, direction !== 0),
  };
}

function hinted(request: PlanRequest, hint: Value): Index | null {
  if (isDoc(hint) && hint.has('$natural')) return null;
  const found = request.collection.indexes.find((index) =>
    typeof hint === 'string' ? index.name === hint : equalValues(index.spec.get('key') ?? null, hint),
  );
  if (!found) {
    throw new DatabaseError(
      2,
      'error processing query: hint provided does not correspond to an existing index',
    );
  }
  return found;
}

/** Picks the best index, or a scan of the collection when none helps.
 *  @throws 2 BadValue when the hint names no index */
export function choosePlan(request: PlanRequest): Plan {
  const { hint, sort, filter } = request;
  const bounds = boundsOf(filter);
  if (hint !== undefined && !(isDoc(hint) && hint.size === 0)) {
    const index = hinted(request, hint);
    return index ? planFor(index, bounds, sort) : SCAN;
  }
  let best: Scored | null = null;
  for (const index of request.collection.indexes) {
    if ((request.asOf !== null && index.madeAt > request.asOf) || !covers(index, filter)) continue;
    const plan = planFor(index, bounds, sort);
    if (plan.score > (best?.score ?? 0)) best = plan;
  }
  return best ?? SCAN;
}
