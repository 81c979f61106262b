// Failures in the server's words: code, name, fields, and the labels drivers decide by.
import { type Doc, int, type Outgoing } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { TRANSIENT } from '../engine/conflict.ts';
import type { Reply } from '../engine/retry-log.ts';
import { reply } from './context.ts';

/** Drivers send a write with a transaction number again after one of these. */
const RETRYABLE: ReadonlySet<number> = new Set([
  6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436,
]);
/** A transaction that ends by one of these may be run again from its beginning. */
const TRANSIENT_CODES: ReadonlySet<number> = new Set([24, 112, 246, 251, 267]);

/** The label of a write that may be sent again, also for write concern errors.
 *  @see the drivers' specification of retryable writes */
export function retryLabels(code: number, request: Doc): string[] {
  const isEnding = /^(commit|abort)Transaction$/.test(String(request.keys().next().value));
  const isTransaction = request.get('autocommit') === false;
  const mayRetry = request.has('txnNumber') && (isEnding || !isTransaction);
  return mayRetry && RETRYABLE.has(code) ? ['RetryableWriteError'] : [];
}

/** The labels a server gives to an error by the request that met it.
 *  @see the drivers' specification of transactions */
function labelsOf(code: number, request: Doc): string[] {
  const name = request.keys().next().value;
  if (request.get('autocommit') !== false || name === 'abortTransaction') return retryLabels(code, request);
  if (TRANSIENT_CODES.has(code)) return [TRANSIENT];
  if (name === 'commitTransaction') return retryLabels(code, request);
  return RETRYABLE.has(code) ? [TRANSIENT] : [];
}

/** Words a failure as a reply with `ok: 0`. */
export function errorReply(error: unknown, request: Doc): Reply {
  const known =
    error instanceof DatabaseError
      ? error
      : new DatabaseError(1, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  const out = reply({ ok: 0, errmsg: known.message, code: int(known.code), codeName: known.codeName });
  for (const [name, value] of known.fields ?? []) out.set(name, value as Outgoing);
  const labels = known.isLabelled ? known.labels : labelsOf(known.code, request);
  if (labels.length > 0) out.set('errorLabels', [...labels]);
  return out;
}
