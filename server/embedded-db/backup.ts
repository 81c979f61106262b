// Backup and restore of a data directory, by files; a backup also while the database is served.
import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { copyDatabase, type Progress } from './store/copy.ts';
import { DamagedFile, namedFault } from './store/damage.ts';
import { databasePath, makeDirectory, syncDirectory } from './store/database-file.ts';
import { type OwnerLock, takeDirectory } from './store/owner-lock.ts';

/** SQLite's files beside a database file. */
const COMPANIONS = ['-wal', '-shm', '-journal'];

/** A moment as a part of a file name, to the second, UTC. */
function stamp(now: Date): string {
  return now.toISOString().slice(0, 19).replaceAll(':', '-');
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function removeWithCompanions(path: string): void {
  for (const suffix of ['', ...COMPANIONS]) rmSync(`${path}${suffix}`, { force: true });
}

/** The file of a backup. A name that ends like a directory's is one, and is made when only it is missing: what is
 *  above it may be a drive that is not there. */
function targetOf(to: string, now: Date): string {
  const wanted = resolve(to);
  const isFolder = to.endsWith('/') || to.endsWith(sep) || isDirectory(wanted);
  if (!isDirectory(dirname(wanted))) throw new Error(`There is no folder ${dirname(wanted)}. Make it first.`);
  if (!isFolder) return wanted;
  if (!existsSync(wanted)) mkdirSync(wanted, { mode: 0o700 });
  if (!isDirectory(wanted)) throw new Error(`${wanted} is a file, not a folder.`);
  return join(wanted, `database-${stamp(now)}.sqlite`);
}

/** Writes a backup of one moment, also while a process serves the directory; the file appears when it is whole.
 *  @param to - a new file, or a directory (one that ends with a slash is made) that gets a file named after the time
 *  @returns the path of the backup
 *  @throws Error in readable words when there is nothing to back up or `to` exists */
export async function backUp(
  dataDir: string,
  to: string,
  options: { readonly now?: Date; readonly progress?: Progress } = {},
): Promise<string> {
  const source = databasePath(resolve(dataDir));
  if (!existsSync(source)) throw new Error(`There is no database in ${resolve(dataDir)}.`);
  const target = targetOf(to, options.now ?? new Date());
  if (existsSync(target)) throw new Error(`${target} exists already; a backup never replaces a file.`);
  const part = `${target}.part-${process.pid}`;
  try {
    removeWithCompanions(part);
    await copyDatabase(source, part, options.progress ?? (() => undefined));
    renameSync(part, target);
    syncDirectory(dirname(target));
  } finally {
    removeWithCompanions(part);
  }
  return target;
}

/** Takes the log of a file into the file and ends it; one that is damaged keeps its log. */
function takeLogIn(path: string): void {
  try {
    const db = new DatabaseSync(path, { timeout: 5_000 });
    try {
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      db.close();
    }
  } catch {
    // What cannot be read is kept as it is, log and all.
  }
}

/** Gives the present file a second name, so that no moment is without a database; then moves what is beside it. */
function setAside(path: string, aside: string): void {
  takeLogIn(path);
  try {
    linkSync(path, aside);
  } catch {
    // Not every file system gives a file two names.
    copyFileSync(path, aside);
  }
  for (const suffix of COMPANIONS) {
    if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${aside}${suffix}`);
  }
  syncDirectory(dirname(path));
}

function takeToRestore(directory: string, path: string): OwnerLock {
  try {
    makeDirectory(directory);
    return takeDirectory(directory);
  } catch (error) {
    throw namedFault(error, path);
  }
}

/** The same error, unless it is of a damaged file: what is told of a database in use is not true of a backup. */
function backupFault(error: unknown, source: string): unknown {
  if (!(error instanceof DamagedFile)) return error;
  const text = `The backup ${source} is damaged (${error.finding}). Nothing was changed; take another backup.`;
  return new Error(text, { cause: error });
}

/** Puts a backup in the place of a directory's database, once the copy is there and checked; the database before
 *  is kept beside it.
 *  @returns where the database before is kept, null when there was none
 *  @throws DirectoryInUse while a process serves the directory; Error in readable words when a database is there
 *    and `force` is not given, and when the backup is none or damaged */
export async function restoreBackup(
  dataDir: string,
  from: string,
  options: { readonly force?: boolean; readonly now?: Date; readonly progress?: Progress } = {},
): Promise<string | null> {
  const directory = resolve(dataDir);
  const source = resolve(from);
  if (!existsSync(source)) throw new Error(`There is no file ${source}.`);
  if (isDirectory(source)) throw new Error(`${source} is a folder. Name the file of one backup.`);
  const path = databasePath(directory);
  const owner = takeToRestore(directory, path);
  const part = `${path}.restored`;
  try {
    const isPresent = existsSync(path);
    if (isPresent && options.force !== true) {
      throw new Error(
        `There is a database in ${directory} already. With --force it is kept aside and the backup takes its place.`,
      );
    }
    removeWithCompanions(part);
    await copyDatabase(source, part, options.progress ?? (() => undefined)).catch((error: unknown) => {
      throw backupFault(error, source);
    });
    const aside = join(directory, `database-before-restore-${stamp(options.now ?? new Date())}.sqlite`);
    if (isPresent) setAside(path, aside);
    renameSync(part, path);
    syncDirectory(directory);
    return isPresent ? aside : null;
  } finally {
    removeWithCompanions(part);
    owner.release();
  }
}
