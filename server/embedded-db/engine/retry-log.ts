// Replies of retryable writes, stored in the same commit as the write itself.

import { asBuffer, decodeDoc } from '../bson/decode.ts';
import { encodeDoc } from '../bson/encode.ts';
import type { Outgoing } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import type { Storage } from './storage.ts';

/** A reply in the making. */
export type Reply = Map<string, Outgoing>;

/** Identity of a retryable write. */
export interface RetryKey {
  readonly session: Buffer;
  readonly txnNumber: bigint;
}

/** The reply stored for this number; null when the write has not happened yet.
 *  @throws 225 TransactionTooOld when the session is already further */
export function storedReply(storage: Storage, key: RetryKey): Reply | null {
  const row = storage.main.statement('SELECT txn, reply FROM retry WHERE session = ?').get(key.session);
  if (!row) return null;
  const known = BigInt(row['txn'] as number);
  if (known === key.txnNumber) return decodeDoc(asBuffer(row['reply'] as Uint8Array));
  if (known < key.txnNumber) return null;
  throw new DatabaseError(
    225,
    `Retryable write with txnNumber ${key.txnNumber} is prohibited on session because a newer retryable write with txnNumber ${known} has already started on this session.`,
  );
}

/** Stores a reply; only the latest number of a session is kept, as clients use one at a time. */
export function storeReply(storage: Storage, key: RetryKey, reply: Reply, now: number): void {
  const sql = 'INSERT OR REPLACE INTO retry (session, txn, reply, at) VALUES (?, ?, ?, ?)';
  storage.main.statement(sql).run(key.session, key.txnNumber, encodeDoc(reply), now);
}

/** Forgets replies nobody can ask for any more. */
export function sweepReplies(storage: Storage, before: number): void {
  storage.main.statement('DELETE FROM retry WHERE at < ?').run(before);
}
