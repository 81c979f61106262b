// Transactions and sessions: commit, abort, end.

import { randomUUID } from 'node:crypto';
import { Binary, int, isDoc } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { type Reply, storedReply, storeReply } from '../engine/retry-log.ts';
import { retryKey, type Session } from '../engine/sessions.ts';
import { type Command, type Context, done, reply } from './context.ts';

interface Ending {
  readonly session: Session;
  readonly txnNumber: bigint;
}

function ending(context: Context): Ending {
  const txnNumber = context.body.get('txnNumber');
  if (!context.session || typeof txnNumber !== 'bigint' || context.body.get('autocommit') !== false) {
    throw new DatabaseError(125, `${context.name} must be run within a transaction`);
  }
  return { session: context.session, txnNumber };
}

async function commit(context: Context): Promise<Reply> {
  const { session, txnNumber } = ending(context);
  const { storage, writer, sessions, cursors } = context.engine;
  const key = retryKey(session, txnNumber);
  if (!session.transaction || session.txnNumber !== txnNumber) {
    // A repeated commit, perhaps after a restart: the stored reply says that it happened.
    if ((session.txnNumber === txnNumber && session.state === 'committed') || storedReply(storage, key))
      return done();
    sessions.open(session, txnNumber);
    throw new DatabaseError(1, 'the transaction is in no known state');
  }
  const transaction = session.transaction;
  cursors.endTransaction(transaction);
  try {
    if (transaction.hasChanges) {
      await writer.write(() => {
        transaction.apply();
        storeReply(storage, key, reply({}));
      });
    }
  } catch (error) {
    // Aborted meanwhile, the session may have begun its next one, which is none of this commit's.
    if (session.transaction === transaction) sessions.abort(session);
    throw error;
  }
  sessions.committed(session);
  return done();
}

function abort(context: Context): Reply {
  const { session, txnNumber } = ending(context);
  const transaction = context.engine.sessions.open(session, txnNumber);
  context.engine.cursors.endTransaction(transaction);
  context.engine.sessions.abort(session);
  return done();
}

/** Ends sessions with all they have open: commands, cursors, transactions. */
function end({ engine }: Context, sessions: readonly Session[]): Reply {
  for (const session of sessions) {
    engine.operations.killSession(session.key);
    engine.cursors.endSession(session);
    engine.sessions.end(session);
  }
  return done();
}

/** The sessions the command names; naming one is a use of it. */
function listedSessions({ engine, body, name }: Context): Session[] {
  const listed = body.get(name);
  if (!Array.isArray(listed)) throw new DatabaseError(14, `${name} needs an array of session ids`);
  return listed.filter(isDoc).map((lsid) => engine.sessions.of(lsid, Date.now()));
}

function endListed(context: Context): Reply {
  return end(context, listedSessions(context));
}

function refresh(context: Context): Reply {
  listedSessions(context);
  return done();
}

/** There is one user at most, so all sessions are the listed users'. */
function endAll(context: Context): Reply {
  return end(context, context.engine.sessions.list());
}

function startSession({ engine }: Context): Reply {
  const id = Buffer.from(randomUUID().replaceAll('-', ''), 'hex');
  engine.sessions.of(new Map([['id', new Binary(4, id)]]), Date.now());
  return reply({ id: reply({ id: new Binary(4, id) }), timeoutMinutes: int(30) });
}

/** Commands on transactions and sessions. */
export const SESSION_COMMANDS: Readonly<Record<string, Command>> = {
  commitTransaction: {
    run: commit,
    inTransaction: true,
    options: ['commitTransaction', 'recoveryToken'],
  },
  abortTransaction: {
    run: abort,
    inTransaction: true,
    options: ['abortTransaction', 'recoveryToken'],
  },
  startSession: { run: startSession, options: ['startSession'] },
  endSessions: { run: endListed, options: ['endSessions'] },
  killSessions: { run: endListed, options: ['killSessions'] },
  killAllSessions: { run: endAll, options: ['killAllSessions'] },
  refreshSessions: { run: refresh, options: ['refreshSessions'] },
};
