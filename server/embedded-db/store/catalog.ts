// Collections and indexes: kept in SQLite, mirrored in memory.
import { randomUUID } from 'node:crypto';
import { asBuffer, decodeDoc } from '../bson/decode.ts';
import { encodeDoc } from '../bson/encode.ts';
import { type Doc, doc, int } from '../bson/value.ts';
import { type Collation, collationOption } from '../value/collation.ts';
import { arraysOf, storedArrays } from './array-fields.ts';
import { ANY_UNFINISHED_OUTPUT, refuseBadName } from './collection-name.ts';
import type { Connection } from './connection.ts';
import { type IndexKey, type IndexShape, readIndexSpec } from './index-spec.ts';

/** An index with its place in the store. */
export interface Index extends IndexShape {
  readonly id: number;
  /** Fields in which any document gave it an array, as `DocumentKeys` numbers them; never taken back. */
  arrays: number;
  /** Version at which it was complete; snapshots older than that cannot use it. */
  readonly madeAt: number;
  /** Null when it is complete. While it is filled: unique keys that some write found taken, by their bytes. */
  readonly suspects: Map<string, IndexKey> | null;
}

/** In place of a version, in the file: an index that is still being filled. */
const UNFINISHED = -1;

/** A collection; its documents are in the table `d_<id>`. */
export interface Collection {
  readonly id: number;
  readonly db: string;
  readonly name: string;
  /** `db.name` */
  readonly namespace: string;
  readonly uuid: Buffer;
  readonly madeAt: number;
  /** As listCollections shows them. */
  options: Doc;
  /** Of queries and indexes that name none; null for the order of bytes. */
  readonly collation: Collation | null;
  /** Complete ones: reads may use them. */
  indexes: Index[];
  /** Those being filled: writes keep them up to date, nothing reads them. */
  unfinished: Index[];
  nextRid: number;
  /** Set when it is dropped, for scans that still hold it. */
  isDropped: boolean;
}

const ID_INDEX: Doc = doc({ v: int(2), key: doc({ _id: int(1) }), name: '_id_' });

/** All collections of one file. Changes run inside the writer's transaction, which tells how it ended. */
export class Catalog {
  readonly #connection: Connection;
  #collections = new Map<string, Collection>();
  /** True when the transaction under way has changed something here. */
  #isChanged = false;
  /** True after a failure between a collection and its table: what is in the transaction must not be committed. */
  isHalfMade = false;

  /** Indexes and results that a crash left unfinished are forgotten; nobody was told that they exist. */
  constructor(connection: Connection) {
    this.#connection = connection;
    const results = `SELECT id FROM collection WHERE name GLOB '${ANY_UNFINISHED_OUTPUT}'`;
    connection.statement(`DELETE FROM index_spec WHERE collection IN (${results})`).run();
    connection.statement(`DELETE FROM collection WHERE id IN (${results})`).run();
    connection.statement('DELETE FROM index_spec WHERE made_at = ?').run(UNFINISHED);
    this.#reload();
  }

  /** The transaction is on the disk. */
  committed(): void {
    this.#isChanged = false;
  }

  /** The transaction, or a part of it, was taken back. */
  rolledBack(): void {
    this.isHalfMade = false;
    if (this.#isChanged) this.#reload();
  }

  /** Reads everything again, keeping the objects of collections that are still there. */
  #reload(): void {
    const before = new Map([...this.#collections.values()].map((each) => [each.id, each]));
    this.#collections = new Map();
    for (const row of this.#connection.statement('SELECT * FROM collection').all()) {
      const id = row['id'] as number;
      const options = row['options'] ? decodeDoc(asBuffer(row['options'] as Uint8Array)) : new Map();
      const known = before.get(id);
      const found: Collection = (known?.name === row['name'] && known) || {
        id,
        db: row['db'] as string,
        name: row['name'] as string,
        namespace: `${row['db']}.${row['name']}`,
        uuid: asBuffer(row['uuid'] as Uint8Array),
        madeAt: row['made_at'] as number,
        options,
        collation: collationOption(options.get('collation')) ?? null,
        indexes: [],
        unfinished: [],
        nextRid: this.#lastRid(id) + 1,
        isDropped: false,
      };
      found.options = options;
      const all = this.#indexesOf(found);
      found.indexes = all.filter((each) => !each.suspects);
      found.unfinished = all.filter((each) => each.suspects);
      this.#collections.set(found.namespace, found);
    }
  }

  #lastRid(collection: number): number {
    return (
      (this.#connection.statement(`SELECT max(rid) AS n FROM d_${collection}`).get()?.['n'] as
        | number
        | null) ?? 0
    );
  }

  #indexesOf({ id, unfinished }: Collection): Index[] {
    const sql = 'SELECT * FROM index_spec WHERE collection = ? ORDER BY id';
    return this.#connection
      .statement(sql)
      .all(id)
      .map((row) => ({
        ...readIndexSpec(decodeDoc(asBuffer(row['spec'] as Uint8Array))),
        id: row['id'] as number,
        arrays: arraysOf(row['multikey'] as number),
        madeAt: row['made_at'] as number,
        suspects:
          row['made_at'] === UNFINISHED
            ? (unfinished.find((each) => each.id === row['id'])?.suspects ?? new Map())
            : null,
      }));
  }

  /** A collection, undefined when it does not exist. */
  find(db: string, name: string): Collection | undefined {
    return this.#collections.get(`${db}.${name}`);
  }

  /** All collections of a database by name, or of all databases. */
  list(db?: string): Collection[] {
    const all = [...this.#collections.values()];
    return (db === undefined ? all : all.filter((each) => each.db === db)).sort((a, b) =>
      a.namespace < b.namespace ? -1 : 1,
    );
  }

  /** Makes a collection with its `_id` index.
   *  @param options - as they are kept and listed */
  create(db: string, name: string, version: number, options: Doc = new Map()): Collection {
    refuseBadName(db, name);
    this.#isChanged = true;
    this.isHalfMade = true;
    const uuid = Buffer.from(randomUUID().replaceAll('-', ''), 'hex');
    const insert = 'INSERT INTO collection (db, name, uuid, made_at, options) VALUES (?, ?, ?, ?, ?)';
    const kept = options.size === 0 ? null : encodeDoc(options);
    const id = Number(this.#connection.statement(insert).run(db, name, uuid, version, kept).lastInsertRowid);
    this.#connection.db.exec(
      `CREATE TABLE d_${id} (rid INTEGER PRIMARY KEY, version INTEGER NOT NULL, body BLOB NOT NULL)`,
    );
    const made: Collection = {
      id,
      db,
      name,
      namespace: `${db}.${name}`,
      uuid,
      madeAt: version,
      options,
      collation: collationOption(options.get('collation')) ?? null,
      indexes: [],
      unfinished: [],
      nextRid: 1,
      isDropped: false,
    };
    this.#collections.set(made.namespace, made);
    this.finishIndex(made, this.addIndex(made, readIndexSpec(ID_INDEX, made.collation)), version);
    this.isHalfMade = false;
    return made;
  }

  /** Forgets a collection and its indexes; the leftovers in the file go later, in pieces. */
  drop(collection: Collection): void {
    for (const index of [...collection.indexes, ...collection.unfinished]) this.dropIndex(collection, index);
    this.#connection.statement('DELETE FROM collection WHERE id = ?').run(collection.id);
    this.#collections.delete(collection.namespace);
    collection.isDropped = true;
  }

  /** Gives a collection another name in its database; the name has to be free. Older snapshots do not see it. */
  rename(collection: Collection, name: string, version: number): void {
    refuseBadName(collection.db, name);
    this.#isChanged = true;
    const sql = 'UPDATE collection SET name = ?, made_at = ? WHERE id = ?';
    this.#connection.statement(sql).run(name, version, collection.id);
    this.#collections.delete(collection.namespace);
    const namespace = `${collection.db}.${name}`;
    this.#collections.set(namespace, { ...collection, name, namespace, madeAt: version });
    // Whoever still holds the old name reads no further.
    collection.isDropped = true;
  }

  /** Keeps other options. */
  changeOptions(collection: Collection, options: Doc): void {
    this.#isChanged = true;
    const sql = 'UPDATE collection SET options = ? WHERE id = ?';
    this.#connection.statement(sql).run(encodeDoc(options), collection.id);
    collection.options = options;
  }

  /** Records an index that nothing reads yet; filling it is the caller's work. */
  addIndex(collection: Collection, shape: IndexShape): Index {
    this.#isChanged = true;
    const insert = 'INSERT INTO index_spec (collection, spec, multikey, made_at) VALUES (?, ?, 0, ?)';
    const result = this.#connection.statement(insert).run(collection.id, encodeDoc(shape.spec), UNFINISHED);
    const id = Number(result.lastInsertRowid);
    const made: Index = { ...shape, id, arrays: 0, madeAt: UNFINISHED, suspects: new Map() };
    collection.unfinished.push(made);
    return made;
  }

  /** Opens a filled index to reads. */
  finishIndex(collection: Collection, { id }: Index, version: number): void {
    this.#isChanged = true;
    this.#connection.statement('UPDATE index_spec SET made_at = ? WHERE id = ?').run(version, id);
    const found = collection.unfinished.find((each) => each.id === id);
    collection.unfinished = collection.unfinished.filter((each) => each.id !== id);
    if (found) collection.indexes.push({ ...found, madeAt: version, suspects: null });
  }

  /** Forgets an index, complete or not; its entries go later, in pieces. */
  dropIndex(collection: Collection, { id }: Index): void {
    this.#isChanged = true;
    this.#connection.statement('DELETE FROM index_spec WHERE id = ?').run(id);
    collection.indexes = collection.indexes.filter((each) => each.id !== id);
    collection.unfinished = collection.unfinished.filter((each) => each.id !== id);
  }

  /** Notes that an index has met arrays in some of its fields. */
  markArrays(index: Index, arrays: number): void {
    this.#isChanged = true;
    index.arrays |= arrays;
    const sql = 'UPDATE index_spec SET multikey = ? WHERE id = ?';
    this.#connection.statement(sql).run(storedArrays(index.arrays), index.id);
  }
}
