// Reading candidates in chunks, so that no statement stays open between two replies.

import type { Access, CollectionAccess, IndexAccess, Reading, UnionAccess } from '../query/access.ts';
import { compareSortKeys, type SortField, sortKey } from '../query/sort.ts';
import type { Collection } from './catalog.ts';
import type { Connection, StoredRow } from './connection.ts';
import { refuseDropped, ridsOf } from './entry-scan.ts';
import { merge } from './merge.ts';
import { PAUSE, Row, type Stream } from './row.ts';

/** Documents read at once: few at first, as these may be all that is wanted, and always few large ones (16 MB). */
const FIRST_ROWS = 8;
const MAX_FIRST_ROWS = 32;
const MAX_ROWS = 128;
const BYTES_PER_CHUNK = 256 * 1024;

/** One more than expected shows that a scan is at its end. */
function firstSize({ expected }: Reading): number {
  return expected > 0 ? Math.min(expected + 1, MAX_FIRST_ROWS) : FIRST_ROWS;
}

/** How many documents to read next, after these. */
function nextSize(size: number, rows: readonly StoredRow[]): number {
  const bytes = rows.reduce((sum, each) => sum + each.bytes.length, 1);
  return Math.max(1, Math.min(size * 2, MAX_ROWS, Math.ceil((BYTES_PER_CHUNK * rows.length) / bytes)));
}

/** One reading of one collection. */
interface Scan extends Reading {
  readonly connection: Connection;
  readonly collection: Collection;
}

function* wholeCollection(scan: Scan, access: CollectionAccess): Stream<Row> {
  const { connection, collection, tallies } = scan;
  const { isReverse } = access;
  const tally = tallies.of(access);
  let from = isReverse ? Number.MAX_SAFE_INTEGER : 0;
  let size = firstSize(scan);
  for (;;) {
    refuseDropped(collection, null);
    const rows = connection.documents(collection.id, from, isReverse, size);
    for (const row of rows) {
      tally.docs++;
      tally.given++;
      yield new Row(row);
    }
    if (rows.length < size) return;
    from = (rows.at(-1) as StoredRow).rid;
    size = nextSize(size, rows);
    yield PAUSE;
  }
}

/** Documents of row ids in their order, some at a time. */
function* documentsOf(scan: Scan, ids: Stream<readonly number[]>): Stream<Found[]> {
  const { connection, collection } = scan;
  let size = firstSize(scan);
  for (const rids of ids) {
    if (rids === PAUSE) {
      yield PAUSE;
      continue;
    }
    for (let at = 0; at < rids.length; ) {
      const part = rids.slice(at, at + size);
      at += size;
      // Others had their turn since the ids were read.
      refuseDropped(collection, null);
      const rows = connection.documentsOf(collection.id, part);
      const byRid = new Map(rows.map((row) => [row.rid, row]));
      yield part.map((rid) => ({ rid, row: byRid.get(rid) }));
      if (rows.length > 0) size = nextSize(size, rows);
    }
  }
}

interface Found {
  readonly rid: number;
  /** Undefined when it is gone since its entry was read. */
  readonly row: StoredRow | undefined;
}

function* throughIndex(scan: Scan, access: IndexAccess, seen: Set<number>): Stream<Row> {
  const tally = scan.tallies.of(access);
  const ids = ridsOf(scan.connection, scan.collection, access, firstSize(scan));
  for (const found of documentsOf(scan, ids)) {
    if (found === PAUSE) {
      yield PAUSE;
      continue;
    }
    for (const { rid, row } of found) {
      tally.keys++;
      // Several keys of one document may be in the ranges, also when it changed during the scan.
      if (seen.has(rid)) continue;
      seen.add(rid);
      tally.given++;
      if (!row) continue;
      tally.docs++;
      yield new Row(row);
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
  reading: Reading,
): Stream<Row> {
  const scan: Scan = { connection, collection, ...reading };
  switch (access.kind) {
    case 'collection':
      return wholeCollection(scan, access);
    case 'index':
      return throughIndex(scan, access, new Set());
    default:
      return union(scan, access);
  }
}
