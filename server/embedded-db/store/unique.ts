// Who stands in the way of a unique key.
import type { Collection, Index } from './catalog.ts';
import type { Connection } from './connection.ts';
import { type IndexKey, indexKeys, isSameKey } from './index-spec.ts';
import { Row } from './row.ts';

/** Row ids of the documents that have a key; of a unique index at most two are looked for. */
export function ridsOfSameKey(
  connection: Connection,
  collection: Collection,
  index: Index,
  key: IndexKey,
): number[] {
  if (!index.collation) return connection.ridsOfKey(index.id, key.bytes);
  return connection.allRidsOfKey(index.id, key.bytes).filter((rid) => {
    const stored = connection.document(collection.id, rid);
    return stored && indexKeys(index, new Row(stored).doc).keys.some((each) => isSameKey(index, each, key));
  });
}

/** The row id of another document that has the same key; undefined when there is none. */
export function otherRidOfSameKey(
  connection: Connection,
  collection: Collection,
  index: Index,
  key: IndexKey,
  own: number | null,
): number | undefined {
  if (!index.collation) return connection.otherRidOfKey(index.id, key.bytes, own);
  return ridsOfSameKey(connection, collection, index, key).find((rid) => rid !== own);
}
