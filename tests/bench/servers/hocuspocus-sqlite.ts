/**
 * The storage of Hocuspocus' SQLite extension on Node's own SQLite: its schema, its statements. The extension itself
 * needs better-sqlite3, whose version 12 ends the process when a statement is collected (seen with Node 24.21).
 */
import { DatabaseSync } from 'node:sqlite';
import { loadPeer } from '#tests/bench/peers/load-peer.ts';

/** What is used of @hocuspocus/extension-sqlite 4. */
interface SqliteModule {
  schema: string;
  selectQuery: string;
  upsertQuery: string;
}
/** What is used of @hocuspocus/extension-database 4, which the SQLite extension is made of. */
interface DatabaseModule {
  Database: new (options: {
    fetch: (from: { documentName: string }) => Promise<Uint8Array | null>;
    store: (what: { documentName: string; state: Uint8Array }) => Promise<void>;
  }) => object;
}

/** The extension on a file. */
export async function openSqlite(path: string): Promise<object> {
  const { Database } = await loadPeer<DatabaseModule>('@hocuspocus/extension-database');
  const { schema, selectQuery, upsertQuery } = await loadPeer<SqliteModule>('@hocuspocus/extension-sqlite');
  const database = new DatabaseSync(path);
  database.exec(schema);
  return new Database({
    async fetch({ documentName }) {
      const row = database.prepare(selectQuery).get({ name: documentName });
      return row?.['data'] instanceof Uint8Array ? row['data'] : null;
    },
    async store({ documentName, state }) {
      database.prepare(upsertQuery).run({ name: documentName, data: state });
    },
  });
}
