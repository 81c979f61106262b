// Sessions: the transaction number they are at, and the transaction they have open.

import { Binary, isDoc } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { TRANSIENT } from './conflict.ts';
import type { RetryKey, RetryMemory } from './retry-log.ts';
import type { Storage } from './storage.ts';
import { Transaction } from './transaction.ts';

/** A transaction open longer than this is aborted (`transactionLifetimeLimitSeconds`). */
export const TRANSACTION_LIFETIME_MS = 60_000;

/** How long a transaction waits for another connection when its own has gone. */
const RECONNECT_MS = 1_000;

/** An idle session is forgotten after this time, as hello announces. */
export const SESSION_TIMEOUT_MS = 30 * 60_000;

/** Where a session's latest transaction number stands. */
type State = 'none' | 'open' | 'committed' | 'aborted';

/** One logical session of a client. */
export interface Session {
  readonly key: Buffer;
  txnNumber: bigint;
  state: State;
  transaction: Transaction | null;
  /** The connection that used the transaction last; when it closes, the transaction is aborted. */
  connection: object | null;
  usedAt: number;
  readonly retries: RetryMemory;
}

/** What the records of a retryable write or a commit are found by. */
export function retryKey(session: Session, txnNumber: bigint): RetryKey {
  return { session: session.key, txnNumber, memory: session.retries };
}

function noSuchTransaction(text: string): DatabaseError {
  return new DatabaseError(251, text, { labels: [TRANSIENT] });
}

/** All sessions of one server. */
export class Sessions {
  readonly #storage: Storage;
  readonly #sessions = new Map<string, Session>();

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** The session of an `lsid`, made at its first use.
   *  @throws 14 TypeMismatch when the lsid has no UUID */
  of(lsid: unknown, now: number): Session {
    const id = isDoc(lsid) ? lsid.get('id') : undefined;
    if (!(id instanceof Binary) || id.bytes.length !== 16) {
      throw new DatabaseError(
        14,
        "BSON field 'lsid.id' is the wrong type, expected type 'binData' of a UUID",
      );
    }
    const name = id.bytes.toString('latin1');
    let found = this.#sessions.get(name);
    if (!found) {
      found = {
        key: id.bytes,
        txnNumber: -1n,
        state: 'none',
        transaction: null,
        connection: null,
        usedAt: now,
        retries: { highest: null },
      };
      this.#sessions.set(name, found);
    }
    found.usedAt = now;
    return found;
  }

  /** Begins a transaction; an older one of the session is aborted.
   *  @throws 225 TransactionTooOld, 251 NoSuchTransaction when the number was used */
  start(session: Session, txnNumber: bigint): Transaction {
    if (txnNumber < session.txnNumber) throw tooOld(session, txnNumber);
    if (txnNumber === session.txnNumber) {
      throw noSuchTransaction(
        `Cannot start transaction ${txnNumber}: a transaction with this number was already started`,
      );
    }
    this.abort(session);
    session.txnNumber = txnNumber;
    session.state = 'open';
    session.transaction = new Transaction(this.#storage);
    return session.transaction;
  }

  /** The open transaction with this number.
   *  @throws 251 NoSuchTransaction, 256 TransactionCommitted, 225 TransactionTooOld */
  open(session: Session, txnNumber: bigint): Transaction {
    if (txnNumber < session.txnNumber) throw tooOld(session, txnNumber);
    if (txnNumber === session.txnNumber && session.transaction) return session.transaction;
    if (txnNumber === session.txnNumber && session.state === 'committed') {
      throw new DatabaseError(256, `Transaction with { txnNumber: ${txnNumber} } has been committed.`);
    }
    if (txnNumber === session.txnNumber && session.state === 'aborted') {
      throw noSuchTransaction(`Transaction with { txnNumber: ${txnNumber} } has been aborted.`);
    }
    throw noSuchTransaction(
      `Given transaction number ${txnNumber} does not match any in-progress transactions. The active transaction number is ${session.txnNumber}`,
    );
  }

  /** Aborts what the session has open; nothing happens when it has nothing. */
  abort(session: Session): void {
    if (!session.transaction) return;
    session.transaction.finish();
    session.transaction = null;
    session.state = 'aborted';
  }

  /** Notes that the open transaction has been written. */
  committed(session: Session): void {
    session.transaction?.finish();
    session.transaction = null;
    session.state = 'committed';
  }

  /** All sessions. */
  list(): Session[] {
    return [...this.#sessions.values()];
  }

  /** Forgets a session that has ended. */
  end(session: Session): void {
    this.abort(session);
    this.#sessions.delete(session.key.toString('latin1'));
  }

  /** Aborts transactions whose connection has gone, unless another one goes on with them at once: a driver
   *  that lost its connection sends its commit again. */
  connectionClosed(connection: object): void {
    const isLeft = (session: Session) => session.transaction !== null && session.connection === connection;
    if (!this.list().some(isLeft)) return;
    setTimeout(() => {
      for (const session of this.list()) if (isLeft(session)) this.abort(session);
    }, RECONNECT_MS).unref();
  }

  /** Aborts transactions past their lifetime and forgets idle sessions. */
  sweep(now: number): void {
    for (const [name, session] of this.#sessions) {
      if (session.transaction && now - session.transaction.startedAt > TRANSACTION_LIFETIME_MS)
        this.abort(session);
      if (now - session.usedAt > SESSION_TIMEOUT_MS) {
        this.abort(session);
        this.#sessions.delete(name);
      }
    }
  }

  /** Aborts everything; used when the server stops. */
  closeAll(): void {
    for (const session of this.#sessions.values()) this.abort(session);
    this.#sessions.clear();
  }
}

function tooOld(session: Session, txnNumber: bigint): DatabaseError {
  return new DatabaseError(
    225,
    `Cannot start transaction with session: txnNumber ${txnNumber} is less than last txnNumber ${session.txnNumber} seen in session`,
  );
}
