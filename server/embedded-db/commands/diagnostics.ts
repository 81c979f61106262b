// What shells, monitors and tools ask a server about itself.
import { arch, cpus, hostname, type as systemType, release as systemVersion, totalmem } from 'node:os';
import { USERS_DB } from '../access/login.ts';
import { type Doc, int, isDoc, type Outgoing } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import type { Reply } from '../engine/retry-log.ts';
import { type Command, type Context, done, reply } from './context.ts';
import { SET_NAME, VERSION } from './hello.ts';

function connectionStatus({ connection }: Context): Reply {
  const { user } = connection.login;
  const users = user === null ? [] : [reply({ user, db: USERS_DB })];
  const roles = user === null ? [] : [reply({ role: 'root', db: USERS_DB })];
  return reply({ authInfo: reply({ authenticatedUsers: users, authenticatedUserRoles: roles }) });
}

/** Parameters with the value they have here; nothing can be set. */
const PARAMETERS: ReadonlyMap<string, Outgoing> = reply({
  featureCompatibilityVersion: reply({ version: '8.0' }),
  transactionLifetimeLimitSeconds: int(60),
  localLogicalSessionTimeoutMinutes: int(30),
  authenticationMechanisms: ['SCRAM-SHA-256'],
});

function getParameter({ body }: Context): Reply {
  const asked = body.get('getParameter');
  const isAll = asked === '*' || (isDoc(asked) && asked.get('allParameters') === true);
  const found = new Map([...PARAMETERS].filter(([name]) => isAll || body.has(name)));
  if (found.size === 0) throw new DatabaseError(72, 'no option found to get');
  return found;
}

function connections({ engine }: Context): Doc {
  const active = new Set(engine.operations.list().map((each) => each.connection.id)).size;
  const { open, created } = engine.connections;
  return reply({ current: int(open), active: int(active), totalCreated: int(created) }) as Doc;
}

function serverStatus(context: Context): Reply {
  const { engine } = context;
  const uptimeMs = performance.now() - engine.startedAt;
  const memory = process.memoryUsage();
  return reply({
    host: hostname(),
    version: VERSION,
    process: 'mongod',
    service: ['mongod'],
    pid: BigInt(process.pid),
    uptime: uptimeMs / 1000,
    uptimeMillis: BigInt(Math.trunc(uptimeMs)),
    uptimeEstimate: BigInt(Math.trunc(uptimeMs / 1000)),
    localTime: new Date(),
    connections: connections(context),
    mem: reply({
      bits: int(64),
      resident: int(memory.rss / 2 ** 20),
      virtual: int(memory.rss / 2 ** 20),
      supported: true,
    }),
    repl: reply({
      setName: SET_NAME,
      isWritablePrimary: true,
      secondary: false,
      hosts: [context.connection.address],
      me: context.connection.address,
    }),
    storageEngine: reply({ name: 'sqlite', supportsCommittedReads: true, persistent: true }),
    metrics: reply({ cursor: reply({ open: reply({ total: BigInt(engine.cursors.size) }) }) }),
  });
}

function hostInfo(): Reply {
  return reply({
    system: reply({
      currentTime: new Date(),
      hostname: hostname(),
      cpuAddrSize: int(64),
      memSizeMB: BigInt(Math.trunc(totalmem() / 2 ** 20)),
      numCores: int(cpus().length),
      cpuArch: arch(),
    }),
    os: reply({ type: systemType(), name: systemType(), version: systemVersion() }),
    extra: new Map(),
  });
}

/** The engine writes no log of its own: what goes wrong is told to the application that started it. */
function getLog({ body }: Context): Reply {
  const name = body.get('getLog');
  if (name === '*') return reply({ names: ['global', 'startupWarnings'] });
  if (name !== 'global' && name !== 'startupWarnings') {
    throw new DatabaseError(96, `No log named '${String(name)}'`);
  }
  return reply({ totalLinesWritten: int(0), log: [] });
}

/** Commands about the server itself. */
export const DIAGNOSTIC_COMMANDS: Readonly<Record<string, Command>> = {
  ping: { run: () => done(), options: ['ping'] },
  connectionStatus: { run: connectionStatus, options: ['connectionStatus', 'showPrivileges'] },
  getParameter: { run: getParameter, adminOnly: true, options: 'any' },
  // The sections a client switches off or on besides.
  serverStatus: { run: serverStatus, options: 'any' },
  whatsmyuri: { run: ({ connection }) => reply({ you: connection.peer }), options: ['whatsmyuri'] },
  hostInfo: { run: hostInfo, adminOnly: true, options: ['hostInfo'] },
  getCmdLineOpts: {
    run: () => reply({ argv: ['embedded-db'], parsed: new Map() }),
    adminOnly: true,
    options: ['getCmdLineOpts'],
  },
  getLog: { run: getLog, adminOnly: true, options: ['getLog'] },
};
