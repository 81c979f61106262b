// Opening the SQLite file: the lock of the one owner, the schema, the version counter.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Connection } from './connection.ts';
import { closeToOthers, makePrivate } from './private-file.ts';

const SCHEMA_VERSION = 1;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS collection (
    id INTEGER PRIMARY KEY AUTOINCREMENT, db TEXT NOT NULL, name TEXT NOT NULL, uuid BLOB NOT NULL,
    made_at INTEGER NOT NULL, UNIQUE (db, name));
  CREATE TABLE IF NOT EXISTS index_spec (
    id INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER NOT NULL, spec BLOB NOT NULL,
    multikey INTEGER NOT NULL, made_at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS entry (
    idx INTEGER NOT NULL, key BLOB NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY (idx, key, rid)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS retry (
    session BLOB PRIMARY KEY, txn INTEGER NOT NULL, reply BLOB NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
`;

/** An open file. */
export interface DatabaseFile {
  readonly path: string;
  readonly main: Connection;
  /** Rises with every write, also across restarts. */
  nextVersion(): number;
  close(): void;
}

/** Takes an operating-system lock that ends with the process, however it ends.
 *  @throws Error naming the owner's process when another one has it */
function lock(dataDir: string): DatabaseSync {
  const owner = join(dataDir, 'owner.pid');
  const path = join(dataDir, 'owner.lock');
  makePrivate(path);
  closeToOthers(`${path}-journal`);
  const held = new DatabaseSync(path, { timeout: 0 });
  try {
    held.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    held.close();
    if (!/locked|busy/i.test((error as Error).message)) throw error;
    throw new Error(
      `The database in ${dataDir} is already open in another process (${ownerText(owner)}). Stop that process first, or choose another data directory.`,
    );
  }
  makePrivate(owner);
  writeFileSync(owner, `${process.pid}\n`);
  return held;
}

function ownerText(file: string): string {
  try {
    return `process ${readFileSync(file, 'utf8').trim()}`;
  } catch {
    // Only the message loses a detail.
    return 'unknown process';
  }
}

function prepare(main: Connection, path: string): number {
  main.db.exec(SCHEMA);
  const found = main.statement("SELECT value FROM meta WHERE name = 'schema'").get()?.['value'];
  if (found !== undefined && found !== SCHEMA_VERSION) {
    throw new Error(
      `${path} was written by another version of the embedded database (layout ${found}, expected ${SCHEMA_VERSION}).`,
    );
  }
  main.db.exec(`
    BEGIN IMMEDIATE;
    INSERT OR IGNORE INTO meta VALUES ('schema', ${SCHEMA_VERSION});
    INSERT INTO meta VALUES ('run', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1;
    COMMIT;
  `);
  return main.statement("SELECT value FROM meta WHERE name = 'run'").get()?.['value'] as number;
}

/** Opens (and makes, when needed) the database in a directory.
 *  @throws Error in readable words when another process has it open or the file is not ours */
export function openDatabaseFile(dataDir: string): DatabaseFile {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const held = lock(dataDir);
  const path = join(dataDir, 'database.sqlite');
  try {
    makePrivate(path);
    // SQLite gives its log and index the mode of the database when it makes them, not when they are left over.
    for (const suffix of ['-wal', '-shm', '-journal']) closeToOthers(`${path}${suffix}`);
    const main = new Connection(path, 65_536);
    // A new run starts above every version an earlier run can have given.
    let version = prepare(main, path) * 2 ** 32;
    return {
      path,
      main,
      nextVersion: () => ++version,
      close: () => {
        main.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        main.close();
        held.close();
      },
    };
  } catch (error) {
    held.close();
    throw error;
  }
}
