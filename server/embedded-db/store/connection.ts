// One SQLite connection with the few statements the engine runs on it.
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { asBuffer } from '../bson/decode.ts';

/** A stored document. */
export interface StoredRow {
  readonly rid: number;
  readonly version: number;
  readonly bytes: Buffer;
}

/** An index entry. */
export interface EntryRow {
  readonly key: Buffer;
  readonly rid: number;
}

/** Half-open range of index keys: `lower <= key < upper`. */
export interface KeyRange {
  readonly lower: Buffer;
  readonly upper: Buffer;
}

/** `fullfsync` makes a sync on macOS reach the disk itself; a long log gives its room back after a checkpoint. */
const PRAGMAS = `
  PRAGMA busy_timeout = 5000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA temp_store = MEMORY;
  PRAGMA fullfsync = ON;
  PRAGMA checkpoint_fullfsync = ON;
  PRAGMA cell_size_check = ON;
  PRAGMA wal_autocheckpoint = 2000;
  PRAGMA journal_size_limit = 67108864;
`;

interface RawRow {
  rid: number;
  version: number;
  body: Uint8Array;
}

function row(raw: RawRow): StoredRow {
  return { rid: raw.rid, version: raw.version, bytes: asBuffer(raw.body) };
}

/** The main connection, and one more for each open transaction's snapshot. */
export class Connection {
  readonly db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(file: string, cacheKib: number) {
    this.db = new DatabaseSync(file);
    try {
      this.db.exec(PRAGMAS);
      this.db.exec(`PRAGMA cache_size = -${cacheKib}`);
    } catch (error) {
      // An open connection would keep the file locked.
      this.db.close();
      throw error;
    }
  }

  /** A statement prepared once. */
  statement(sql: string): StatementSync {
    let found = this.#statements.get(sql);
    if (!found) {
      found = this.db.prepare(sql);
      this.#statements.set(sql, found);
    }
    return found;
  }

  /** Forgets prepared statements; needed before a table is dropped. */
  forgetStatements(): void {
    this.#statements.clear();
  }

  /** One document, undefined when it is not there. */
  document(collection: number, rid: number): StoredRow | undefined {
    const found = this.statement(`SELECT rid, version, body FROM d_${collection} WHERE rid = ?`).get(rid);
    return found && row(found as unknown as RawRow);
  }

  /** The version of a document, undefined when it is not there. */
  version(collection: number, rid: number): number | undefined {
    const found = this.statement(`SELECT version FROM d_${collection} WHERE rid = ?`).get(rid);
    return found?.['version'] as number | undefined;
  }

  /** The next documents in insertion order after (or before, in reverse) a row id. */
  documents(collection: number, from: number, isReverse: boolean, limit: number): StoredRow[] {
    const sql = isReverse
      ? `SELECT rid, version, body FROM d_${collection} WHERE rid < ? ORDER BY rid DESC LIMIT ?`
      : `SELECT rid, version, body FROM d_${collection} WHERE rid > ? ORDER BY rid LIMIT ?`;
    // Arrays are made faster than objects, and scans ask for many.
    const statement = this.statement(sql);
    statement.setReturnArrays(true);
    const rows = statement.all(from, limit) as unknown as [number, number, Uint8Array][];
    return rows.map(([rid, version, body]) => ({ rid, version, bytes: asBuffer(body) }));
  }

  /** How many documents a collection holds. */
  count(collection: number): number {
    return this.statement(`SELECT count(*) AS n FROM d_${collection}`).get()?.['n'] as number;
  }

  /** The next index entries of a range after (or before, in reverse) a given entry. */
  entries(
    index: number,
    range: KeyRange,
    after: EntryRow | null,
    isReverse: boolean,
    limit: number,
  ): EntryRow[] {
    const position = after ? `AND (key, rid) ${isReverse ? '<' : '>'} (?, ?)` : '';
    const order = isReverse ? 'key DESC, rid DESC' : 'key, rid';
    const sql = `SELECT key, rid FROM entry WHERE idx = ? AND key >= ? AND key < ? ${position} ORDER BY ${order} LIMIT ?`;
    const from = after ? [after.key, after.rid] : [];
    const rows = this.statement(sql).all(index, range.lower, range.upper, ...from, limit);
    return rows.map((each) => ({ key: asBuffer(each['key'] as Uint8Array), rid: each['rid'] as number }));
  }

  /** Counts up to `limit` entries of a range after a given one; `last` is where to go on, null at the end. */
  countEntries(
    index: number,
    range: KeyRange,
    after: EntryRow | null,
    limit: number,
  ): { readonly count: number; readonly last: EntryRow | null } {
    const position = after ? 'AND (key, rid) > (?, ?)' : '';
    const where = `FROM entry WHERE idx = ? AND key >= ? AND key < ? ${position}`;
    const values = [index, range.lower, range.upper, ...(after ? [after.key, after.rid] : [])];
    const found = this.statement(`SELECT key, rid ${where} ORDER BY key, rid LIMIT 1 OFFSET ?`);
    const last = found.get(...values, limit - 1);
    if (last) {
      const key = asBuffer(last['key'] as Uint8Array);
      return { count: limit, last: { key, rid: last['rid'] as number } };
    }
    const counted = this.statement(`SELECT count(*) AS n ${where}`).get(...values);
    return { count: counted?.['n'] as number, last: null };
  }

  /** Counts the entries of ranges, up to `atMost`. */
  countUpTo(index: number, ranges: readonly KeyRange[], atMost: number): number {
    const sql =
      'SELECT count(*) AS n FROM (SELECT 1 FROM entry WHERE idx = ? AND key >= ? AND key < ? LIMIT ?)';
    const counting = this.statement(sql);
    let found = 0;
    for (const { lower, upper } of ranges) {
      if (found >= atMost) break;
      found += counting.get(index, lower, upper, atMost - found)?.['n'] as number;
    }
    return found;
  }

  /** Row ids under exactly one key; at most two are asked for. */
  ridsOfKey(index: number, key: Buffer): number[] {
    const rows = this.statement('SELECT rid FROM entry WHERE idx = ? AND key = ? LIMIT 2').all(index, key);
    return rows.map((each) => each['rid'] as number);
  }

  /** All row ids under exactly one key, which strings of a collation may share without being equal. */
  allRidsOfKey(index: number, key: Buffer): number[] {
    const rows = this.statement('SELECT rid FROM entry WHERE idx = ? AND key = ?').all(index, key);
    return rows.map((each) => each['rid'] as number);
  }

  /** Closes the connection; the object is useless afterwards. */
  close(): void {
    this.#statements.clear();
    this.db.close();
  }
}
