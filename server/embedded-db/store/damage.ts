// What is wrong with the database file when it is opened: found, and named with the way out.
import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { Owner } from './owner-lock.ts';

/** SQLite's primary codes of a damaged file: corrupt, and no database at all. */
const DAMAGE_CODES: ReadonlySet<number> = new Set([11, 26]);
const FULL = 13;

/** The file cannot be trusted; the message says what to do. */
export class DamagedFile extends Error {
  /** What does not fit, as SQLite says it. */
  readonly finding: string;

  constructor(path: string, finding: string) {
    super(
      `The database file ${path} is damaged (${finding}). It is left as it is and nothing is served from it. Restore the last backup: npm run restore -- --from FILE`,
    );
    this.finding = finding;
  }
}

/** The same error, unless it is SQLite's or the system's word for a damaged file or a full disk. */
export function namedFault(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0;
  if (DAMAGE_CODES.has(code)) return new DamagedFile(path, error.message);
  const isFull = code === FULL || ('code' in error && error.code === 'ENOSPC');
  return isFull ? new Error(`There is no room on the disk of ${path}. Make some and start again.`) : error;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Refuses a file that lost all its bytes: SQLite would take it for a new one.
 *  @param last - who had the directory open before
 *  @throws DamagedFile */
export function refuseEmptied(path: string, last: Owner | null): void {
  const isThere = statSync(path, { throwIfNoEntry: false }) !== undefined;
  const wasInUse = last?.uri != null || sizeOf(`${path}-wal`) > 0;
  if (isThere && sizeOf(path) === 0 && wasInUse) throw new DamagedFile(path, 'it is empty');
}

/** Checks the structure of every page (PRAGMA quick_check): about a second of work for a gigabyte.
 *  @throws DamagedFile with the first finding */
export function refuseDamaged(db: DatabaseSync, path: string): void {
  const found = db.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (found !== 'ok') throw new DamagedFile(path, String(found).replaceAll('\n', ' '));
}
