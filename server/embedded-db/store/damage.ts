// What is wrong with the database file when it is opened: found, and named with the way out.
import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { Owner } from './owner-lock.ts';

/** SQLite's primary codes of a damaged file: corrupt, and no database at all. */
const DAMAGE_CODES: ReadonlySet<number> = new Set([11, 26]);
const FULL = 13;
/** SQLite's primary codes of a file this account may not write or open, and the system's. */
const REFUSED_CODES: ReadonlySet<unknown> = new Set([8, 14, 'EACCES', 'EPERM', 'EROFS']);

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

/** The same error, unless it is SQLite's or the system's word for a damaged file, a full disk or a file that
 *  this account may not open. */
export function namedFault(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0;
  if (DAMAGE_CODES.has(code)) return new DamagedFile(path, error.message);
  const isFull = code === FULL || ('code' in error && error.code === 'ENOSPC');
  if (isFull) return new Error(`There is no room on the disk of ${path}. Make some and start again.`);
  if (!REFUSED_CODES.has(code) && !('code' in error && REFUSED_CODES.has(error.code))) return error;
  const reason = `${path} and its folder have to be readable and writable (${error.message}).`;
  return new Error(`${reason} Use the account that runs the hub.`, { cause: error });
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
