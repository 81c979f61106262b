// Writing documents together with their index entries.

import { encodeDoc, MAX_STORED_LEVELS } from '../bson/encode.ts';
import { show } from '../bson/show.ts';
import type { Doc } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import type { Catalog, Collection, Index } from './catalog.ts';
import type { Connection } from './connection.ts';
import { type IndexKey, indexKeys } from './index-spec.ts';
import type { Row } from './row.ts';

/** Largest stored document, as announced in hello. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** All keys of one document in one index. */
export interface KeysOfIndex {
  readonly index: Index;
  readonly keys: readonly IndexKey[];
  /** See `DocumentKeys`. */
  readonly arrays: number;
}

/** The keys a document has in every index of its collection, also in those being filled. */
export function allKeys({ indexes, unfinished }: Collection, source: Doc): KeysOfIndex[] {
  const all = unfinished.length === 0 ? indexes : [...indexes, ...unfinished];
  return all.map((index) => ({ index, ...indexKeys(index, source) }));
}

/** The keys a stored document has in an index. One on its way may be unable to take it; whoever fills it says so. */
function storedKeys(index: Index, source: Doc): readonly IndexKey[] {
  try {
    return indexKeys(index, source).keys;
  } catch (error) {
    if (!index.suspects) throw error;
    return [];
  }
}

/** A document as stored bytes.
 *  @throws 10334 BSONObjectTooLarge beyond 16 MB; 15 Overflow for too many levels */
export function storedBytes(source: Doc): Buffer {
  const bytes = encodeDoc(source, MAX_STORED_LEVELS);
  if (bytes.length > MAX_DOCUMENT_BYTES) {
    throw new DatabaseError(
      10334,
      `BSONObj size: ${bytes.length} is invalid. Size must be between 0 and ${MAX_DOCUMENT_BYTES}`,
    );
  }
  return bytes;
}

/** Up to so many comparisons are faster than a set. */
const FEW = 64;

/** The keys that are not among others. */
function without(keys: readonly IndexKey[], others: readonly IndexKey[]): IndexKey[] {
  if (keys.length * others.length <= FEW) {
    return keys.filter((key) => !others.some((other) => other.bytes.equals(key.bytes)));
  }
  const all = new Set(others.map((other) => other.bytes.toString('latin1')));
  return keys.filter((key) => !all.has(key.bytes.toString('latin1')));
}

/** Puts rows and entries; uniqueness and locks are checked before by the caller. */
export class Documents {
  readonly #connection: Connection;
  readonly #catalog: Catalog;
  /** True after a failure between a row and its entries or its record: what is in the transaction must not be committed. */
  isHalfWritten = false;

  constructor(connection: Connection, catalog: Catalog) {
    this.#connection = connection;
    this.#catalog = catalog;
  }

  /** Writes a new document under a row id. */
  insert(
    collection: Collection,
    rid: number,
    version: number,
    bytes: Buffer,
    keys: readonly KeysOfIndex[],
  ): void {
    this.isHalfWritten = true;
    const sql = `INSERT INTO d_${collection.id} (rid, version, body) VALUES (?, ?, ?)`;
    this.#connection.statement(sql).run(rid, version, bytes);
    for (const each of keys) this.addEntries(each, rid);
    this.isHalfWritten = false;
  }

  /** Writes a changed document; only entries that differ are touched. */
  replace(
    collection: Collection,
    before: Row,
    version: number,
    bytes: Buffer,
    keys: readonly KeysOfIndex[],
  ): void {
    const old = keys.map(({ index }) => storedKeys(index, before.doc));
    this.isHalfWritten = true;
    const sql = `UPDATE d_${collection.id} SET version = ?, body = ? WHERE rid = ?`;
    this.#connection.statement(sql).run(version, bytes, before.rid);
    for (const [i, each] of keys.entries()) {
      const had = old[i] ?? [];
      for (const key of without(had, each.keys)) this.#removeEntry(each.index, key, before.rid);
      // What fills an index may not have come to this document yet, so its old keys need not be there.
      const isFilled = !collection.unfinished.includes(each.index);
      this.addEntries(isFilled ? { ...each, keys: without(each.keys, had) } : each, before.rid);
    }
    this.isHalfWritten = false;
  }

  /** Removes a document and its entries. */
  remove(collection: Collection, row: Row): void {
    const { indexes, unfinished } = collection;
    const all = [...indexes, ...unfinished].map((index) => ({ index, keys: storedKeys(index, row.doc) }));
    this.isHalfWritten = true;
    this.#connection.statement(`DELETE FROM d_${collection.id} WHERE rid = ?`).run(row.rid);
    for (const { index, keys } of all) for (const key of keys) this.#removeEntry(index, key, row.rid);
    this.isHalfWritten = false;
  }

  /** Writes the entries of one document in one index; those that are there stay. */
  addEntries(of: KeysOfIndex, rid: number): void {
    const { index, keys } = of;
    if (of.arrays & ~index.arrays) this.#catalog.markArrays(index, of.arrays);
    const put = this.#connection.statement('INSERT OR IGNORE INTO entry (idx, key, rid) VALUES (?, ?, ?)');
    for (const key of keys) {
      put.run(index.id, key.bytes, rid);
      if (!index.suspects || !index.isUnique) continue;
      // Nobody is refused for an index that is not there yet; whoever fills it looks at these keys at the end.
      const isTaken = this.#connection.otherRidOfKey(index.id, key.bytes, rid) !== undefined;
      if (!isTaken) continue;
      // Strings of a collation may share a key without being equal.
      const name = index.collation
        ? show(key.parts.map((part) => part ?? null))
        : key.bytes.toString('latin1');
      index.suspects.set(name, key);
    }
  }

  #removeEntry(index: Index, key: IndexKey, rid: number): void {
    this.#connection
      .statement('DELETE FROM entry WHERE idx = ? AND key = ? AND rid = ?')
      .run(index.id, key.bytes, rid);
  }
}
