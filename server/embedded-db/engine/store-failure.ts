// What the file refuses: worded for the client, and told apart by whether it may pass by itself.
import { DatabaseError } from '../database-error.ts';

/** SQLite's primary codes of what ends without a new start: busy, locked, no memory, read-only, interrupted,
 *  input or output failed, disk full. */
const PASSING: ReadonlySet<number> = new Set([5, 6, 7, 8, 9, 10, 13]);

const FULL = 13;

/** SQLite's primary code, of an error of its own or of the one made from it; null for everything else. */
function storeCode(error: unknown): number | null {
  const own = error instanceof DatabaseError ? error.cause : error;
  if (!(own instanceof Error) || !('errcode' in own) || typeof own.errcode !== 'number') return null;
  return own.errcode & 0xff;
}

/** The refusal that a failed commit is answered with; the reason is kept as its cause. */
export function storeFailure(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const details = { cause: error };
  if (storeCode(error) === FULL) return new DatabaseError(14031, `The disk is full: ${message}`, details);
  return new DatabaseError(1, `The write could not be stored: ${message}`, details);
}

/** The same for one job of a commit: what the file refused is worded, everything else stays as it is. */
export function jobFailure(error: unknown): unknown {
  return storeCode(error) === null ? error : storeFailure(error);
}

/** True when the same work may succeed later; false for a damaged file and for faults of the engine itself. */
export function mayPass(error: unknown): boolean {
  const code = storeCode(error);
  return code !== null && PASSING.has(code);
}
