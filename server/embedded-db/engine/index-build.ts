// Filling new indexes in pieces while others read and write; nothing reads them before they are complete.

import { DatabaseError } from '../database-error.ts';
import type { Collection, Index } from '../store/catalog.ts';
import { duplicateKey, type IndexKey, type IndexShape, indexKeys } from '../store/index-spec.ts';
import { Row } from '../store/row.ts';
import { ridsOfSameKey } from '../store/unique.ts';
import { collectionLock, type LockOwner } from './locks.ts';
import type { Storage } from './storage.ts';
import type { Pace, Work } from './work.ts';
import type { Writer } from './writer.ts';

/** Documents looked up at a time; bodies can be large. */
const CHUNK = 32;

/** Some indexes of one collection on their way; whoever asks for one of them meanwhile waits for its end. */
export class IndexBuild implements LockOwner {
  readonly collection: Collection;
  readonly ended: Promise<void>;
  readonly #storage: Storage;
  readonly #ids: readonly number[];
  #end: () => void = () => undefined;

  /** Begins a build, inside a job of the writer. */
  constructor(storage: Storage, collection: Collection, shapes: readonly IndexShape[]) {
    this.#storage = storage;
    this.collection = collection;
    this.#ids = shapes.map((shape) => storage.catalog.addIndex(collection, shape).id);
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** True when it fills the index. */
  has(index: Index): boolean {
    return this.#ids.includes(index.id);
  }

  /** Fills the indexes and opens them to reads. After any failure nothing of them is left.
   *  @throws 11000 DuplicateKey, 171 CannotIndexParallelArrays, 276 IndexBuildAborted when one is dropped */
  async run(writer: Writer): Promise<void> {
    try {
      await writer.work((_, pace) => this.#fill(pace));
      // Whoever claimed a key until now could not see all that is stored. While these are waited for, others may
      // claim what they are about to write. Who comes after that sees everything.
      await this.#transactionsEnd();
      await this.#transactionsEnd();
      await writer.write(() => this.finish());
    } catch (error) {
      await writer.write(() => this.#abandon());
      throw error;
    } finally {
      this.#end();
    }
  }

  /** Fills the indexes in one go, inside a job of the writer; for a few documents. */
  fillAtOnce(): void {
    for (const row of this.#rows(0, Number.MAX_SAFE_INTEGER)) this.#add(row);
    this.finish();
    this.#end();
  }

  /** Checks what writes found doubtful and opens the indexes to reads, inside a job of the writer. */
  finish(): void {
    const { catalog, nextVersion } = this.#storage;
    const indexes = this.#indexes();
    for (const index of indexes) {
      for (const key of index.suspects?.values() ?? []) this.#refuseDuplicate(index, key);
    }
    for (const index of indexes) catalog.finishIndex(this.collection, index, nextVersion());
  }

  async #transactionsEnd(): Promise<void> {
    const owners = this.#storage.locks.owners(collectionLock(this.collection));
    await Promise.all(owners.map((each) => each.ended));
  }

  *#fill(pace: Pace): Work<void> {
    for (let from = 0, isEnd = false; !isEnd; ) {
      this.#indexes();
      isEnd = true;
      for (const row of this.#rows(from, CHUNK)) {
        this.#add(row);
        from = row.rid;
        isEnd = false;
        if (pace.isOver) break;
      }
      if (pace.isOver) yield null;
    }
  }

  #rows(from: number, limit: number): Row[] {
    return this.#storage.main.documents(this.collection.id, from, false, limit).map((each) => new Row(each));
  }

  #add(row: Row): void {
    for (const index of this.#indexes()) {
      const found = indexKeys(index, row.doc);
      this.#storage.documents.addEntries({ index, ...found }, row.rid);
      if (index.isUnique) for (const key of found.keys) this.#refuseDuplicate(index, key);
    }
  }

  #refuseDuplicate(index: Index, key: IndexKey): void {
    if (ridsOfSameKey(this.#storage.main, this.collection, index, key).length > 1) {
      throw duplicateKey(this.collection.namespace, index, key);
    }
  }

  /** The indexes as the catalog has them now.
   *  @throws 276 IndexBuildAborted when one of them is not there any more */
  #indexes(): Index[] {
    const found = this.collection.unfinished.filter((each) => this.has(each));
    if (this.collection.isDropped || found.length < this.#ids.length) {
      const why = this.collection.isDropped ? 'collection dropped' : 'dropIndexes command';
      throw new DatabaseError(
        276,
        `Index build failed: Collection ${this.collection.namespace} :: caused by :: ${why}`,
      );
    }
    return found;
  }

  #abandon(): void {
    const { catalog } = this.#storage;
    // After a drop that was taken back it is another object.
    const collection = catalog.list().find((each) => each.id === this.collection.id);
    if (!collection) return;
    for (const index of collection.unfinished) if (this.has(index)) catalog.dropIndex(collection, index);
  }
}
