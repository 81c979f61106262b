// TTL indexes: removing documents whose date has passed.

import type { Collection, Index } from '../store/catalog.ts';
import { Row } from '../store/row.ts';
import { afterPrefix, partKey } from '../value/key.ts';
import { BRACKET } from '../value/type-order.ts';
import { documentLock } from './locks.ts';
import type { Storage } from './storage.ts';
import type { WriteTarget } from './write-target.ts';

/** One round removes at most this many per index, so that others are not held up. */
const MAX_PER_ROUND = 1_000;

function expired(
  storage: Storage,
  collection: Collection,
  index: Index,
  seconds: number,
  now: number,
): Row[] {
  const limit = partKey(new Date(now - seconds * 1000));
  const isDescending = index.fields[0]?.direction === -1;
  const lower = Buffer.from([BRACKET.date]);
  // A descending index holds inverted keys; these are rare enough to be scanned from their own end.
  const range = isDescending
    ? { lower: Buffer.from(limit.map((byte) => ~byte)), upper: Buffer.from([~BRACKET.date + 1]) }
    : { lower, upper: afterPrefix(limit) ?? limit };
  const rids = storage.main.entries(index.id, range, null, false, MAX_PER_ROUND).map((each) => each.rid);
  const rows: Row[] = [];
  for (const rid of new Set(rids)) {
    const found = storage.main.document(collection.id, rid);
    const isLocked = storage.locks.other(documentLock(collection, rid), null) !== undefined;
    if (found && !isLocked) rows.push(new Row(found));
  }
  return rows;
}

/** Removes what is due in every TTL index; documents in open transactions wait for the next round.
 *  @param now - milliseconds since 1970
 *  @returns how many were removed */
export function removeExpired(storage: Storage, target: WriteTarget, now: number): number {
  let removed = 0;
  for (const collection of storage.catalog.list()) {
    for (const index of collection.indexes) {
      if (index.expireAfterSeconds === null) continue;
      for (const row of expired(storage, collection, index, index.expireAfterSeconds, now)) {
        target.remove(collection, row);
        removed++;
      }
    }
  }
  return removed;
}
