// What surrounds a command in its request: session and transaction, concerns, API version.
import { type Doc, int } from '../bson/value.ts';
import { DatabaseError, notSupported } from '../database-error.ts';
import type { Reply } from '../engine/retry-log.ts';
import { retryKey, type Session } from '../engine/sessions.ts';
import type { Transaction } from '../engine/transaction.ts';
import { asNumber } from '../value/arithmetic.ts';
import { type Client, type Command, type Context, docOption, type Engine, reply } from './context.ts';

/** One request of a connection. */
export interface Request {
  readonly engine: Engine;
  readonly body: Doc;
  readonly connection: Client;
  /** True for the legacy form, which only the handshake may have. */
  readonly isLegacy?: boolean;
}

/** Session and transaction of one request; all null without an `lsid`. */
export interface SessionState {
  readonly session: Session | null;
  readonly transaction: Transaction | null;
  readonly retry: Context['retry'];
}

const RETRYABLE: ReadonlySet<string> = new Set([
  ...['insert', 'update', 'delete', 'findAndModify', 'findandmodify', 'bulkWrite'],
]);
const ENDINGS: ReadonlySet<string> = new Set(['commitTransaction', 'abortTransaction']);
const READ_LEVELS: ReadonlySet<unknown> = new Set(['local', 'majority', 'available', 'linearizable']);

/** Commands of the stable API, version 1. */
const STABLE: ReadonlySet<string> = new Set([
  ...['abortTransaction', 'aggregate', 'bulkWrite', 'collMod', 'commitTransaction', 'count', 'create'],
  ...['createIndexes', 'delete', 'drop', 'dropDatabase', 'dropIndexes', 'endSessions', 'explain', 'find'],
  ...['findAndModify', 'getMore', 'hello', 'insert', 'killCursors', 'listCollections', 'listDatabases'],
  ...['listIndexes', 'ping', 'refreshSessions', 'saslContinue', 'saslStart', 'update'],
]);

const OUTSIDE: SessionState = { session: null, transaction: null, retry: null };

/** Finds the session of a request, and begins or finds its transaction.
 *  @throws 263 OperationNotSupportedInTransaction, 50768 for a transaction number the command cannot have */
export function sessionOf(
  { engine, body, connection }: Request,
  name: string,
  command: Command,
): SessionState {
  const lsid = body.get('lsid');
  const txnNumber = body.get('txnNumber');
  if (lsid === undefined) {
    if (txnNumber === undefined) return OUTSIDE;
    throw new DatabaseError(72, 'Transaction number requires a session ID to also be specified');
  }
  const session = engine.sessions.of(lsid, Date.now());
  if (typeof txnNumber !== 'bigint') return { ...OUTSIDE, session };
  if (body.get('autocommit') !== false) {
    if (!RETRYABLE.has(name)) {
      throw new DatabaseError(50768, `It is illegal to provide a txnNumber for command ${name}`);
    }
    return { session, transaction: null, retry: retryKey(session, txnNumber) };
  }
  if (!command.inTransaction) {
    throw new DatabaseError(263, `Cannot run '${name}' in a multi-document transaction.`);
  }
  if (ENDINGS.has(name)) {
    if (session.txnNumber === txnNumber) session.connection = connection;
    return { ...OUTSIDE, session };
  }
  const isStart = body.get('startTransaction') === true;
  const transaction = isStart
    ? engine.sessions.start(session, txnNumber)
    : engine.sessions.open(session, txnNumber);
  session.connection = connection;
  return { session, transaction, retry: null };
}

/** Refuses read concerns that cannot be kept.
 *  @throws 115 for snapshot reads outside transactions */
export function checkReadConcern(body: Doc, isTransaction: boolean): void {
  const level = docOption(body, 'readConcern').get('level');
  if (level !== undefined && !READ_LEVELS.has(level) && !(level === 'snapshot' && isTransaction)) {
    throw notSupported(`the read concern '${String(level)}' outside a transaction`);
  }
}

/** The error beside a write that happened but cannot reach as many nodes as asked for; undefined when it can.
 *  @throws 9 FailedToParse for a `w` of another type */
export function writeConcernError(body: Doc): Reply | undefined {
  const concern = docOption(body, 'writeConcern');
  const wanted = concern.get('w') ?? null;
  const nodes = asNumber(wanted);
  // One node is the majority; every write is on its disk before it is acknowledged, whatever `j` says.
  if (wanted === null || wanted === 'majority' || (nodes !== null && nodes <= 1)) return undefined;
  if (nodes === null && typeof wanted !== 'string')
    throw new DatabaseError(9, 'w has to be a number or a string');
  const { code, codeName, message } =
    nodes === null
      ? new DatabaseError(
          79,
          `No write concern mode named '${String(wanted)}' found in replica set configuration`,
        )
      : new DatabaseError(100, 'Not enough data-bearing nodes');
  const asked = reply({ w: wanted, wtimeout: int(asNumber(concern.get('wtimeout') ?? null) ?? 0) });
  return reply({ code: int(code), codeName, errmsg: message, errInfo: reply({ writeConcern: asked }) });
}

/** Refuses what the stable API does not have, for clients that ask to be kept to it.
 *  @throws 322 APIVersionError, 323 APIStrictError */
export function checkApiVersion(name: string, body: Doc): void {
  const version = body.get('apiVersion');
  if (version !== undefined && version !== '1') throw new DatabaseError(322, 'API version must be "1"');
  if (body.get('apiStrict') === true && !STABLE.has(name)) {
    throw new DatabaseError(
      323,
      `Provided apiStrict:true, but the command ${name} is not in API Version 1. Information on supported commands and migrations in API Version 1 can be found at https://dochub.mongodb.org/core/manual-versioned-api`,
    );
  }
}
