/** Hocuspocus' SQLite extension; where its native module is not built, the same statements on Node's own SQLite. */
import { DatabaseSync } from 'node:sqlite';
import { loadPeer } from '#tests/bench/peers/load-peer.ts';

interface SqliteModule {
  SQLite: new (options: { database: string }) => object;
  schema: string;
  selectQuery: string;
  upsertQuery: string;
}
interface DatabaseModule {
  Database: new (options: {
    fetch: (from: { documentName: string }) => Promise<Uint8Array | null>;
    store: (what: { documentName: string; state: Uint8Array }) => Promise<void>;
  }) => object;
}

/** The extension on a file. */
export async function openSqlite(path: string): Promise<object> {
  if (await isNativeBuilt()) {
    const { SQLite } = await loadPeer<SqliteModule>('@hocuspocus/extension-sqlite');
    return new SQLite({ database: path });
  }
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

/** Whether better-sqlite3 can open a database here. */
export async function isNativeBuilt(): Promise<boolean> {
  const { default: Database } = await loadPeer<{ default: new (path: string) => { close(): void } }>(
    'better-sqlite3',
  );
  try {
    new Database(':memory:').close();
    return true;
  } catch {
    return false;
  }
}
