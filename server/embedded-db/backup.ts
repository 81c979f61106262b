// Backup and restore of a data directory, by files; a backup also while the database is served.
import { copyFileSync, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { copyDatabase, type Progress } from './store/copy.ts';
import { databasePath, makeDirectory, syncDirectory } from './store/database-file.ts';
import { takeDirectory } from './store/owner-lock.ts';

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

/** Writes a backup of one moment, also while a process serves the directory; the file appears when it is whole.
 *  @param to - a new file, or a directory that gets a file named after the time
 *  @returns the path of the backup
 *  @throws Error in readable words when there is nothing to back up or `to` exists */
export async function backUp(
  dataDir: string,
  to: string,
  options: { readonly now?: Date; readonly progress?: Progress } = {},
): Promise<string> {
  const source = databasePath(resolve(dataDir));
  if (!existsSync(source)) throw new Error(`There is no database in ${resolve(dataDir)}.`);
  const wanted = resolve(to);
  const target = isDirectory(wanted)
    ? join(wanted, `database-${stamp(options.now ?? new Date())}.sqlite`)
    : wanted;
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
  makeDirectory(directory);
  const owner = takeDirectory(directory);
  const path = databasePath(directory);
  const part = `${path}.restored`;
  try {
    const isPresent = existsSync(path);
    if (isPresent && options.force !== true) {
      throw new Error(
        `There is a database in ${directory} already. With --force it is kept aside and the backup takes its place.`,
      );
    }
    removeWithCompanions(part);
    await copyDatabase(source, part, options.progress ?? (() => undefined));
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
