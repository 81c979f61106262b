// Reading candidates in chunks, so that no statement stays open between two replies.

import type { Access, CollectionAccess, IndexAccess, Tallies, UnionAccess } from '../query/access.ts';
import { compareSortKeys, type SortField, sortKey } from '../query/sort.ts';
import type { Collection } from './catalog.ts';
import type { Connection } from './connection.ts';
import { entriesOf, refuseDropped } from './entry-scan.ts';
import { merge } from './merge.ts';
import { PAUSE, Row, type Stream } from './row.ts';

/** Bodies can be large (16 MB each), entries are small. */
const ROWS_PER_CHUNK = 64;

/** One reading of one collection. */
interface Scan {
  readonly connection: Connection;
  readonly collection: Collection;
  readonly tallies: Tallies;
}

function* wholeCollection({ connection, collection, tallies }: Scan, access: CollectionAccess): Stream<Row> {
  const { isReverse } = access;
  const tally = tallies.of(access);
  let from = isReverse ? Number.MAX_SAFE_INTEGER : 0;
  for (;;) {
    refuseDropped(collection, null);
    const rows = connection.documents(collection.id, from, isReverse, ROWS_PER_CHUNK);
    for (const row of rows) {
      tally.docs++;
      tally.given++;
      yield new Row(row);
    }
    if (rows.length < ROWS_PER_CHUNK) return;
    from = (rows.at(-1) as { rid: number }).rid;
    yield PAUSE;
  }
}

function* throughIndex(
  { connection, collection, tallies }: Scan,
  access: IndexAccess,
  seen: Set<number>,
): Stream<Row> {
  const tally = tallies.of(access);
  for (const entry of entriesOf(connection, collection, access, tally)) {
    if (entry === PAUSE) yield PAUSE;
    // Several keys of one document may be in the ranges, also when it changed during the scan.
    else if (!seen.has(entry.rid)) {
      seen.add(entry.rid);
      tally.given++;
      const found = connection.document(collection.id, entry.rid);
      if (!found) continue;
      tally.docs++;
      yield new Row(found);
    }
  }
}

function* oneAfterAnother<T>(streams: readonly Stream<T>[]): Stream<T> {
  for (const each of streams) yield* each;
}

interface Keyed {
  readonly row: Row;
  readonly keys: ReturnType<typeof sortKey>;
}

function* keyed(rows: Stream<Row>, sort: readonly SortField[]): Stream<Keyed> {
  for (const row of rows) {
    yield row === PAUSE ? PAUSE : { row, keys: sortKey(row.doc, sort) };
  }
}

function* union(scan: Scan, access: UnionAccess): Stream<Row> {
  // A document that several branches find is read by the first of them alone.
  const seen = new Set<number>();
  const branches = access.branches.map((each) => throughIndex(scan, each, seen));
  const sort = access.merge;
  if (!sort) return yield* oneAfterAnother(branches);
  const order = (a: Keyed, b: Keyed) => compareSortKeys(a.keys, b.keys, sort) || a.row.rid - b.row.rid;
  const sorted = branches.map((each) => keyed(each, sort));
  for (const each of merge(sorted, order)) yield each === PAUSE ? PAUSE : each.row;
}

/** Candidates, each document at most once; the filter still has to be applied. */
export function scan(
  connection: Connection,
  collection: Collection,
  access: Access,
  tallies: Tallies,
): Stream<Row> {
  const scan: Scan = { connection, collection, tallies };
  switch (access.kind) {
    case 'collection':
      return wholeCollection(scan, access);
    case 'index':
      return throughIndex(scan, access, new Set());
    default:
      return union(scan, access);
  }
}
