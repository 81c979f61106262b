// Reading index entries in chunks: ranges one after another, runs merged.

import { DatabaseError } from '../database-error.ts';
import type { IndexAccess, Run, Tally } from '../query/access.ts';
import type { Collection, Index } from './catalog.ts';
import type { Connection, EntryRow, KeyRange, RangePart } from './connection.ts';
import { merge } from './merge.ts';
import { PAUSE, type Stream } from './row.ts';
import type { Sliced } from './slices.ts';

/** Entries are small, so chunks may grow. */
const MAX_ENTRIES_PER_CHUNK = 512;
const FIRST_CHUNK = 16;
/** Small ranges read between two pauses. */
const RANGES_PER_PAUSE = 32;
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

/** A part of a range to be read. */
interface PartToRead {
  readonly at: RangePart;
  readonly size: number;
  /** Set by who reads it: the entry to go on behind, null when the range has no more. */
  last: EntryRow | null;
}

/** Parts of the ranges of a run one after another. */
function* partsOf(
  collection: Collection,
  { index, isReverse }: IndexAccess,
  run: Run,
  firstSize: number,
): Stream<PartToRead> {
  let size = firstSize;
  let ranges = 0;
  for (const range of isReverse ? run.ranges.toReversed() : run.ranges) {
    let after: EntryRow | null = null;
    for (;;) {
      refuseDropped(collection, index);
      const part: PartToRead = { at: { index: index.id, range, after, isReverse }, size, last: null };
      yield part;
      after = part.last;
      if (!after) break;
      size = Math.min(size * 2, MAX_ENTRIES_PER_CHUNK);
      yield PAUSE;
    }
    if (++ranges % RANGES_PER_PAUSE === 0) yield PAUSE;
  }
}

function* entriesOfRun(
  connection: Connection,
  collection: Collection,
  access: IndexAccess,
  run: Run,
): Stream<EntryRow> {
  for (const part of partsOf(collection, access, run, FIRST_CHUNK)) {
    if (part === PAUSE) {
      yield PAUSE;
      continue;
    }
    const entries = connection.entries(part.at, part.size);
    yield* entries;
    part.last = entries.length < part.size ? null : (entries.at(-1) ?? null);
  }
}

function* ridsOfRun(
  connection: Connection,
  collection: Collection,
  access: IndexAccess,
  firstSize: number,
): Stream<readonly number[]> {
  const [run] = access.runs;
  if (!run) return;
  for (const part of partsOf(collection, access, run, firstSize)) {
    if (part === PAUSE) {
      yield PAUSE;
      continue;
    }
    const rids = connection.rids(part.at, part.size);
    // Where to go on is found at once: others may write before the next part is read.
    if (rids.length === part.size) part.last = connection.entryAt(part.at, part.size - 1) ?? null;
    yield rids;
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

/** Row ids of the entries of an access in its order, some at a time; an id comes once for each of its entries. */
export function* ridsOf(
  connection: Connection,
  collection: Collection,
  access: IndexAccess,
  firstSize: number,
): Stream<readonly number[]> {
  const point = access.runs[0]?.ranges[0];
  if (access.isUniquePoint && point) {
    refuseDropped(collection, access.index);
    // All fields are given, so the lower end is the key itself.
    yield connection.ridsOfKey(access.index.id, point.lower);
  } else if (access.runs.length === 1) yield* ridsOfRun(connection, collection, access, firstSize);
  else {
    for (const entry of mergedRuns(connection, collection, access))
      yield entry === PAUSE ? PAUSE : [entry.rid];
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
  for (const rids of ridsOf(connection, collection, access, COUNTED_PER_CHUNK)) {
    if (rids === PAUSE) {
      yield PAUSE;
      continue;
    }
    for (const rid of rids) {
      tally.keys++;
      if (seen.add(rid).size >= atMost) return seen.size;
    }
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
