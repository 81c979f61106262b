// From a parsed request to its reply: finding the command, its session and transaction, and wording errors.

import { type Doc, int, type Outgoing } from '../bson/value.ts';
import { DatabaseError, notSupported } from '../database-error.ts';
import type { Reply } from '../engine/retry-log.ts';
import type { Session } from '../engine/sessions.ts';
import type { Transaction } from '../engine/transaction.ts';
import { asNumber } from '../value/arithmetic.ts';
import { underOrder } from '../value/text-order.ts';
import { AGGREGATE } from './aggregate.ts';
import { AUTHENTICATION_COMMANDS, refuseStrangers } from './authentication.ts';
import { COLLECTION_COMMANDS } from './collections.ts';
import {
  type Command,
  type Context,
  countOption,
  docOption,
  type Engine,
  orderOf,
  refuseUnknownOptions,
  reply,
} from './context.ts';
import { DIAGNOSTIC_COMMANDS } from './diagnostics.ts';
import { DISTINCT } from './distinct.ts';
import { explainCommand } from './explain.ts';
import { FIND_COMMANDS } from './find.ts';
import { FIND_AND_MODIFY } from './find-and-modify.ts';
import { INDEX_COMMANDS } from './indexes.ts';
import { SESSION_COMMANDS } from './session-commands.ts';
import { WRITE_COMMANDS } from './write.ts';

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>(
  Object.entries({
    ...AUTHENTICATION_COMMANDS,
    ...DIAGNOSTIC_COMMANDS,
    ...FIND_COMMANDS,
    ...DISTINCT,
    ...AGGREGATE,
    ...WRITE_COMMANDS,
    ...FIND_AND_MODIFY,
    ...COLLECTION_COMMANDS,
    ...INDEX_COMMANDS,
    ...SESSION_COMMANDS,
    explain: explainCommand((name) => COMMANDS.get(name)),
  }),
);

const RETRYABLE: ReadonlySet<string> = new Set([
  'insert',
  'update',
  'delete',
  'findAndModify',
  'findandmodify',
]);
const READ_LEVELS: ReadonlySet<unknown> = new Set(['local', 'majority', 'available', 'linearizable']);

/** One request of a connection. */
export interface Request {
  readonly engine: Engine;
  readonly body: Doc;
  readonly connection: Context['connection'];
}

function checkConcerns(body: Doc, isTransaction: boolean): void {
  const level = docOption(body, 'readConcern').get('level');
  if (level !== undefined && !READ_LEVELS.has(level) && !(level === 'snapshot' && isTransaction)) {
    throw notSupported(`the read concern '${String(level)}' outside a transaction`);
  }
  const wanted = docOption(body, 'writeConcern').get('w') ?? null;
  // One node is the majority; every write is on its disk before it is acknowledged, whatever `j` says.
  if (wanted !== null && wanted !== 'majority' && !((asNumber(wanted) ?? 2) <= 1)) {
    throw new DatabaseError(100, 'Not enough data-bearing nodes');
  }
}

interface SessionState {
  readonly session: Session | null;
  readonly transaction: Transaction | null;
  readonly retry: Context['retry'];
}

const OUTSIDE: SessionState = { session: null, transaction: null, retry: null };

function sessionOf({ engine, body, connection }: Request, name: string, command: Command): SessionState {
  const lsid = body.get('lsid');
  if (lsid === undefined) return OUTSIDE;
  const session = engine.sessions.of(lsid, Date.now());
  const txnNumber = body.get('txnNumber');
  if (typeof txnNumber !== 'bigint') return { ...OUTSIDE, session };
  if (body.get('autocommit') !== false) {
    if (!RETRYABLE.has(name)) throw notSupported(`a transaction number for ${name}`);
    return { session, transaction: null, retry: { session: session.key, txnNumber } };
  }
  if (!command.inTransaction) {
    throw new DatabaseError(263, `Cannot run '${name}' in a multi-document transaction.`);
  }
  const isEnding = name === 'commitTransaction' || name === 'abortTransaction';
  if (isEnding) return { ...OUTSIDE, session };
  const isStart = body.get('startTransaction') === true;
  const transaction = isStart
    ? engine.sessions.start(session, txnNumber)
    : engine.sessions.open(session, txnNumber);
  session.connection = connection;
  return { session, transaction, retry: null };
}

/** The collection a command names; undefined when it names none or it is not there. */
function named({ body, engine }: Request, name: string, db: string) {
  const collection = body.get(name);
  return typeof collection === 'string' ? engine.storage.catalog.find(db, collection) : undefined;
}

async function run(request: Request): Promise<Reply> {
  const { body, engine, connection } = request;
  const name = body.keys().next().value ?? '';
  refuseStrangers(name, connection);
  const command = COMMANDS.get(name);
  if (!command) throw new DatabaseError(59, `no such command: '${name}'`);
  const db = body.get('$db');
  if (typeof db !== 'string')
    throw new DatabaseError(40414, "BSON field 'OpMsgBody.$db' is missing but a required field");
  const state = sessionOf(request, name, command);
  try {
    refuseUnknownOptions(name, body, command.options);
    checkConcerns(body, state.transaction !== null);
    const limitMs = countOption(body, 'maxTimeMS');
    const deadline = limitMs ? performance.now() + limitMs : Number.POSITIVE_INFINITY;
    const order = command.options.includes('collation') ? orderOf(body, named(request, name, db)) : null;
    const context = { engine, name, db, body, connection, order, deadline, ...state };
    return await underOrder(order, () => command.run(context));
  } catch (error) {
    // Any failed operation ends its transaction, as on the server.
    if (state.transaction && state.session) {
      engine.cursors.endTransaction(state.transaction);
      engine.sessions.abort(state.session);
    }
    throw error;
  }
}

/** Words a failure as a reply with `ok: 0`. */
export function errorReply(error: unknown): Reply {
  const known =
    error instanceof DatabaseError
      ? error
      : new DatabaseError(1, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  const out = reply({ ok: 0, errmsg: known.message, code: int(known.code), codeName: known.codeName });
  for (const [name, value] of known.fields ?? []) out.set(name, value as Outgoing);
  if (known.labels.length > 0) out.set('errorLabels', [...known.labels]);
  return out;
}

/** Runs one request; every failure becomes a reply with `ok: 0`. */
export async function answer(request: Request): Promise<Reply> {
  try {
    const out = await run(request);
    out.set('ok', 1);
    return out;
  } catch (error) {
    return errorReply(request.engine.storage.watch.judge(error));
  }
}
