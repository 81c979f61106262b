// Opening the SQLite file of a directory: the lock of its one owner, its layout, the version counter.
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Connection } from './connection.ts';
import { type OwnerLock, takeDirectory } from './owner-lock.ts';
import { closeToOthers, makePrivate } from './private-file.ts';
import { metaValue, setMeta, upgradeLayout } from './schema.ts';

/** The name of the file in its directory. */
const DATABASE_FILE = 'database.sqlite';

/** An open file. */
export interface DatabaseFile {
  readonly path: string;
  readonly main: Connection;
  readonly owner: OwnerLock;
  /** Rises with every write, also across restarts. */
  nextVersion(): number;
  close(): void;
}

/** Where the database of a directory is. */
export function databasePath(dataDir: string): string {
  return join(dataDir, DATABASE_FILE);
}

/** Makes the names in a directory survive a power cut; Windows does so by itself and has no such call. */
export function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function makeDirectory(dataDir: string): void {
  const first = mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = dataDir; made.length >= first.length; made = dirname(made)) syncDirectory(dirname(made));
}

function countRun(main: Connection): number {
  main.db.exec('BEGIN IMMEDIATE');
  const run = (metaValue(main.db, 'run') ?? 0) + 1;
  setMeta(main.db, 'run', run);
  main.db.exec('COMMIT');
  return run;
}

/** Opens (and makes, when needed) the database in a directory.
 *  @throws DirectoryInUse when another process has it open; Error in readable words when the file is not ours */
export function openDatabaseFile(dataDir: string): DatabaseFile {
  makeDirectory(dataDir);
  const owner = takeDirectory(dataDir);
  const path = databasePath(dataDir);
  try {
    makePrivate(path);
    syncDirectory(dataDir);
    // SQLite gives its log and index the mode of the database when it makes them, not when they are left over.
    for (const suffix of ['-wal', '-shm', '-journal']) closeToOthers(`${path}${suffix}`);
    const main = new Connection(path, 65_536);
    upgradeLayout(main.db, path);
    // A new run starts above every version an earlier run can have given.
    let version = countRun(main) * 2 ** 32;
    return {
      path,
      main,
      owner,
      nextVersion: () => ++version,
      close: () => {
        main.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        main.close();
        owner.release();
      },
    };
  } catch (error) {
    owner.release();
    throw error;
  }
}
