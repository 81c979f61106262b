// How much one document may make the thread compute: a value or an expression cannot pause, so it is ended.
import { DatabaseError } from '../database-error.ts';

/** Steps between two looks at the clock; well below a millisecond of plain work. */
const STEPS = 4_096;
/** Processor time that may pass without a pause before the command that goes on computing is ended. */
const PATIENCE_US = 500_000;
/** Elements an array may have that an expression makes: at 16 bytes each, the 100 MB a server gives to one. */
export const MAX_ELEMENTS = 6_553_600;
/** Bytes of a text or document in the making, as on a server. */
export const MAX_BUFFER_BYTES = 64 * 1024 * 1024;

let left = STEPS;
/** Processor time of the thread at the first look since a pause, or in this turn of the event loop. */
let firstLookUs: number | null = null;

function look(): void {
  left = STEPS;
  const { user, system } = process.threadCpuUsage();
  const now = user + system;
  if (firstLookUs === null) {
    firstLookUs = now;
    setImmediate(() => {
      firstLookUs = null;
    });
  } else if (now - firstLookUs > PATIENCE_US) throw new DatabaseError(50, 'operation exceeded time limit');
}

/** Counts steps of work that cannot pause, each about as long as comparing two numbers.
 *  @throws 50 MaxTimeMSExpired when the thread has been kept for half a second */
export function effort(steps = 1): void {
  left -= steps;
  if (left < 0) look();
}

/** True when there was so much work since the last pause that others should be let in; it then counts anew. */
export function wantsPause(): boolean {
  const isTired = firstLookUs !== null;
  firstLookUs = null;
  return isTired;
}

/** Refuses an array that would keep more than a server allows.
 *  @throws 146 ExceededMemoryLimit */
export function checkElements(operator: string, length: number): void {
  if (length <= MAX_ELEMENTS) return;
  throw new DatabaseError(
    146,
    `${operator} would use too much memory (${length * 16} bytes) and cannot spill to disk. Memory limit: 104857600 bytes`,
  );
}

/** Refuses to let a text or a document grow further.
 *  @throws 13548 beyond 64 MB */
export function checkBuffer(bytes: number): void {
  if (bytes <= MAX_BUFFER_BYTES) return;
  throw new DatabaseError(13548, `BufBuilder attempted to grow() to ${bytes} bytes, past the 64MB limit.`);
}
