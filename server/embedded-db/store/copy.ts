// A copy of one moment of a database file, checked before it counts; also while others write.
import { closeSync, existsSync, fsyncSync, openSync, writeFileSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { namedFault, refuseDamaged } from './damage.ts';
import { layoutOf, setMeta } from './schema.ts';

/** Pages between two reports, 8 MB. */
const PAGES_PER_STEP = 2_000;

/** Told how far a copy is; what it throws ends the copy. */
export type Progress = (donePages: number, totalPages: number) => void;

/** Opens a file to read it. A log beside it has to be taken in, and then SQLite writes. */
function openSource(path: string): DatabaseSync {
  const hasLog = existsSync(`${path}-wal`);
  const db = new DatabaseSync(path, { readOnly: !hasLog, timeout: 5_000 });
  try {
    if (layoutOf(db, path) === 0) throw new Error(`${path} is empty, not an embedded database.`);
    // From the first read on this connection sees one moment, whatever others write.
    db.exec('BEGIN');
    db.prepare('SELECT count(*) FROM meta').get();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function openedSource(path: string): DatabaseSync {
  try {
    return openSource(path);
  } catch (error) {
    throw namedFault(error, path);
  }
}

/** One file without a log, every page of it checked, marked as cleanly closed, on the disk.
 *  @param from - what findings are told of: the copy is as damaged as that is, and will be gone */
function finish(copy: string, from: string): void {
  const db = new DatabaseSync(copy);
  try {
    db.exec('PRAGMA journal_mode = DELETE');
    setMeta(db, 'open', 0);
    refuseDamaged(db, from);
  } finally {
    db.close();
  }
  const handle = openSync(copy, 'r+');
  fsyncSync(handle);
  closeSync(handle);
}

/** Copies a database file as it is at this moment to a new file that only its owner may read.
 *  The caller removes what a failure leaves.
 *  @throws DamagedFile; Error in readable words for a file of another program; what `progress` throws */
export async function copyDatabase(from: string, to: string, progress: Progress): Promise<void> {
  // Made anew or not at all: what stands there could be a link that somebody else has put in the way.
  writeFileSync(to, '', { flag: 'wx', mode: 0o600 });
  const source = openedSource(from);
  try {
    const pages = source.prepare('PRAGMA page_count').get()?.['page_count'] as number;
    progress(0, pages);
    await backup(source, to, {
      rate: PAGES_PER_STEP,
      progress: ({ totalPages, remainingPages }) => progress(totalPages - remainingPages, totalPages),
    });
    finish(to, from);
    progress(pages, pages);
  } catch (error) {
    throw namedFault(error, from);
  } finally {
    source.close();
  }
}
