// Opening the SQLite file of a directory: the lock of its one owner, its layout, the version counter.
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Connection } from './connection.ts';
import { namedFault, refuseDamaged, refuseEmptied } from './damage.ts';
import { type Owner, type OwnerLock, readOwner, takeDirectory } from './owner-lock.ts';
import { closeToOthers, makePrivate } from './private-file.ts';
import { metaValue, setMeta, upgradeLayout } from './schema.ts';

/** The name of the file in its directory. */
const DATABASE_FILE = 'database.sqlite';

/** An open file. */
export interface DatabaseFile {
  readonly path: string;
  readonly main: Connection;
  /** Rises with every write, also across restarts. */
  nextVersion(): number;
  /** Tells other processes of this machine where the database is served. */
  publish(uri: string): void;
  /** @param isSound - false leaves the mark that makes the next start check the file */
  close(isSound: boolean): void;
}

/** Where the database of a directory is. */
export function databasePath(dataDir: string): string {
  return join(dataDir, DATABASE_FILE);
}

/** Makes the names in a directory survive a power cut. Windows does so by itself, and some drives cannot. */
export function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    closeSync(handle);
  }
}

/** Makes a directory of the owner, with those above it, and its names last. */
export function makeDirectory(dataDir: string): void {
  const first = mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = dataDir; made.length >= first.length; made = dirname(made)) syncDirectory(dirname(made));
}

/** Counts the run and marks the file as open; the mark goes with a clean close.
 *  @throws DamagedFile when the last run left the mark and the file does not stand a check */
function beginRun(main: Connection, path: string): number {
  if (metaValue(main.db, 'open') === 1) refuseDamaged(main.db, path);
  main.db.exec('BEGIN IMMEDIATE');
  const run = (metaValue(main.db, 'run') ?? 0) + 1;
  setMeta(main.db, 'run', run);
  setMeta(main.db, 'open', 1);
  main.db.exec('COMMIT');
  return run;
}

function endRun(main: Connection): void {
  try {
    setMeta(main.db, 'open', 0);
    main.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // A full or failing disk: the log keeps what is stored, and the next start checks the file.
  }
}

function openFile(path: string, last: Owner | null): { main: Connection; run: number } {
  refuseEmptied(path, last);
  makePrivate(path);
  syncDirectory(dirname(path));
  // SQLite gives its log and index the mode of the database when it makes them, not when they are left over.
  for (const suffix of ['-wal', '-shm', '-journal']) closeToOthers(`${path}${suffix}`);
  const main = new Connection(path, 24_576);
  try {
    upgradeLayout(main.db, path);
    return { main, run: beginRun(main, path) };
  } catch (error) {
    main.close();
    throw error;
  }
}

/** Opens (and makes, when needed) the database in a directory.
 *  @throws DirectoryInUse when another process has it open; DamagedFile; Error in readable words when it is not ours */
export function openDatabaseFile(dataDir: string): DatabaseFile {
  makeDirectory(dataDir);
  const path = databasePath(dataDir);
  const last = readOwner(dataDir);
  let owner: OwnerLock | null = null;
  try {
    const held = takeDirectory(dataDir);
    owner = held;
    const { main, run } = openFile(path, last);
    // A new run starts above every version an earlier run can have given.
    let version = run * 2 ** 32;
    return {
      path,
      main,
      nextVersion: () => ++version,
      publish: (uri) => held.publish(uri),
      close: (isSound) => {
        if (isSound) endRun(main);
        main.close();
        held.release();
      },
    };
  } catch (error) {
    owner?.release();
    throw namedFault(error, path);
  }
}
