// Finding documents: plan, filter, sort, skip, limit, as one stream.

import type { Doc, Value } from '../bson/value.ts';
import { type Plan, Tallies } from '../query/access.ts';
import { compileFilter, type Filter } from '../query/filter.ts';
import { choosePlan } from '../query/plan.ts';
import type { SortField } from '../query/sort.ts';
import type { Collection } from '../store/catalog.ts';
import { PAUSE, type Row, type Stream } from '../store/row.ts';
import { wantsPause } from '../value/effort.ts';
import { sortedRows } from './row-sort.ts';
import type { View } from './write-target.ts';

/** What to find. */
export interface Selection {
  readonly collection: Collection | undefined;
  readonly filter: Doc;
  readonly sort?: readonly SortField[];
  readonly hint?: Value | undefined;
  readonly skip?: number;
  /** 0 for no limit. */
  readonly limit?: number;
}

function* filtered(rows: Stream<Row>, matches: Filter, progress: Progress): Stream<Row> {
  for (const row of rows) {
    if (row === PAUSE) yield PAUSE;
    else if (matches(row.doc)) {
      progress.matched++;
      yield row;
    }
    if (wantsPause()) yield PAUSE;
  }
}

function* window(rows: Stream<Row>, skip: number, limit: number, progress: Progress): Stream<Row> {
  let toSkip = skip;
  let left = limit > 0 ? limit : Number.POSITIVE_INFINITY;
  for (const row of rows) {
    if (row === PAUSE) yield PAUSE;
    else if (toSkip > 0) toSkip--;
    else {
      progress.returned++;
      yield row;
      if (--left === 0) return;
    }
  }
}

/** What a selection has done so far. */
export interface Progress {
  readonly tallies: Tallies;
  /** Rows that passed the filter. */
  matched: number;
  /** Rows given, after skip and limit. */
  returned: number;
}

/** A selection ready to run: its plan and the rows it will give. */
export interface Prepared {
  /** Null when the collection does not exist. */
  readonly plan: Plan | null;
  /** True when the rows are sorted in memory. */
  readonly isSorting: boolean;
  /** True when the filter is applied to the candidates. */
  readonly isFiltering: boolean;
  readonly progress: Progress;
  readonly rows: Stream<Row>;
}

function planOf(view: View, collection: Collection, selection: Selection): Plan {
  const { filter, sort = [], hint, skip = 0, limit = 0 } = selection;
  return choosePlan({
    collection,
    filter,
    sort,
    hint,
    limit: limit > 0 ? skip + limit : 0,
    asOf: view.asOf,
    count: (index, ranges, atMost) => view.countUpTo(index, ranges, atMost),
  });
}

/** Plans a selection; an unknown collection has no rows, but a bad filter is refused all the same. */
export function prepare(view: View, selection: Selection): Prepared {
  const { collection, filter, sort = [], skip = 0, limit = 0 } = selection;
  const matches = compileFilter(filter);
  const progress: Progress = { tallies: new Tallies(), matched: 0, returned: 0 };
  if (!collection) {
    return { plan: null, isSorting: false, isFiltering: false, progress, rows: (function* () {})() };
  }
  const plan = planOf(view, collection, selection);
  const follows = view.followsIndexes(collection);
  // Entry and document of a unique key are read at once, so that nobody can have changed it in between.
  const { access } = plan;
  const isDecided = follows && access.kind === 'index' && access.isUniquePoint && access.isExact;
  const isFiltering = filter.size > 0 && !isDecided;
  const isSorting = sort.length > 0 && !(plan.isSorted && follows);
  const wanted = limit > 0 ? skip + limit : 0;
  const reading = { tallies: progress.tallies, expected: isSorting ? 0 : wanted };
  const candidates = view.scan(collection, access, reading);
  const found = filtered(candidates, isFiltering ? matches : () => true, progress);
  const ordered = isSorting ? sortedRows(found, sort, wanted) : found;
  const rows = window(ordered, skip, limit, progress);
  return { plan, isSorting, isFiltering, progress, rows };
}

/** Streams the matching rows. */
export function select(view: View, selection: Selection): Stream<Row> {
  return prepare(view, selection).rows;
}

/** All matching rows at once, for writes. */
export function selectAll(view: View, selection: Selection): Row[] {
  const out: Row[] = [];
  for (const row of select(view, selection)) if (row !== PAUSE) out.push(row);
  return out;
}
