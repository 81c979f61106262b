// currentOp and killOp: what runs now, and ending it.
import { hostname } from 'node:os';
import { Binary, type Doc, int, type Outgoing } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import type { Operation } from '../engine/operations.ts';
import type { Reply } from '../engine/retry-log.ts';
import { compileFilter } from '../query/filter.ts';
import { asNumber } from '../value/arithmetic.ts';
import { type Command, type Context, reply } from './context.ts';

const KINDS: Readonly<Record<string, string>> = {
  find: 'query',
  getMore: 'getmore',
  insert: 'insert',
  update: 'update',
  delete: 'remove',
};

/** Fields that may be as large as a message. */
const BULKY: ReadonlySet<string> = new Set(['documents', 'updates', 'deletes', 'ops']);

function namespaceOf({ name, db, body }: Operation): string {
  const target = body.get(name === 'getMore' ? 'collection' : name);
  return `${db}.${typeof target === 'string' ? target : '$cmd'}`;
}

/** A running command as the server shows it. */
function describe(operation: Operation, now: number): Doc {
  const { connection, session, body, name } = operation;
  const runningMs = now - operation.startedAt;
  const lsid = session ? new Map([['id', new Binary(4, session)]]) : undefined;
  const fields: Record<string, Outgoing | undefined> = {
    type: 'op',
    host: hostname(),
    desc: `conn${connection.id}`,
    connectionId: int(connection.id),
    client: connection.peer,
    appName: connection.appName === '' ? undefined : connection.appName,
    active: true,
    currentOpTime: new Date().toISOString(),
    opid: int(operation.id),
    lsid,
    secs_running: BigInt(Math.trunc(runningMs / 1000)),
    microsecs_running: BigInt(Math.trunc(runningMs * 1000)),
    op: KINDS[name] ?? 'command',
    ns: namespaceOf(operation),
    command: new Map([...body].filter(([field]) => !BULKY.has(field))),
    killPending: false,
  };
  return reply(fields) as Doc;
}

/** Field names that are options; all others filter the list. */
const OPTIONS = ['currentOp', '$all', '$ownOps', '$truncateOps'];
const AROUND: ReadonlySet<string> = new Set([
  ...OPTIONS,
  ...['$db', 'lsid', '$clusterTime', '$readPreference', 'comment', 'maxTimeMS', 'apiVersion', 'apiStrict'],
  ...['apiDeprecationErrors', 'readConcern', 'txnNumber'],
]);

/** The running commands, this one included. */
export function runningOperations({ engine }: Context): Doc[] {
  const now = performance.now();
  return engine.operations.list().map((each) => describe(each, now));
}

function currentOp(context: Context): Reply {
  const matches = compileFilter(new Map([...context.body].filter(([name]) => !AROUND.has(name))));
  return reply({ inprog: runningOperations(context).filter(matches) });
}

function killOp({ engine, body }: Context): Reply {
  const id = asNumber(body.get('op'));
  if (id === null) throw new DatabaseError(4, "missing 'op' field or it is no number");
  engine.operations.kill(id);
  return reply({ info: 'attempting to kill op' });
}

/** Commands on running commands. */
export const OPERATION_COMMANDS: Readonly<Record<string, Command>> = {
  currentOp: { run: currentOp, adminOnly: true, options: 'any' },
  killOp: { run: killOp, adminOnly: true, options: ['killOp', 'op'] },
};
