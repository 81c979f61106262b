// Reading index entries in chunks: ranges one after another, runs merged.

import { DatabaseError } from '../database-error.ts';
import type { IndexAccess, Run, Tally } from '../query/access.ts';
import type { Collection, Index } from './catalog.ts';
import type { Connection, EntryRow, KeyRange } from './connection.ts';
import { merge } from './merge.ts';
import { PAUSE, type Stream } from './row.ts';
import type { Sliced } from './slices.ts';

/** Entries are small, so chunks may grow. */
const MAX_ENTRIES_PER_CHUNK = 512;
const FIRST_CHUNK = 16;
/** Entries counted in one statement. */
const COUNTED_PER_CHUNK = 10_000;

/** A paused scan cannot go on without its collection or index; the server answers the same.
 *  @throws 175 QueryPlanKilled */
export function refuseDropped(collection: Collection, index: Index | null): void {
  const isGone = index !== null && !collection.indexes.some((each) => each.id === index.id);
  if (collection.isDropped || isGone) {
    throw new DatabaseError(
      175,
      `${isGone ? 'index' : 'collection'} dropped during a query on ${collection.namespace}`,
    );
  }
}

function* entriesOfRun(
  connection: Connection,
  collection: Collection,
  access: IndexAccess,
  run: Run,
): Stream<EntryRow> {
  const { index, isReverse } = access;
  let size = FIRST_CHUNK;
  for (const range of isReverse ? run.ranges.toReversed() : run.ranges) {
    let after: EntryRow | null = null;
    for (;;) {
      refuseDropped(collection, index);
      const entries: EntryRow[] = connection.entries(index.id, range, after, isReverse, size);
      yield* entries;
      if (entries.length < size) break;
      after = entries.at(-1) ?? null;
      size = Math.min(size * 2, MAX_ENTRIES_PER_CHUNK);
      yield PAUSE;
    }
  }
}

interface Suffixed {
  readonly entry: EntryRow;
  /** The key behind the prefix of its run. */
  readonly suffix: Buffer;
}

function* suffixed(entries: Stream<EntryRow>, prefixLength: number): Stream<Suffixed> {
  for (const entry of entries) {
    yield entry === PAUSE ? PAUSE : { entry, suffix: entry.key.subarray(prefixLength) };
  }
}

function* mergedRuns(connection: Connection, collection: Collection, access: IndexAccess): Stream<EntryRow> {
  const sign = access.isReverse ? -1 : 1;
  const runs = access.runs.map((run) =>
    suffixed(entriesOfRun(connection, collection, access, run), run.prefixLength),
  );
  const order = (a: Suffixed, b: Suffixed) =>
    (Buffer.compare(a.suffix, b.suffix) || a.entry.rid - b.entry.rid) * sign;
  for (const each of merge(runs, order)) yield each === PAUSE ? PAUSE : each.entry;
}

/** The entries of an access in its order. */
export function* entriesOf(
  connection: Connection,
  collection: Collection,
  access: IndexAccess,
  tally: Tally,
): Stream<EntryRow> {
  const [run] = access.runs;
  if (!run) return;
  const entries =
    access.runs.length === 1
      ? entriesOfRun(connection, collection, access, run)
      : mergedRuns(connection, collection, access);
  for (const entry of entries) {
    if (entry !== PAUSE) tally.keys++;
    yield entry;
  }
}

/** How far a count goes. */
export interface CountedAccess {
  readonly access: IndexAccess;
  readonly atMost: number;
  readonly tally: Tally;
}

function* countDistinct(
  connection: Connection,
  collection: Collection,
  { access, atMost, tally }: CountedAccess,
): Sliced<number> {
  const seen = new Set<number>();
  for (const entry of entriesOf(connection, collection, access, tally)) {
    if (entry === PAUSE) yield PAUSE;
    else if (seen.add(entry.rid).size >= atMost) break;
  }
  return seen.size;
}

function* countRange(
  connection: Connection,
  collection: Collection,
  { access, atMost, tally }: CountedAccess,
  range: KeyRange,
): Sliced<number> {
  let found = 0;
  let after: EntryRow | null = null;
  for (;;) {
    refuseDropped(collection, access.index);
    const size = Math.min(COUNTED_PER_CHUNK, atMost - found);
    const chunk = connection.countEntries(access.index.id, range, after, size);
    tally.keys += chunk.count;
    found += chunk.count;
    if (!chunk.last || found >= atMost) return found;
    after = chunk.last;
    yield PAUSE;
  }
}

/** Counts the documents of an exact access by its entries alone. */
export function* countEntries(
  connection: Connection,
  collection: Collection,
  counted: CountedAccess,
): Sliced<number> {
  if (!counted.access.isOncePerDocument) return yield* countDistinct(connection, collection, counted);
  let found = 0;
  for (const range of counted.access.runs.flatMap((run) => run.ranges)) {
    const atMost = counted.atMost - found;
    if (atMost <= 0) break;
    found += yield* countRange(connection, collection, { ...counted, atMost }, range);
  }
  return found;
}
