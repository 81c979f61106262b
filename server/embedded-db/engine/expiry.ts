// TTL indexes: removing documents whose date has passed.

import type { Collection, Index } from '../store/catalog.ts';
import type { EntryRow, KeyRange } from '../store/connection.ts';
import { Row } from '../store/row.ts';
import { afterPrefix, partKey } from '../value/key.ts';
import { BRACKET } from '../value/type-order.ts';
import { documentLock } from './locks.ts';
import type { Storage } from './storage.ts';
import type { Pace, Work } from './work.ts';
import type { WriteTarget } from './write-target.ts';

/** Entries are looked up this many at a time. */
const CHUNK = 64;

/** The keys of all dates up to the limit. */
function dueRange(index: Index, seconds: number, now: number): KeyRange {
  const limit = partKey(new Date(now - seconds * 1000));
  // A descending index holds inverted keys.
  return index.fields[0]?.direction === -1
    ? { lower: Buffer.from(limit.map((byte) => ~byte)), upper: Buffer.from([~BRACKET.date + 1]) }
    : { lower: Buffer.from([BRACKET.date]), upper: afterPrefix(limit) ?? limit };
}

function isThere(storage: Storage, collection: Collection, index: Index): boolean {
  const found = storage.catalog.find(collection.db, collection.name);
  return found?.id === collection.id && found.indexes.some((each) => each.id === index.id);
}

/** Removes the documents of some entries; those in open transactions wait for the next round. */
function removeRows(
  storage: Storage,
  target: WriteTarget,
  collection: Collection,
  rids: ReadonlySet<number>,
): number {
  let removed = 0;
  for (const rid of rids) {
    const found = storage.main.document(collection.id, rid);
    if (!found || storage.locks.other(documentLock(collection, rid), null)) continue;
    target.remove(collection, new Row(found));
    removed++;
  }
  return removed;
}

function* removeDue(
  { storage, target, pace, now }: Round,
  collection: Collection,
  index: Index,
  seconds: number,
): Work<number> {
  const range = dueRange(index, seconds, now);
  let removed = 0;
  for (let after: EntryRow | null = null; isThere(storage, collection, index); ) {
    const entries: EntryRow[] = storage.main.entries(
      { index: index.id, range, after, isReverse: false },
      CHUNK,
    );
    removed += removeRows(storage, target, collection, new Set(entries.map((each) => each.rid)));
    after = entries.at(-1) ?? null;
    if (!after) break;
    if (pace.isOver) yield null;
  }
  return removed;
}

/** One look at all TTL indexes. */
export interface Round {
  readonly storage: Storage;
  readonly target: WriteTarget;
  readonly pace: Pace;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Removes what is due in every TTL index.
 *  @returns how many documents were removed */
export function* removeExpired(round: Round): Work<number> {
  let removed = 0;
  for (const collection of round.storage.catalog.list()) {
    for (const index of collection.indexes) {
      const seconds = index.expireAfterSeconds;
      if (seconds !== null) removed += yield* removeDue(round, collection, index, seconds);
    }
  }
  return removed;
}
