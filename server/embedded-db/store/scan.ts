// Reading candidates in chunks, so that no statement stays open between two replies.

import { DatabaseError } from '../database-error.ts';
import type { Plan } from '../query/plan.ts';
import type { Collection, Index } from './catalog.ts';
import type { Connection, EntryRow } from './connection.ts';
import { PAUSE, Row, type Stream } from './row.ts';

/** Bodies can be large (16 MB each), entries are small. */
const ROWS_PER_CHUNK = 64;
const MAX_ENTRIES_PER_CHUNK = 512;

/** A paused scan cannot go on without its collection or index; the server answers the same.
 *  @throws 175 QueryPlanKilled */
function refuseDropped(collection: Collection, index: Index | null): void {
  const isGone = index !== null && !collection.indexes.some((each) => each.id === index.id);
  if (collection.isDropped || isGone) {
    throw new DatabaseError(
      175,
      `${isGone ? 'index' : 'collection'} dropped during a query on ${collection.namespace}`,
    );
  }
}

function* wholeCollection(connection: Connection, collection: Collection, isReverse: boolean): Stream<Row> {
  let from = isReverse ? Number.MAX_SAFE_INTEGER : 0;
  for (;;) {
    refuseDropped(collection, null);
    const rows = connection.documents(collection.id, from, isReverse, ROWS_PER_CHUNK);
    for (const row of rows) yield new Row(row);
    if (rows.length < ROWS_PER_CHUNK) return;
    from = (rows.at(-1) as { rid: number }).rid;
    yield PAUSE;
  }
}

/** Entries of all ranges in index order. */
function* entriesOf(
  connection: Connection,
  collection: Collection,
  index: Index,
  plan: Plan,
): Stream<EntryRow> {
  let size = 16;
  for (const range of plan.isReverse ? plan.ranges.toReversed() : plan.ranges) {
    let after: EntryRow | null = null;
    for (;;) {
      refuseDropped(collection, index);
      const entries: EntryRow[] = connection.entries(index.id, range, after, plan.isReverse, size);
      yield* entries;
      if (entries.length < size) break;
      after = entries.at(-1) ?? null;
      size = Math.min(size * 2, MAX_ENTRIES_PER_CHUNK);
      yield PAUSE;
    }
  }
}

function* throughIndex(
  connection: Connection,
  collection: Collection,
  index: Index,
  plan: Plan,
): Stream<Row> {
  const seen = new Set<number>();
  for (const entry of entriesOf(connection, collection, index, plan)) {
    if (entry === PAUSE) yield PAUSE;
    // Several keys of one document may be in the ranges, also when it changed during the scan.
    else if (!seen.has(entry.rid)) {
      seen.add(entry.rid);
      const found = connection.document(collection.id, entry.rid);
      if (found) yield new Row(found);
    }
  }
}

/** Candidates of a plan, each document at most once; the filter still has to be applied. */
export function scan(connection: Connection, collection: Collection, plan: Plan): Stream<Row> {
  return plan.index
    ? throughIndex(connection, collection, plan.index, plan)
    : wholeCollection(connection, collection, plan.isReverse);
}
