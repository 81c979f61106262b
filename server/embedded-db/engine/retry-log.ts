// Results of retryable writes, stored in the same commit as the write itself.

import { asBuffer, decodeDoc } from '../bson/decode.ts';
import { encodeDoc } from '../bson/encode.ts';
import { type Doc, int, isDoc, type Outgoing } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { asNumber } from '../value/arithmetic.ts';
import type { Storage } from './storage.ts';

/** A reply in the making. */
export type Reply = Map<string, Outgoing>;

/** What this run knows of a session's records. */
export interface RetryMemory {
  /** No record has a higher number; null before the first look. */
  highest: bigint | null;
}

/** Identity of a retryable write. */
export interface RetryKey {
  readonly session: Buffer;
  readonly txnNumber: bigint;
  readonly memory: RetryMemory;
}

/** The parts stored for this number: one of each commit the command took; [] when it has not happened yet.
 *  @throws 225 TransactionTooOld when the session is already further */
function storedParts(storage: Storage, key: RetryKey): Doc[] {
  const { memory } = key;
  if (memory.highest !== null && key.txnNumber > memory.highest) return [];
  const sql = 'SELECT txn, reply FROM retry WHERE session = ? ORDER BY part';
  const rows = storage.main.statement(sql).all(key.session);
  // Parts above the first may be left from an older number.
  const known = BigInt((rows[0]?.['txn'] as number | undefined) ?? -1);
  memory.highest = known;
  if (known > key.txnNumber) {
    throw new DatabaseError(
      225,
      `Retryable write with txnNumber ${key.txnNumber} is prohibited on session because a newer retryable write with txnNumber ${known} has already started on this session.`,
    );
  }
  return rows
    .filter((row) => BigInt(row['txn'] as number) === key.txnNumber)
    .map((row) => decodeDoc(asBuffer(row['reply'] as Uint8Array)));
}

function storePart(storage: Storage, key: RetryKey, part: number, content: Reply): void {
  const sql = 'INSERT OR REPLACE INTO retry (session, part, txn, reply, at) VALUES (?, ?, ?, ?, ?)';
  // Also when the transaction is taken back: the memory says what may be there.
  key.memory.highest = key.txnNumber;
  storage.main.statement(sql).run(key.session, part, key.txnNumber, encodeDoc(content), Date.now());
}

/** The reply stored as a whole for this number; null when the write has not happened yet.
 *  @throws 225 TransactionTooOld when the session is already further */
export function storedReply(storage: Storage, key: RetryKey): Reply | null {
  return storedParts(storage, key)[0] ?? null;
}

/** Stores a whole reply; only the latest number of a session is kept, as clients use one at a time. */
export function storeReply(storage: Storage, key: RetryKey, reply: Reply): void {
  storePart(storage, key, 0, reply);
}

interface Run {
  readonly from: number;
  /** Past the last statement with this result. */
  to: number;
  readonly result: Reply;
}

/** What single statements of one retryable command did, so that a repetition does only the others.
 *  Statements that failed are not in it: they are tried again, as on the server. */
export class StatementLog {
  readonly #storage: Storage;
  readonly #key: RetryKey;
  readonly #known = new Map<number, Reply>();
  #fresh: Run[] = [];
  #parts: number;

  /** @throws 225 TransactionTooOld when the session is already further */
  constructor(storage: Storage, key: RetryKey) {
    this.#storage = storage;
    this.#key = key;
    const parts = storedParts(storage, key);
    this.#parts = parts.length;
    for (const part of parts) this.#learn(part);
  }

  #learn(part: Doc): void {
    const runs = part.get('ran');
    for (const run of Array.isArray(runs) ? runs : []) {
      if (!isDoc(run)) continue;
      const [from, to, result] = [asNumber(run.get('from')), asNumber(run.get('to')), run.get('result')];
      for (let id = from ?? 0; id < (to ?? 0); id++) if (isDoc(result)) this.#known.set(id, result);
    }
  }

  /** What a statement gave when it ran before; undefined when it did not. */
  resultOf(statement: number): Reply | undefined {
    return this.#known.get(statement);
  }

  /** Notes what a statement gave. Equal results in a row are stored once when they are the same object. */
  note(statement: number, result: Reply): void {
    const last = this.#fresh.at(-1);
    if (last?.to === statement && last.result === result) last.to++;
    else this.#fresh.push({ from: statement, to: statement + 1, result });
  }

  /** Stores what was noted since the last time, into the transaction under way. */
  save(): void {
    if (this.#fresh.length === 0) return;
    const ran = this.#fresh.map(
      ({ from, to, result }): Reply =>
        new Map<string, Outgoing>([
          ['from', int(from)],
          ['to', int(to)],
          ['result', result],
        ]),
    );
    const { documents } = this.#storage;
    // Statements without their record would run twice.
    documents.isHalfWritten = true;
    storePart(this.#storage, this.#key, this.#parts++, new Map([['ran', ran]]));
    documents.isHalfWritten = false;
    this.#fresh = [];
  }
}

/** Forgets what nobody can ask for any more.
 *  @returns false when nothing is left to forget */
export function sweepReplies(storage: Storage, before: number): boolean {
  const some = 'SELECT session FROM retry WHERE at < ? LIMIT 500';
  const sql = `DELETE FROM retry WHERE at < ? AND session IN (${some})`;
  return storage.main.statement(sql).run(before, before).changes > 0;
}
