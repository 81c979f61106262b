// Plain writes: into the file at once, inside the writer's savepoint.
import type { Doc } from '../bson/value.ts';
import type { Access, Reading } from '../query/access.ts';
import type { Collection, Index } from '../store/catalog.ts';
import type { KeyRange } from '../store/connection.ts';
import { allKeys, type KeysOfIndex, storedBytes } from '../store/documents.ts';
import { type CountedAccess, countEntries } from '../store/entry-scan.ts';
import { duplicateKey } from '../store/index-spec.ts';
import { Row, type Stream } from '../store/row.ts';
import { scan } from '../store/scan.ts';
import type { Sliced } from '../store/slices.ts';
import { otherRidOfSameKey } from '../store/unique.ts';
import { documentLock, keyLock, LockWait } from './locks.ts';
import type { Storage } from './storage.ts';
import type { WriteTarget } from './write-target.ts';

/** Sees and writes the newest state. Meeting a transaction's lock throws LockWait. */
export class DirectTarget implements WriteTarget {
  readonly asOf = null;
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  scan(collection: Collection, access: Access, reading: Reading): Stream<Row> {
    return scan(this.#storage.main, collection, access, reading);
  }

  countExact(collection: Collection, counted: CountedAccess): Sliced<number> {
    return countEntries(this.#storage.main, collection, counted);
  }

  countUpTo(index: Index, ranges: readonly KeyRange[], atMost: number): number {
    return this.#storage.main.countUpTo(index.id, ranges, atMost);
  }

  followsIndexes(): boolean {
    return true;
  }

  ensureCollection(db: string, name: string): Collection {
    const { catalog, nextVersion } = this.#storage;
    return catalog.find(db, name) ?? catalog.create(db, name, nextVersion());
  }

  insert(collection: Collection, source: Doc): void {
    const bytes = storedBytes(source);
    const keys = allKeys(collection, source);
    this.#refuseDuplicates(collection, keys, null);
    const { documents, nextVersion } = this.#storage;
    documents.insert(collection, collection.nextRid++, nextVersion(), bytes, keys);
  }

  replace(collection: Collection, before: Row, after: Doc): void {
    if (this.#storage.locks.size > 0) this.#waitForLock(documentLock(collection, before.rid));
    const bytes = storedBytes(after);
    const keys = allKeys(collection, after);
    this.#refuseDuplicates(collection, keys, before.rid);
    const { documents, nextVersion } = this.#storage;
    documents.replace(collection, before, nextVersion(), bytes, keys);
  }

  current(collection: Collection, row: Row): Row | undefined {
    if (collection.isDropped) return undefined;
    const { main } = this.#storage;
    if (main.version(collection.id, row.rid) === row.version) return row;
    const found = main.document(collection.id, row.rid);
    return found && new Row(found);
  }

  remove(collection: Collection, row: Row): void {
    if (this.#storage.locks.size > 0) this.#waitForLock(documentLock(collection, row.rid));
    this.#storage.documents.remove(collection, row);
  }

  #waitForLock(name: string): void {
    const { locks } = this.#storage;
    const owner = locks.other(name, null);
    if (owner) throw new LockWait(owner);
  }

  #refuseDuplicates(collection: Collection, all: readonly KeysOfIndex[], own: number | null): void {
    for (const { index, keys } of all) {
      if (!index.isUnique) continue;
      for (const key of keys) {
        if (this.#storage.locks.size > 0) this.#waitForLock(keyLock(index, key));
        // Nobody is refused for an index that is not there yet.
        if (index.suspects) continue;
        const found = otherRidOfSameKey(this.#storage.main, collection, index, key, own);
        if (found === undefined) continue;
        // The document in the way may be about to go.
        this.#waitForLock(documentLock(collection, found));
        throw duplicateKey(collection.namespace, index, key);
      }
    }
  }
}
