// What dropped collections and indexes leave in the file: found and removed a little at a time.
import type { Connection } from './connection.ts';

const ENTRIES_PER_STEP = 200;
/** Bodies can be large (16 MB each). */
const ROWS_PER_STEP = 16;

const STRAY_TABLE = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'd_[0-9]*'
  AND CAST(substr(name, 3) AS INTEGER) NOT IN (SELECT id FROM collection) LIMIT 1`;

/** An index id that has entries but no description; undefined when there is none. */
function strayIndex(connection: Connection): number | undefined {
  // One look per index: SQLite does not step over equal values by itself.
  const next = connection.statement('SELECT min(idx) AS id FROM entry WHERE idx > ?');
  const known = connection.statement('SELECT 1 FROM index_spec WHERE id = ?');
  for (let id = 0; ; ) {
    const found = next.get(id)?.['id'];
    if (typeof found !== 'number') return undefined;
    if (!known.get(found)) return found;
    id = found;
  }
}

function* removeEntries(connection: Connection, index: number): Generator<void, void, undefined> {
  const sql = 'SELECT key, rid FROM entry WHERE idx = ? ORDER BY key, rid LIMIT 1 OFFSET ?';
  for (;;) {
    const until = connection.statement(sql).get(index, ENTRIES_PER_STEP);
    const step = until ? 'AND (key, rid) < (?, ?)' : '';
    const bounds = until ? [until['key'] as Uint8Array, until['rid'] as number] : [];
    connection.statement(`DELETE FROM entry WHERE idx = ? ${step}`).run(index, ...bounds);
    if (!until) return;
    yield;
  }
}

function* removeTable(connection: Connection, table: string): Generator<void, void, undefined> {
  for (;;) {
    const found = connection.db.prepare(`SELECT rid FROM ${table} ORDER BY rid LIMIT 1 OFFSET ?`);
    const until = found.get(ROWS_PER_STEP)?.['rid'];
    if (typeof until !== 'number') break;
    connection.db.prepare(`DELETE FROM ${table} WHERE rid < ?`).run(until);
    yield;
  }
  connection.forgetStatements();
  connection.db.exec(`DROP TABLE ${table}`);
}

/** Removes everything that belongs to no collection and no index; each step is short and may be committed. */
export function* removeLeftovers(connection: Connection): Generator<void, void, undefined> {
  for (let index = strayIndex(connection); index !== undefined; index = strayIndex(connection)) {
    yield* removeEntries(connection, index);
    yield;
  }
  const stray = () => connection.statement(STRAY_TABLE).get()?.['name'] as string | undefined;
  for (let table = stray(); table !== undefined; table = stray()) {
    yield* removeTable(connection, table);
    yield;
  }
}
