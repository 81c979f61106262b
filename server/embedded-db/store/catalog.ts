// Collections and indexes: kept in SQLite, mirrored in memory.
import { randomUUID } from 'node:crypto';
import { asBuffer, decodeDoc } from '../bson/decode.ts';
import { encodeDoc } from '../bson/encode.ts';
import { type Doc, doc, int } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import type { Connection } from './connection.ts';
import { type IndexShape, readIndexSpec } from './index-spec.ts';

/** An index with its place in the store. */
export interface Index extends IndexShape {
  readonly id: number;
  /** Set once any document gave it an array; never taken back. */
  isMultikey: boolean;
  /** Version at which it was made; snapshots older than that cannot use it. */
  readonly madeAt: number;
}

/** A collection; its documents are in the table `d_<id>`. */
export interface Collection {
  readonly id: number;
  readonly db: string;
  readonly name: string;
  /** `db.name` */
  readonly namespace: string;
  readonly uuid: Buffer;
  readonly madeAt: number;
  indexes: Index[];
  nextRid: number;
  /** Set when it is dropped, for scans that still hold it. */
  isDropped: boolean;
}

const ID_INDEX: Doc = doc({ v: int(2), key: doc({ _id: int(1) }), name: '_id_' });

/** All collections of one file. Changes run inside the writer's savepoint; `reload` follows a rollback. */
export class Catalog {
  readonly #connection: Connection;
  #collections = new Map<string, Collection>();

  constructor(connection: Connection) {
    this.#connection = connection;
    this.reload();
  }

  /** Reads everything again, keeping the objects of collections that are still there. */
  reload(): void {
    const before = new Map([...this.#collections.values()].map((each) => [each.id, each]));
    this.#collections = new Map();
    for (const row of this.#connection.statement('SELECT * FROM collection').all()) {
      const id = row['id'] as number;
      const found: Collection = before.get(id) ?? {
        id,
        db: row['db'] as string,
        name: row['name'] as string,
        namespace: `${row['db']}.${row['name']}`,
        uuid: asBuffer(row['uuid'] as Uint8Array),
        madeAt: row['made_at'] as number,
        indexes: [],
        nextRid: this.#lastRid(id) + 1,
        isDropped: false,
      };
      found.indexes = this.#indexesOf(id);
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

  #indexesOf(collection: number): Index[] {
    const rows = this.#connection
      .statement('SELECT * FROM index_spec WHERE collection = ? ORDER BY id')
      .all(collection);
    return rows.map((row) => ({
      ...readIndexSpec(decodeDoc(asBuffer(row['spec'] as Uint8Array))),
      id: row['id'] as number,
      isMultikey: row['multikey'] === 1,
      madeAt: row['made_at'] as number,
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

  /** Makes a collection with its `_id` index. */
  create(db: string, name: string, version: number): Collection {
    refuseBadName(db, name);
    const uuid = Buffer.from(randomUUID().replaceAll('-', ''), 'hex');
    const insert = 'INSERT INTO collection (db, name, uuid, made_at) VALUES (?, ?, ?, ?)';
    const id = Number(this.#connection.statement(insert).run(db, name, uuid, version).lastInsertRowid);
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
      indexes: [],
      nextRid: 1,
      isDropped: false,
    };
    this.#collections.set(made.namespace, made);
    this.addIndex(made, readIndexSpec(ID_INDEX), version);
    return made;
  }

  /** Removes a collection, its documents and its index entries. */
  drop(collection: Collection): void {
    for (const index of [...collection.indexes]) this.dropIndex(collection, index);
    this.#connection.forgetStatements();
    this.#connection.db.exec(`DROP TABLE d_${collection.id}`);
    this.#connection.statement('DELETE FROM collection WHERE id = ?').run(collection.id);
    this.#collections.delete(collection.namespace);
    collection.isDropped = true;
  }

  /** Records an index; filling it is the caller's work. */
  addIndex(collection: Collection, shape: IndexShape, version: number): Index {
    const insert = 'INSERT INTO index_spec (collection, spec, multikey, made_at) VALUES (?, ?, 0, ?)';
    const result = this.#connection.statement(insert).run(collection.id, encodeDoc(shape.spec), version);
    const made: Index = { ...shape, id: Number(result.lastInsertRowid), isMultikey: false, madeAt: version };
    collection.indexes.push(made);
    return made;
  }

  /** Removes an index and its entries. */
  dropIndex(collection: Collection, index: Index): void {
    this.#connection.statement('DELETE FROM entry WHERE idx = ?').run(index.id);
    this.#connection.statement('DELETE FROM index_spec WHERE id = ?').run(index.id);
    collection.indexes = collection.indexes.filter((each) => each !== index);
  }

  /** Notes that an index has met an array. */
  markMultikey(index: Index): void {
    this.#connection.statement('UPDATE index_spec SET multikey = 1 WHERE id = ?').run(index.id);
    index.isMultikey = true;
  }
}

function refuseBadName(db: string, name: string): void {
  const isBad =
    db === '' ||
    name === '' ||
    /[\\/. "$\0]/.test(db) ||
    /[$\0]/.test(name) ||
    name.startsWith('.') ||
    name.endsWith('.') ||
    Buffer.byteLength(`${db}.${name}`) > 255;
  if (isBad) throw new DatabaseError(73, `Invalid namespace specified '${db}.${name}'`);
}
