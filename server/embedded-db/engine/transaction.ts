// A multi-document transaction: a read snapshot, an overlay of changes, locks until its end.

import type { Doc } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import type { Access, Reading } from '../query/access.ts';
import type { Collection, Index } from '../store/catalog.ts';
import type { Connection, KeyRange } from '../store/connection.ts';
import { allKeys, type KeysOfIndex, storedBytes } from '../store/documents.ts';
import { type CountedAccess, countEntries } from '../store/entry-scan.ts';
import { duplicateKey, type IndexKey, isSameKey } from '../store/index-spec.ts';
import { PAUSE, Row, type Stream } from '../store/row.ts';
import { scan } from '../store/scan.ts';
import type { Sliced } from '../store/slices.ts';
import { ridsOfSameKey } from '../store/unique.ts';
import { conflict, TRANSIENT } from './conflict.ts';
import { collectionLock, documentLock, keyLock, type LockOwner } from './locks.ts';
import type { Storage } from './storage.ts';
import type { WriteTarget } from './write-target.ts';

interface Change {
  /** The row as the transaction sees it; null when it removed it. */
  row: Row | null;
  keys: readonly KeysOfIndex[];
  /** The row of the snapshot; null when the transaction inserted it. */
  readonly before: Row | null;
}

interface Overlay {
  readonly collection: Collection;
  readonly changes: Map<number, Change>;
}

/** Reads the snapshot with its own changes on top; nothing reaches the file before `apply`. */
export class Transaction implements WriteTarget, LockOwner {
  readonly asOf: number;
  readonly startedAt = Date.now();
  readonly ended: Promise<void>;
  readonly #storage: Storage;
  readonly #snapshot: Connection;
  readonly #overlays = new Map<number, Overlay>();
  readonly #held = new Set<string>();
  #end: () => void = () => undefined;
  #isOpen = true;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#snapshot = storage.openSnapshot();
    this.asOf = storage.nextVersion();
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** False once it is committed or aborted; its cursors are dead then. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** True when something would be written. */
  get hasChanges(): boolean {
    return this.#overlays.size > 0;
  }

  followsIndexes(collection: Collection): boolean {
    return collection.madeAt <= this.asOf && !this.#overlays.has(collection.id);
  }

  *countExact(collection: Collection, counted: CountedAccess): Sliced<number> {
    this.#refuseEnded();
    const counting = countEntries(this.#snapshot, collection, counted);
    for (;;) {
      const next = counting.next();
      if (next.done) return next.value;
      yield PAUSE;
      this.#refuseEnded();
    }
  }

  countUpTo(index: Index, ranges: readonly KeyRange[], atMost: number): number {
    this.#refuseEnded();
    return this.#snapshot.countUpTo(index.id, ranges, atMost);
  }

  scan(collection: Collection, access: Access, reading: Reading): Stream<Row> {
    // As they are now: a statement must not meet again what it changes itself, and its plan knows no later ones.
    const changes = new Map(this.#overlays.get(collection.id)?.changes);
    return this.#scanWith(changes, collection, access, reading);
  }

  *#scanWith(
    changes: ReadonlyMap<number, Change>,
    collection: Collection,
    access: Access,
    reading: Reading,
  ): Stream<Row> {
    this.#refuseEnded();
    if (collection.madeAt <= this.asOf) {
      for (const row of scan(this.#snapshot, collection, access, reading)) {
        if (row === PAUSE || !changes.has(row.rid)) yield row;
        // It may have been aborted while others had the thread; the snapshot then belongs to somebody else.
        this.#refuseEnded();
      }
    }
    for (const change of changes.values()) if (change.row) yield change.row;
  }

  ensureCollection(db: string, name: string): Collection {
    const found = this.#storage.catalog.find(db, name);
    // The command makes the collection beforehand, outside the transaction.
    if (!found) throw new DatabaseError(26, `ns not found: ${db}.${name}`);
    return found;
  }

  insert(collection: Collection, source: Doc): void {
    this.#refuseEnded();
    const bytes = storedBytes(source);
    const keys = allKeys(collection, source);
    const rid = collection.nextRid++;
    this.#claimKeys(collection, keys, rid);
    const row = new Row({ rid, version: 0, bytes });
    this.#put(collection, rid, { row, keys, before: null });
  }

  replace(collection: Collection, before: Row, after: Doc): void {
    this.#refuseEnded();
    this.#claimDocument(collection, before);
    const bytes = storedBytes(after);
    const keys = allKeys(collection, after);
    this.#claimKeys(collection, keys, before.rid);
    this.#change(collection, before, new Row({ rid: before.rid, version: before.version, bytes }), keys);
  }

  current(collection: Collection, row: Row): Row | undefined {
    this.#refuseEnded();
    const known = this.#overlays.get(collection.id)?.changes.get(row.rid);
    return known ? (known.row ?? undefined) : row;
  }

  remove(collection: Collection, row: Row): void {
    this.#refuseEnded();
    this.#claimDocument(collection, row);
    this.#change(collection, row, null, []);
  }

  /** Writes the overlay; runs inside the writer's savepoint. Versions were checked when the locks were taken.
   *  @throws 251 NoSuchTransaction when it was aborted while its commit waited: its overlay is gone then */
  apply(): void {
    this.#refuseEnded();
    const { documents, nextVersion } = this.#storage;
    for (const { collection, changes } of this.#overlays.values()) {
      for (const [rid, { row, before }] of changes) {
        if (!row) {
          if (before) documents.remove(collection, before);
          continue;
        }
        const keys = allKeys(collection, row.doc);
        if (before) documents.replace(collection, before, nextVersion(), row.bytes, keys);
        else documents.insert(collection, rid, nextVersion(), row.bytes, keys);
      }
    }
  }

  /** Frees the snapshot and the locks; waiting writes go on. */
  finish(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#storage.locks.release(this.#held, this);
    this.#storage.closeSnapshot(this.#snapshot);
    this.#overlays.clear();
    this.#end();
  }

  #refuseEnded(): void {
    if (!this.#isOpen) throw new DatabaseError(251, 'Transaction was aborted', { labels: [TRANSIENT] });
  }

  #put(collection: Collection, rid: number, change: Change): void {
    let overlay = this.#overlays.get(collection.id);
    if (!overlay) {
      overlay = { collection, changes: new Map() };
      this.#overlays.set(collection.id, overlay);
      this.#hold(collectionLock(collection));
    }
    overlay.changes.set(rid, change);
  }

  #change(collection: Collection, seen: Row, row: Row | null, keys: readonly KeysOfIndex[]): void {
    const known = this.#overlays.get(collection.id)?.changes.get(seen.rid);
    this.#put(collection, seen.rid, { row, keys, before: known ? known.before : seen });
  }

  #hold(name: string): void {
    this.#held.add(name);
    this.#storage.locks.hold(name, this);
  }

  #claim(name: string): void {
    if (this.#storage.locks.other(name, this)) throw conflict();
    this.#hold(name);
  }

  #claimDocument(collection: Collection, row: Row): void {
    if (this.#overlays.get(collection.id)?.changes.has(row.rid)) return;
    // What it has only read so far may be dropped under it.
    if (collection.isDropped) throw conflict();
    this.#claim(documentLock(collection, row.rid));
    if (this.#storage.main.version(collection.id, row.rid) !== row.version) throw conflict();
  }

  #claimKeys(collection: Collection, all: readonly KeysOfIndex[], own: number): void {
    for (const { index, keys } of all) {
      if (!index.isUnique) continue;
      for (const key of keys) {
        if (!index.suspects) this.#refuseOwnDuplicate(collection, index, key, own);
        this.#refuseStoredDuplicate(collection, index, key, own);
        this.#claim(keyLock(index, key));
      }
    }
  }

  #refuseOwnDuplicate(collection: Collection, index: Index, key: IndexKey, own: number): void {
    for (const [rid, change] of this.#overlays.get(collection.id)?.changes ?? []) {
      if (rid === own || !change.row) continue;
      const keys = change.keys.find((each) => each.index.id === index.id)?.keys ?? [];
      if (keys.some((each) => isSameKey(index, each, key))) {
        throw duplicateKey(collection.namespace, index, key);
      }
    }
  }

  #refuseStoredDuplicate(collection: Collection, index: Index, key: IndexKey, own: number): void {
    const changes = this.#overlays.get(collection.id)?.changes;
    for (const rid of ridsOfSameKey(this.#storage.main, collection, index, key)) {
      // What the transaction itself changed was looked at above.
      if (rid === own || changes?.has(rid)) continue;
      const version = this.#storage.main.version(collection.id, rid) ?? 0;
      // The failure of an index that is not there yet is none of the transaction's: it comes again later.
      if (version > this.asOf || index.suspects) throw conflict();
      throw duplicateKey(collection.namespace, index, key);
    }
  }
}
