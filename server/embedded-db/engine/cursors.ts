// Cursors across getMore: a paused stream each, no open statement.
import { randomBytes } from 'node:crypto';
import { DatabaseError } from '../database-error.ts';
import { PAUSE, type Stream } from '../store/row.ts';
import type { Sliced } from '../store/slices.ts';
import type { Deadline } from './deadline.ts';
import { SESSION_TIMEOUT_MS, type Session } from './sessions.ts';
import type { Transaction } from './transaction.ts';

/** A reply holds at most this many bytes of documents. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024;
/** Documents in the first batch when the client does not say. */
export const DEFAULT_BATCH = 101;
/** An unused cursor is forgotten after this time. */
const CURSOR_TIMEOUT_MS = 10 * 60_000;
/** A stream that gives this many without a pause is interrupted. */
const DOCUMENTS_PER_PAUSE = 64;
/** A stream may keep the thread this long before others get a turn. */
const SLICE_MS = 4;

/** Documents of a result, encoded. */
export interface Source {
  readonly stream: Stream<Buffer>;
  /** Read ahead but too large for the last batch. */
  held: Buffer | null;
}

interface Cursor {
  readonly source: Source;
  readonly namespace: string;
  readonly transaction: Transaction | null;
  readonly session: Session | null;
  /** True for one that is kept as long as its session (noCursorTimeout). */
  readonly isPatient: boolean;
  usedAt: number;
  isBusy: boolean;
}

type Owner = Pick<Cursor, 'transaction' | 'session' | 'isPatient'>;

/** One batch; `isDone` when nothing follows. */
export interface Batch {
  readonly documents: Buffer[];
  readonly isDone: boolean;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Gives the thread to others between slices of a long read.
 *  @throws 50 MaxTimeMSExpired, 11601 Interrupted when it has to give up */
export async function breathe(startedAt: number, deadline: Deadline): Promise<number> {
  const now = performance.now();
  deadline.check(now);
  if (now - startedAt < SLICE_MS) return startedAt;
  await turn();
  return performance.now();
}

/** Runs sliced work to its end, letting others in between.
 *  @throws 50 MaxTimeMSExpired, 11601 Interrupted */
export async function finish<T>(work: Sliced<T>, deadline: Deadline): Promise<T> {
  let slice = performance.now();
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
    slice = await breathe(slice, deadline);
  }
}

/** Pulls documents until the batch is full. */
export async function nextBatch(source: Source, limit: number, deadline: Deadline): Promise<Batch> {
  const documents: Buffer[] = [];
  let bytes = 0;
  let slice = performance.now();
  if (source.held) {
    documents.push(source.held);
    bytes = source.held.length;
    source.held = null;
  }
  while (documents.length < limit) {
    const next = source.stream.next();
    if (next.done) return { documents, isDone: true };
    if (next.value === PAUSE) {
      slice = await breathe(slice, deadline);
      continue;
    }
    if (bytes + next.value.length > MAX_BATCH_BYTES && documents.length > 0) {
      source.held = next.value;
      return { documents, isDone: false };
    }
    documents.push(next.value);
    bytes += next.value.length;
    if (documents.length % DOCUMENTS_PER_PAUSE === 0) slice = await breathe(slice, deadline);
  }
  return { documents, isDone: false };
}

function isForgotten({ isPatient, session, usedAt }: Cursor, now: number): boolean {
  if (!isPatient) return now - usedAt > CURSOR_TIMEOUT_MS;
  return session !== null && now - session.usedAt > SESSION_TIMEOUT_MS;
}

/** All open cursors. */
export class Cursors {
  readonly #cursors = new Map<bigint, Cursor>();

  /** Keeps a source for getMore. */
  keep(source: Source, namespace: string, owner: Owner): bigint {
    const id = randomBytes(8).readBigInt64LE() & 0x7fffffffffffffffn || 1n;
    this.#cursors.set(id, { source, namespace, ...owner, usedAt: Date.now(), isBusy: false });
    return id;
  }

  /** The next batch of a cursor; the cursor is gone after its last.
   *  @throws 43 CursorNotFound */
  async more(id: bigint, namespace: string, limit: number, deadline: Deadline): Promise<Batch> {
    const cursor = this.#cursors.get(id);
    const isDead = cursor?.transaction?.isOpen === false;
    if (isDead) this.#cursors.delete(id);
    if (!cursor || isDead || cursor.namespace !== namespace)
      throw new DatabaseError(43, `cursor id ${id} not found`);
    if (cursor.isBusy) throw new DatabaseError(12051, `cursor id ${id} is already in use`);
    cursor.isBusy = true;
    cursor.usedAt = Date.now();
    try {
      const batch = await nextBatch(cursor.source, limit, deadline);
      if (batch.isDone) this.#cursors.delete(id);
      return batch;
    } catch (error) {
      this.#cursors.delete(id);
      throw error;
    } finally {
      cursor.isBusy = false;
    }
  }

  /** How many are open. */
  get size(): number {
    return this.#cursors.size;
  }

  /** Drops a cursor; false when there is none. */
  kill(id: bigint): boolean {
    return this.#cursors.delete(id);
  }

  /** Drops the cursors of a transaction that has ended. */
  endTransaction(transaction: Transaction): void {
    for (const [id, cursor] of this.#cursors)
      if (cursor.transaction === transaction) this.#cursors.delete(id);
  }

  /** Drops the cursors of a session that has ended. */
  endSession(session: Session): void {
    for (const [id, cursor] of this.#cursors) if (cursor.session === session) this.#cursors.delete(id);
  }

  /** Drops cursors nobody has used for long, and those of transactions that have ended. */
  sweep(now: number): void {
    for (const [id, cursor] of this.#cursors) {
      const isOver = cursor.transaction?.isOpen === false;
      if (!cursor.isBusy && (isOver || isForgotten(cursor, now))) this.#cursors.delete(id);
    }
  }
}
