// Finding documents: plan, filter, sort, skip, limit, as one stream.

import type { Doc, Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { compileFilter } from '../query/filter.ts';
import { choosePlan } from '../query/plan.ts';
import { compareSortKeys, type SortField, sortKey } from '../query/sort.ts';
import type { Collection } from '../store/catalog.ts';
import { PAUSE, type Row, type Stream } from '../store/row.ts';
import type { View } from './write-target.ts';

/** A sort keeps at most this many bytes in memory. */
const MAX_SORT_BYTES = 100 * 1024 * 1024;

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

interface Sorted {
  readonly row: Row;
  readonly keys: readonly (Value | undefined)[];
}

function* filtered(rows: Stream<Row>, filter: Doc): Stream<Row> {
  if (filter.size === 0) return yield* rows;
  const matches = compileFilter(filter);
  for (const row of rows) if (row === PAUSE || matches(row.doc)) yield row;
}

function* sorted(rows: Stream<Row>, fields: readonly SortField[], keep: number): Stream<Row> {
  const all: Sorted[] = [];
  const order = (a: Sorted, b: Sorted) => compareSortKeys(a.keys, b.keys, fields) || a.row.rid - b.row.rid;
  let bytes = 0;
  for (const row of rows) {
    if (row === PAUSE) {
      yield PAUSE;
      continue;
    }
    all.push({ row, keys: sortKey(row.doc, fields) });
    bytes += row.bytes.length;
    // With a limit only the best so far are kept.
    if (keep > 0 && all.length >= keep * 2 + 1_000) {
      all.sort(order).length = keep;
      bytes = all.reduce((sum, each) => sum + each.row.bytes.length, 0);
    }
    if (bytes > MAX_SORT_BYTES) {
      throw new DatabaseError(
        292,
        'Sort exceeded memory limit of 104857600 bytes, but did not opt in to external sorting.',
      );
    }
  }
  for (const { row } of all.sort(order)) yield row;
}

function* window(rows: Stream<Row>, skip: number, limit: number): Stream<Row> {
  let toSkip = skip;
  let left = limit > 0 ? limit : Number.POSITIVE_INFINITY;
  for (const row of rows) {
    if (row === PAUSE) yield PAUSE;
    else if (toSkip > 0) toSkip--;
    else {
      yield row;
      if (--left === 0) return;
    }
  }
}

/** Streams the matching rows; an unknown collection has none, but a bad filter is refused all the same. */
export function select(view: View, selection: Selection): Stream<Row> {
  const { collection, filter, sort = [], hint, skip = 0, limit = 0 } = selection;
  if (!collection) {
    compileFilter(filter);
    return (function* () {})();
  }
  const plan = choosePlan({ collection, filter, sort, hint, asOf: view.asOf });
  const rows = filtered(view.scan(collection, plan), filter);
  const isSorted = sort.length === 0 || (plan.isSorted && view.keepsOrder(collection));
  const ordered = isSorted ? rows : sorted(rows, sort, limit > 0 ? skip + limit : 0);
  return skip > 0 || limit > 0 ? window(ordered, skip, limit) : ordered;
}

/** All matching rows at once, for writes. */
export function selectAll(view: View, selection: Selection): Row[] {
  const out: Row[] = [];
  for (const row of select(view, selection)) if (row !== PAUSE) out.push(row);
  return out;
}
