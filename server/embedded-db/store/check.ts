// The deep check: every page, every document, and every index entry against the documents.
import { existsSync } from 'node:fs';
import { decodeDoc } from '../bson/decode.ts';
import type { Doc } from '../bson/value.ts';
import { arraysOf } from './array-fields.ts';
import { Connection } from './connection.ts';
import { namedFault } from './damage.ts';
import { databasePath } from './database-file.ts';
import { type IndexShape, indexKeys, readIndexSpec } from './index-spec.ts';
import { layoutOf } from './schema.ts';

/** Findings beyond this many are not looked for. */
const MAX_FINDINGS = 100;
/** Documents between two reports. */
const REPORT_EVERY = 10_000;

/** What a check found. */
export interface CheckReport {
  readonly collections: number;
  readonly documents: number;
  readonly entries: number;
  /** One line each; [] for a sound database. */
  readonly findings: readonly string[];
}

/** An index as the file has it. The catalog of the engine is for its owner: it tidies up when it is read. */
interface StoredIndex extends IndexShape {
  readonly id: number;
  readonly arrays: number;
  expected: number;
}

class Check {
  readonly findings: string[] = [];
  documents = 0;
  entries = 0;
  readonly #connection: Connection;
  readonly #progress: (documents: number) => void;

  constructor(connection: Connection, progress: (documents: number) => void) {
    this.#connection = connection;
    this.#progress = progress;
  }

  get isOver(): boolean {
    return this.findings.length >= MAX_FINDINGS;
  }

  pages(): void {
    for (const row of this.#connection.db.prepare(`PRAGMA integrity_check(${MAX_FINDINGS})`).all()) {
      if (row['integrity_check'] !== 'ok') this.findings.push(`file: ${row['integrity_check']}`);
    }
  }

  collection(id: number, namespace: string): void {
    const indexes = this.#indexesOf(id);
    const rows = this.#connection.db.prepare(`SELECT rid, body FROM d_${id} ORDER BY rid`).iterate();
    for (const row of rows) {
      if (this.isOver) return;
      const place = `${namespace}: document ${row['rid']}`;
      try {
        const source = decodeDoc(Buffer.from(row['body'] as Uint8Array));
        for (const index of indexes) this.#entriesOf(place, index, row['rid'] as number, source);
      } catch (error) {
        this.findings.push(`${place} cannot be read (${(error as Error).message})`);
      }
      if (++this.documents % REPORT_EVERY === 0) this.#progress(this.documents);
    }
    for (const index of indexes) this.#indexAsWhole(namespace, index);
  }

  /** Complete ones; one that is still being filled has a negative version. */
  #indexesOf(collection: number): StoredIndex[] {
    const sql = 'SELECT id, spec, multikey FROM index_spec WHERE collection = ? AND made_at >= 0';
    const rows = this.#connection.statement(sql).all(collection);
    return rows.map((row) => ({
      ...readIndexSpec(decodeDoc(Buffer.from(row['spec'] as Uint8Array))),
      id: row['id'] as number,
      arrays: arraysOf(row['multikey'] as number),
      expected: 0,
    }));
  }

  #entriesOf(place: string, index: StoredIndex, rid: number, source: Doc): void {
    const { keys, arrays } = indexKeys(index, source);
    const find = this.#connection.statement('SELECT 1 FROM entry WHERE idx = ? AND key = ? AND rid = ?');
    for (const key of keys) {
      if (!find.get(index.id, key.bytes, rid))
        this.findings.push(`${place} is missing in the index ${index.name}`);
    }
    // Strings that a collation tells apart may share an entry.
    index.expected += new Set(keys.map((key) => key.bytes.toString('latin1'))).size;
    if (arrays & ~index.arrays)
      this.findings.push(`${place} has an array, which the index ${index.name} does not know of`);
  }

  #indexAsWhole(namespace: string, { id, name, isUnique, collation, expected }: StoredIndex): void {
    const count = this.#connection.statement('SELECT count(*) AS n FROM entry WHERE idx = ?').get(id);
    const found = count?.['n'] as number;
    this.entries += found;
    if (found !== expected)
      this.findings.push(`${namespace}: the index ${name} has ${found} entries instead of ${expected}`);
    const twice = 'SELECT key FROM entry WHERE idx = ? GROUP BY key HAVING count(*) > 1 LIMIT 1';
    if (isUnique && !collation && this.#connection.statement(twice).get(id))
      this.findings.push(`${namespace}: the unique index ${name} has a key twice`);
  }
}

/** Checks the database of a directory as it is at this moment; also while it is served.
 *  @param progress - told now and then how many documents are done
 *  @throws Error in readable words when there is no database or it cannot be opened at all */
export function checkDatabase(dataDir: string, progress: (documents: number) => void): CheckReport {
  const path = databasePath(dataDir);
  if (!existsSync(path)) throw new Error(`There is no database in ${dataDir}.`);
  let connection: Connection | null = null;
  try {
    connection = new Connection(path, 65_536);
    if (layoutOf(connection.db, path) === 0) throw new Error(`${path} is empty.`);
    connection.db.exec('BEGIN');
    const check = new Check(connection, progress);
    check.pages();
    const collections = connection.db.prepare('SELECT id, db, name FROM collection ORDER BY db, name').all();
    for (const each of collections) {
      if (!check.isOver) check.collection(each['id'] as number, `${each['db']}.${each['name']}`);
    }
    const { documents, entries, findings } = check;
    return { collections: collections.length, documents, entries, findings: findings.slice(0, MAX_FINDINGS) };
  } catch (error) {
    throw namedFault(error, path);
  } finally {
    connection?.close();
  }
}
