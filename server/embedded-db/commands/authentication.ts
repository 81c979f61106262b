// saslStart, saslContinue, logout, and what a connection may do before its login.
import { MECHANISM, USERS_DB } from '../access/login.ts';
import { isDoc } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import type { Reply } from '../engine/retry-log.ts';
import { type Command, type Context, done, reply } from './context.ts';

/** What is answered before the login: the handshake, the login itself, and signs of life. */
const BEFORE_LOGIN: ReadonlySet<string> = new Set([
  ...['hello', 'isMaster', 'ismaster', 'saslStart', 'saslContinue', 'logout', 'ping'],
  ...['buildInfo', 'buildinfo', 'connectionStatus'],
]);

/** Refuses what only those who have logged in may do.
 *  @throws 13 Unauthorized */
export function refuseStrangers(name: string, connection: Context['connection']): void {
  if (connection.login.mayWork || BEFORE_LOGIN.has(name)) return;
  throw new DatabaseError(13, `Command ${name} requires authentication`);
}

/** What hello says about logging in: the mechanisms when asked for them, and the first step of an exchange
 *  begun with it. One that cannot be begun is left out, and the client begins again with saslStart. */
export function loginPart({ body, connection }: Context): Reply {
  const asked = body.get('speculativeAuthenticate');
  const out = reply({ saslSupportedMechs: body.has('saslSupportedMechs') ? [MECHANISM] : undefined });
  if (!isDoc(asked) || connection.login.mayWork) return out;
  try {
    const db = asked.get('db');
    out.set('speculativeAuthenticate', connection.login.start(asked, typeof db === 'string' ? db : USERS_DB));
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
  }
  return out;
}

/** Commands of the login. */
export const AUTHENTICATION_COMMANDS: Readonly<Record<string, Command>> = {
  saslStart: {
    run: ({ body, db, connection }) => connection.login.start(body, db),
    options: ['saslStart', 'mechanism', 'payload', 'autoAuthorize', 'options'],
  },
  saslContinue: {
    run: ({ body, connection }) => connection.login.continue(body),
    options: ['saslContinue', 'conversationId', 'payload'],
  },
  logout: {
    run: ({ connection }) => {
      connection.login.end();
      return done();
    },
    options: ['logout'],
  },
};
