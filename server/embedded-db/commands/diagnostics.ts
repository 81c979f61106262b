// hello and its kind: what drivers, shells and monitors ask a server about itself.
import { hostname } from 'node:os';
import { USERS_DB } from '../access/login.ts';
import { int, ObjectId, Timestamp } from '../bson/value.ts';
import type { Reply } from '../engine/retry-log.ts';
import { MAX_DOCUMENT_BYTES } from '../store/documents.ts';
import { loginPart } from './authentication.ts';
import { type Command, type Context, done, reply } from './context.ts';

/** Largest wire message. */
export const MAX_MESSAGE_BYTES = 48_000_000;

const VERSION = '7.0.0';
const VERSION_ARRAY = [7, 0, 0, 0].map(int);
const SET_NAME = 'rs0';

/** Drivers need a replica set's primary for transactions and retryable writes; `hosts` has to be the
 *  address the client used, and `topologyVersion` would switch it to a streaming hello. */
function hello(context: Context): Reply {
  const me = context.connection.address;
  const now = new Date();
  const isLegacy = context.name !== 'hello';
  const out = reply({
    helloOk: true,
    [isLegacy ? 'ismaster' : 'isWritablePrimary']: true,
    secondary: false,
    setName: SET_NAME,
    setVersion: int(1),
    hosts: [me],
    primary: me,
    me,
    electionId: new ObjectId(Buffer.from('7fffffff0000000000000001', 'hex')),
    lastWrite: reply({
      opTime: reply({ ts: new Timestamp(BigInt(Math.floor(now.getTime() / 1000)) << 32n), t: 1n }),
      lastWriteDate: now,
    }),
    maxBsonObjectSize: int(MAX_DOCUMENT_BYTES),
    maxMessageSizeBytes: int(MAX_MESSAGE_BYTES),
    maxWriteBatchSize: int(100_000),
    localTime: now,
    logicalSessionTimeoutMinutes: int(30),
    connectionId: int(context.connection.id),
    minWireVersion: int(0),
    maxWireVersion: int(21),
    readOnly: false,
  });
  for (const [name, value] of loginPart(context)) out.set(name, value);
  return out;
}

function buildInfo(): Reply {
  return reply({
    version: VERSION,
    versionArray: VERSION_ARRAY,
    gitVersion: '0'.repeat(40),
    modules: [],
    sysInfo: 'deprecated',
    bits: int(64),
    debug: false,
    maxBsonObjectSize: int(MAX_DOCUMENT_BYTES),
    storageEngines: ['sqlite'],
    openssl: new Map(),
    buildEnvironment: new Map(),
    allocator: 'system',
    javascriptEngine: 'none',
  });
}

function connectionStatus({ connection }: Context): Reply {
  const { user } = connection.login;
  const users = user === null ? [] : [reply({ user, db: USERS_DB })];
  const roles = user === null ? [] : [reply({ role: 'root', db: USERS_DB })];
  return reply({ authInfo: reply({ authenticatedUsers: users, authenticatedUserRoles: roles }) });
}

function getParameter({ body }: Context): Reply {
  const known = reply({
    featureCompatibilityVersion: reply({ version: '7.0' }),
    transactionLifetimeLimitSeconds: int(60),
  });
  if (body.get('getParameter') === '*') return known;
  return new Map([...known].filter(([name]) => body.has(name)));
}

function serverStatus({ engine }: Context): Reply {
  const uptimeMs = performance.now() - engine.startedAt;
  return reply({
    host: hostname(),
    version: VERSION,
    process: 'mongod',
    pid: BigInt(process.pid),
    uptime: uptimeMs / 1000,
    uptimeMillis: BigInt(Math.trunc(uptimeMs)),
    localTime: new Date(),
    repl: reply({ setName: SET_NAME, isWritablePrimary: true, secondary: false }),
    storageEngine: reply({ name: 'sqlite', supportsCommittedReads: true, persistent: true }),
  });
}

function whatsMyUri({ connection }: Context): Reply {
  return reply({ you: connection.peer });
}

function hostInfo(): Reply {
  return reply({
    system: reply({ currentTime: new Date(), hostname: hostname() }),
    os: new Map(),
    extra: new Map(),
  });
}

const HELLO: Command = {
  run: hello,
  options: [
    ...['hello', 'isMaster', 'ismaster', 'helloOk', 'client', 'compression', 'loadBalanced', 'hostInfo'],
    ...['saslSupportedMechs', 'speculativeAuthenticate', 'topologyVersion', 'maxAwaitTimeMS', 'backpressure'],
  ],
};

/** Commands about the server itself. */
export const DIAGNOSTIC_COMMANDS: Readonly<Record<string, Command>> = {
  hello: HELLO,
  isMaster: HELLO,
  ismaster: HELLO,
  buildInfo: { run: buildInfo, options: ['buildInfo'] },
  buildinfo: { run: buildInfo, options: ['buildinfo'] },
  ping: { run: () => done(), options: ['ping'] },
  connectionStatus: { run: connectionStatus, options: ['connectionStatus', 'showPrivileges'] },
  getParameter: {
    run: getParameter,
    options: ['getParameter', 'featureCompatibilityVersion', 'transactionLifetimeLimitSeconds'],
  },
  serverStatus: { run: serverStatus, options: ['serverStatus', 'repl', 'metrics', 'locks'] },
  whatsmyuri: { run: whatsMyUri, options: ['whatsmyuri'] },
  hostInfo: { run: hostInfo, options: ['hostInfo'] },
};
