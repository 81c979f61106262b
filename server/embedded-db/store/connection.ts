// One SQLite connection with the few statements the engine runs on it.
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
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

/** A part of an index: the entries of a range behind a given one, in one direction. */
export interface RangePart {
  readonly index: number;
  readonly range: KeyRange;
  readonly after: EntryRow | null;
  readonly isReverse: boolean;
}

type Columns = readonly SQLOutputValue[];

function rowOfArray([rid, version, body]: Columns): StoredRow {
  return { rid: rid as number, version: version as number, bytes: asBuffer(body as Uint8Array) };
}

function entryOfArray([key, rid]: Columns): EntryRow {
  return { key: asBuffer(key as Uint8Array), rid: rid as number };
}

function entrySearch(
  columns: string,
  { index, range, after, isReverse }: RangePart,
): { readonly sql: string; readonly values: readonly SQLInputValue[] } {
  const order = isReverse ? 'key DESC, rid DESC' : 'key, rid';
  const select = `SELECT ${columns} FROM entry WHERE idx = ?`;
  if (!after) {
    return {
      sql: `${select} AND key >= ? AND key < ? ORDER BY ${order}`,
      values: [index, range.lower, range.upper],
    };
  }
  // The key reached is the bound that counts: SQLite starts from a plain bound, not from the pair.
  const bounds = isReverse
    ? 'AND key >= ? AND key <= ? AND (key, rid) < (?, ?)'
    : 'AND key >= ? AND key < ? AND (key, rid) > (?, ?)';
  const ends = isReverse ? [range.lower, after.key] : [after.key, range.upper];
  return { sql: `${select} ${bounds} ORDER BY ${order}`, values: [index, ...ends, after.key, after.rid] };
}

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

  /** Rows as arrays, which are made faster than objects. */
  #arrays(sql: string, values: readonly SQLInputValue[]): Columns[] {
    const statement = this.statement(sql);
    statement.setReturnArrays(true);
    return statement.all(...values) as unknown as Columns[];
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
    return this.#arrays(sql, [from, limit]).map(rowOfArray);
  }

  /** Documents by row id, in any order; what is not there is left out. */
  documentsOf(collection: number, rids: readonly number[]): StoredRow[] {
    const [only] = rids;
    if (only !== undefined && rids.length === 1) {
      const found = this.document(collection, only);
      return found ? [found] : [];
    }
    const sql = `SELECT rid, version, body FROM d_${collection} WHERE rid IN (SELECT value FROM json_each(?))`;
    return this.#arrays(sql, [JSON.stringify(rids)]).map(rowOfArray);
  }

  /** The next index entries of a range after (or before, in reverse) a given entry. */
  entries(part: RangePart, limit: number): EntryRow[] {
    const { sql, values } = entrySearch('key, rid', part);
    return this.#arrays(`${sql} LIMIT ?`, [...values, limit]).map(entryOfArray);
  }

  /** Their row ids alone: making a buffer for each key would cost several times as much. */
  rids(part: RangePart, limit: number): number[] {
    const { sql, values } = entrySearch('rid', part);
    return this.#arrays(`${sql} LIMIT ?`, [...values, limit]).map(([rid]) => rid as number);
  }

  /** The entry with so many of the range before it, undefined when there are not as many. */
  entryAt(part: RangePart, place: number): EntryRow | undefined {
    const { sql, values } = entrySearch('key, rid', part);
    return this.#arrays(`${sql} LIMIT 1 OFFSET ?`, [...values, place]).map(entryOfArray)[0];
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
    const values = [index, after?.key ?? range.lower, range.upper, ...(after ? [after.key, after.rid] : [])];
    const last = this.entryAt({ index, range, after, isReverse: false }, limit - 1);
    if (last) return { count: limit, last };
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

  /** A row id under exactly one key other than a given one, undefined when there is none. */
  otherRidOfKey(index: number, key: Buffer, own: number | null): number | undefined {
    const sql = 'SELECT rid FROM entry WHERE idx = ? AND key = ? AND rid <> ? LIMIT 1';
    // No document has a row id below 1.
    return this.statement(sql).get(index, key, own ?? 0)?.['rid'] as number | undefined;
  }

  /** Closes the connection; the object is useless afterwards. */
  close(): void {
    this.#statements.clear();
    this.db.close();
  }
}
