// What the file refuses: worded for the client, and told apart by whether it may pass by itself.
import { rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { DatabaseError } from '../database-error.ts';

const SQL_ERROR = 1;
const IO_FAILED = 10;
const CORRUPT = 11;
const FULL = 13;
const NOT_A_DATABASE = 26;

/** SQLite's primary codes of what ends without a new start: busy, locked, no memory, read-only, interrupted, full. */
const PASSING: ReadonlySet<number> = new Set([5, 6, 7, 8, 9, FULL]);

/** Extended codes that are also given for a quota or a full disk: a write, and the shared index of the log. */
const PERHAPS_FULL: ReadonlySet<number> = new Set([778, 4874]);
/** Reading or writing failed for want of memory. */
const IO_NO_MEMORY = 3082;

/** SQLite's extended code, of an error of its own or of the one made from it; null for everything else. */
function storeCode(error: unknown): number | null {
  const own = error instanceof DatabaseError ? error.cause : error;
  if (!(own instanceof Error) || !('errcode' in own) || typeof own.errcode !== 'number') return null;
  return own.errcode;
}

/** True when the directory takes no more bytes now. */
function isFull(dataDir: string): boolean {
  const probe = join(dataDir, 'space.probe');
  try {
    writeFileSync(probe, Buffer.alloc(64 * 1024), { mode: 0o600 });
    return false;
  } catch (error) {
    const { code, errno = 0 } = error as NodeJS.ErrnoException;
    // Node has no name for a quota that is used up, but tells its number.
    return code === 'ENOSPC' || Math.abs(errno) === constants.errno.EDQUOT;
  } finally {
    rmSync(probe, { force: true });
  }
}

/** True when the same work may succeed later; false for a damaged file, a failing disk and faults of the engine. */
export function mayPass(error: unknown): boolean {
  if (error instanceof DatabaseError && error.code === 14031) return true;
  const code = storeCode(error);
  return code !== null && (PASSING.has(code & 0xff) || code === IO_NO_MEMORY);
}

/** Judges the errors of one file, and remembers the first that will not pass. */
export class StoreWatch {
  readonly #dataDir: string;
  readonly #onBroken: (error: Error) => void;
  #broken: DatabaseError | null = null;

  /** @param onBroken - told once, when the file can no longer be trusted */
  constructor(dataDir: string, onBroken: (error: Error) => void) {
    this.#dataDir = dataDir;
    this.#onBroken = onBroken;
  }

  /** Why nothing may be written any more; null while all is well. After a failed sync nobody knows what is on the disk. */
  get broken(): DatabaseError | null {
    return this.#broken;
  }

  /** What a failure is answered with: 14031 full, 39 failing disk, 301 damaged file, 1 for other refusals of the
   *  file with the reason as cause; every other error stays as it is. */
  judge(error: unknown): unknown {
    const code = storeCode(error);
    if (code === null || error instanceof DatabaseError) return error;
    const failure = this.#worded(error as Error, code);
    if (failure.code === 39 || failure.code === 301) this.#break(failure);
    return failure;
  }

  #worded(cause: Error, code: number): DatabaseError {
    const text = cause.message;
    const primary = code & 0xff;
    if (primary === FULL || (PERHAPS_FULL.has(code) && isFull(this.#dataDir)))
      return new DatabaseError(14031, `The disk is full: ${text}`, { cause });
    if (primary === IO_FAILED && code !== IO_NO_MEMORY)
      return new DatabaseError(39, `The disk of ${this.#dataDir} fails: ${text}`, { cause });
    const isGone = primary === SQL_ERROR && text.startsWith('no such table');
    if (primary === CORRUPT || primary === NOT_A_DATABASE || isGone) {
      const words = `The database in ${this.#dataDir} is damaged: ${text}. Restore a backup: npm run restore -- --from FILE`;
      return new DatabaseError(301, words, { cause });
    }
    return new DatabaseError(1, `The database file refuses: ${text}`, { cause });
  }

  #break(failure: DatabaseError): void {
    if (this.#broken) return;
    this.#broken = failure;
    this.#onBroken(failure);
  }
}
