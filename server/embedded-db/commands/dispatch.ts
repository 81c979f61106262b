// From a parsed request to its reply: finding the command and running it in its session and transaction.
import { DatabaseError } from '../database-error.ts';
import { Deadline } from '../engine/deadline.ts';
import type { Reply } from '../engine/retry-log.ts';
import { wantsPause } from '../value/effort.ts';
import { type TextOrder, underOrder } from '../value/text-order.ts';
import { AGGREGATE } from './aggregate.ts';
import { AUTHENTICATION_COMMANDS, refuseStrangers } from './authentication.ts';
import { BULK_WRITE } from './bulk-write.ts';
import { COLLECTION_COMMANDS } from './collections.ts';
import { type Command, type Context, countOption, refuseUnknownOptions } from './context.ts';
import { DIAGNOSTIC_COMMANDS } from './diagnostics.ts';
import { DISTINCT } from './distinct.ts';
import { errorReply } from './error-reply.ts';
import { explainCommand } from './explain.ts';
import { ConnectionCut, FAIL_POINT_COMMANDS } from './fail-points.ts';
import { FIND_COMMANDS } from './find.ts';
import { FIND_AND_MODIFY } from './find-and-modify.ts';
import { HELLO_COMMANDS } from './hello.ts';
import { INDEX_COMMANDS } from './indexes.ts';
import { OPERATION_COMMANDS } from './operations.ts';
import { orderOf } from './order-of-strings.ts';
import {
  checkApiVersion,
  checkReadConcern,
  type Request,
  sessionOf,
  writeConcernError,
} from './request-session.ts';
import { SESSION_COMMANDS } from './session-commands.ts';
import { STATISTICS_COMMANDS } from './statistics.ts';
import { VALIDATE } from './validate.ts';
import { WRITE_COMMANDS } from './write.ts';

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>(
  Object.entries({
    ...AUTHENTICATION_COMMANDS,
    ...HELLO_COMMANDS,
    ...DIAGNOSTIC_COMMANDS,
    ...OPERATION_COMMANDS,
    ...STATISTICS_COMMANDS,
    ...VALIDATE,
    ...FAIL_POINT_COMMANDS,
    ...FIND_COMMANDS,
    ...DISTINCT,
    ...AGGREGATE,
    ...WRITE_COMMANDS,
    ...BULK_WRITE,
    ...FIND_AND_MODIFY,
    ...COLLECTION_COMMANDS,
    ...INDEX_COMMANDS,
    ...SESSION_COMMANDS,
    explain: explainCommand((name) => COMMANDS.get(name)),
  }),
);

/** What an OP_QUERY may still ask for. */
const LEGACY: ReadonlySet<string> = new Set(['isMaster', 'ismaster', 'hello']);

function find(name: string, { body, isLegacy, connection }: Request): { command: Command; db: string } {
  if (isLegacy && !LEGACY.has(name)) {
    throw new DatabaseError(
      352,
      `Unsupported OP_QUERY command: ${name}. The client driver may require an upgrade. For more details see https://dochub.mongodb.org/core/legacy-opcode-removal`,
    );
  }
  refuseStrangers(name, connection);
  const command = COMMANDS.get(name);
  if (!command) throw new DatabaseError(59, `no such command: '${name}'`);
  const db = body.get('$db');
  if (typeof db !== 'string')
    throw new DatabaseError(40414, "BSON field 'OpMsgBody.$db' is missing but a required field");
  if (command.adminOnly && db !== 'admin') {
    throw new DatabaseError(13, `${name} may only be run against the admin database.`);
  }
  return { command, db };
}

/** The order of strings for a command that knows collations. */
function orderFor({ body, engine }: Request, name: string, db: string, command: Command): TextOrder | null {
  if (!command.options.includes('collation')) return null;
  const collection = body.get(name);
  return orderOf(
    body,
    typeof collection === 'string' ? engine.storage.catalog.find(db, collection) : undefined,
  );
}

async function runIn(request: Request, given: Omit<Context, 'order'>, command: Command): Promise<Reply> {
  const { engine, name, body, connection, session, transaction, deadline, db } = given;
  const key = session?.key ?? null;
  const startedAt = performance.now();
  const operation = engine.operations.begin({
    name,
    db,
    body,
    connection,
    session: key,
    deadline,
    startedAt,
  });
  try {
    const context = { ...given, order: orderFor(request, name, db, command) };
    if (command.options !== 'any') refuseUnknownOptions(name, body, command.options);
    checkReadConcern(body, transaction !== null);
    const shortfall = writeConcernError(body);
    const out = await underOrder(context.order, () => command.run(context));
    if (shortfall) out.set('writeConcernError', shortfall);
    return out;
  } catch (error) {
    // Any failed operation ends its transaction, as on the server.
    if (transaction && session) {
      engine.cursors.endTransaction(transaction);
      engine.sessions.abort(session);
    }
    throw error;
  } finally {
    engine.operations.end(operation);
  }
}

async function run(request: Request): Promise<Reply> {
  const { body, engine, connection } = request;
  const name = body.keys().next().value ?? '';
  const { command, db } = find(name, request);
  checkApiVersion(name, body);
  const limitMs = countOption(body, 'maxTimeMS');
  const deadline = new Deadline(limitMs ? performance.now() + limitMs : undefined);
  const work = async () => {
    const state = sessionOf(request, name, command);
    return runIn(request, { engine, name, db, body, connection, deadline, ...state }, command);
  };
  return engine.failPoints
    ? engine.failPoints.around({ name, body, appName: connection.appName }, work)
    : work();
}

/** Runs one request; every failure becomes a reply with `ok: 0`.
 *  @throws ConnectionCut when a fail point wants the connection closed */
export async function answer(request: Request): Promise<Reply> {
  try {
    // What an earlier command of this turn has computed is not counted against this one.
    if (wantsPause()) await new Promise((resolve) => setImmediate(resolve));
    const out = await run(request);
    out.set('ok', 1);
    return out;
  } catch (error) {
    if (error instanceof ConnectionCut) throw error;
    return errorReply(request.engine.storage.watch.judge(error), request.body);
  }
}
