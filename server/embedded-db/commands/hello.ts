// hello and buildInfo: what drivers and shells ask before anything else.
import { int, isDoc, ObjectId, Timestamp } from '../bson/value.ts';
import type { Reply } from '../engine/retry-log.ts';
import { MAX_DOCUMENT_BYTES } from '../store/documents.ts';
import { loginPart } from './authentication.ts';
import { type Command, type Context, reply } from './context.ts';

/** Largest wire message. */
export const MAX_MESSAGE_BYTES = 48_000_000;

/** The server release whose behaviour is followed. */
export const VERSION = '8.0.0';
const VERSION_ARRAY = [8, 0, 0, 0].map(int);
/** The wire version of that release; drivers choose commands by it. */
const WIRE_VERSION = 25;

/** Name of the replica set of one. */
export const SET_NAME = 'rs0';

/** What the client calls itself, for those who look at what runs. */
function noteAppName({ body, connection }: Context): void {
  const client = body.get('client');
  const application = isDoc(client) ? client.get('application') : undefined;
  const name = isDoc(application) ? application.get('name') : undefined;
  if (typeof name === 'string' && connection.appName === '') connection.appName = name.slice(0, 128);
}

/** Drivers need a replica set's primary for transactions and retryable writes; `hosts` has to be the
 *  address the client used, and `topologyVersion` would switch it to a streaming hello. */
function hello(context: Context): Reply {
  noteAppName(context);
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
    maxWireVersion: int(WIRE_VERSION),
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

const HELLO: Command = {
  run: hello,
  options: [
    ...['hello', 'isMaster', 'ismaster', 'helloOk', 'client', 'compression', 'loadBalanced', 'hostInfo'],
    ...['saslSupportedMechs', 'speculativeAuthenticate', 'topologyVersion', 'maxAwaitTimeMS', 'backpressure'],
  ],
};

/** Commands of the handshake. */
export const HELLO_COMMANDS: Readonly<Record<string, Command>> = {
  hello: HELLO,
  isMaster: HELLO,
  ismaster: HELLO,
  buildInfo: { run: buildInfo, options: ['buildInfo'] },
  buildinfo: { run: buildInfo, options: ['buildinfo'] },
};
