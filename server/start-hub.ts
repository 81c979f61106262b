/** Starts and stops a whole hub in this process: used by `main.ts`, and by tests with parts of their own. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Logger } from 'pino';
import { createApp } from '#server/app.ts';
import { buildClientIfStale, clientFolder } from '#server/base/client-build.ts';
import { type Environment, withPort } from '#server/base/env.ts';
import { createEventPost } from '#server/base/events.ts';
import type { Hub } from '#server/base/hub.ts';
import { endsWithin } from '#server/base/in-time.ts';
import { createMongoDerivedStore } from '#server/base/live/derived/mongo-derived-store.ts';
import { createLiveEngine } from '#server/base/live/engine.ts';
import { createMongoStorage } from '#server/base/live/log/mongo-storage.ts';
import { carryOldRecords } from '#server/base/live/log/old-records.ts';
import { createLog } from '#server/base/log.ts';
import { createMail, type Mail } from '#server/base/mail.ts';
import { type Database, openDatabase } from '#server/base/mongo.ts';
import { RightsFollower } from '#server/base/rights-follower.ts';
import { readRightsNews } from '#server/base/rights-revision.ts';
import { createSignals } from '#server/base/signals.ts';
import { actorFinderFor, authenticateFor, rooms } from '#server/rooms.ts';
import type { ErrorBody } from '#shared/base/errors.ts';
import { secondMs } from '#shared/base/units.ts';

/** Parts a test may replace. */
export interface HubParts {
  log?: Logger;
  mail?: Mail;
  now?: () => Date;
  /** Told when the embedded database has failed for good; by default it is only logged, and the hub is not ready. */
  onFatal?: (error: Error) => void;
  /** Folder of the project, whose client is built and served; null serves none. */
  projectRoot: string | null;
}

/** A hub that serves. */
export interface RunningHub {
  hub: Hub;
  /** Where it listens, for instance `http://127.0.0.1:4000`. */
  address: string;
  /** Settles once pages can be served. @throws Error with the build's own words when there is no client to serve */
  clientBuilt: Promise<unknown>;
  /** Live documents in memory. */
  documents(): number;
  /** Refuses new work, finishes what runs, stores everything, closes. Safe to call twice. */
  close(): Promise<void>;
}

/** How long running calls may take to finish once the hub stops; the whole stop stays under 10 s. */
const lastCallsMs = 3 * secondMs;

/** When the database has had its time, and the least it is given; a process needs 2 s to leave one that hangs. */
const stopMs = 7 * secondMs;
const lastStoreMs = secondMs / 2;

/** Starts listening first, so that a taken port is known at once and `/healthz` answers while the rest comes up. */
export async function startHub(given: Environment, parts: HubParts): Promise<RunningHub> {
  const front = createFront();
  const port = await listen(front.server, given.host, given.port);
  const env = withPort(given, port);
  const log = parts.log ?? createLog(env);
  try {
    const clientBuilt = buildClient(parts, log);
    const database = await openDatabase(env, log, (error) => {
      log.fatal({ err: error }, 'the database has failed');
      parts.onFatal?.(error);
    });
    const composition = { env, log, parts, front, database, clientBuilt };
    const { hub, documents, close } = await compose(composition).catch(async (error) => {
      await database.close();
      throw error;
    });
    log.info({ port }, 'ready');
    const host = given.host.includes(':') ? `[${given.host}]` : given.host;
    return { hub, address: `http://${host}:${port}`, clientBuilt, documents, close };
  } catch (error) {
    front.server.close();
    front.server.closeAllConnections();
    throw error;
  }
}

/**
 * The client is built while the database opens and longer, so that the first start too is there within seconds: pages
 * wait for their build, calls and sockets do not.
 */
function buildClient({ projectRoot }: HubParts, log: Logger): Promise<unknown> {
  const built = projectRoot === null ? Promise.resolve() : buildClientIfStale(projectRoot, log);
  // Looked at by pages and by `main.ts`; until then a failed build must not count as unobserved.
  built.catch(() => undefined);
  return built;
}

interface Composition {
  env: Environment;
  log: Logger;
  parts: HubParts;
  front: Front;
  database: Database;
  clientBuilt: Promise<unknown>;
}

/** Puts hub, live engine and app together and lets requests in. */
async function compose({ env, log, parts, front, database, clientBuilt }: Composition) {
  let hasClient = false;
  void clientBuilt.then(
    () => {
      hasClient = true;
    },
    () => undefined,
  );
  const now = parts.now ?? (() => new Date());
  const post = createEventPost(log, now);
  const mail = parts.mail ?? createMail(env, log);
  const hub: Hub = { env, log, signals: createSignals(), outbox: post.outbox, mail, live: null, now };
  await carryOldRecords();
  const authenticate = authenticateFor(hub);
  const follower = new RightsFollower({ readNews: readRightsNews, signals: hub.signals, now });
  const live = createLiveEngine({
    httpServer: front.server,
    storage: createMongoStorage(now),
    kinds: rooms.flatMap((room) => room.liveKinds?.(hub) ?? []),
    subjects: rooms.flatMap((room) => room.liveSubjects?.(hub) ?? []),
    keptMoments: async (subject) =>
      (await Promise.all(rooms.map((room) => room.keptMoments?.(subject) ?? []))).flat(),
    derived: { store: createMongoDerivedStore() },
    authenticate: authenticateFor(hub, follower),
    findActor: actorFinderFor(hub),
    signals: hub.signals,
    follower,
    log,
    now,
    allowedOrigins: env.allowedOrigins,
    trustProxyHops: env.trustProxyHops,
  });
  hub.live = live;
  let stopping: Promise<void> | null = null;
  const stop = async () => {
    log.info('stopping');
    const begun = performance.now();
    const served = closeServer(front.server);
    await live.close();
    await served;
    mail.close();
    const leftMs = Math.max(stopMs - (performance.now() - begun), lastStoreMs);
    // A database that hangs must not keep the hub: what was answered is stored, and events wait for the next start.
    const stored = await endsWithin(
      leftMs,
      post.drain().then(() => database.close()),
    );
    if (stored) log.info('stopped');
    else log.warn('stopped without a word of the database');
    log.flush();
  };
  const app = createApp({
    hub,
    authenticate,
    routes: rooms.flatMap((room) => room.routes(hub)),
    loadHandler: live.loadHandler,
    isReady: async () => hasClient && live.ready() && (await database.isReady()),
    isStopping: () => stopping !== null,
    client:
      parts.projectRoot === null ? null : { folder: clientFolder(parts.projectRoot), built: clientBuilt },
  });
  await post.start(live.deliver);
  front.open(app);
  return {
    hub,
    documents: live.roomCount,
    close() {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** The server before and after the app is there. */
interface Front {
  server: Server;
  open(handler: RequestListener): void;
}

/** A server whose handler can be put in once it is made; until then everything but `/healthz` is "not yet". */
function createFront(): Front {
  let current: RequestListener = (request, response) => {
    const alive = request.url === '/healthz';
    response.writeHead(alive ? 200 : 503, { 'content-type': 'application/json', 'retry-after': '1' });
    // For a client, a hub that is not up yet and one that is going down are the same: try again soon.
    const body: ErrorBody | { status: string } = alive ? { status: 'alive' } : { code: 'server.stopping' };
    response.end(JSON.stringify(body));
  };
  const server = createServer((request, response) => current(request, response));
  // Slow senders of headers or bodies give their connection back soon.
  server.headersTimeout = 10 * secondMs;
  server.requestTimeout = 30 * secondMs;
  server.keepAliveTimeout = 10 * secondMs;
  return {
    server,
    open(handler) {
      current = handler;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Lets running calls finish, then cuts whatever is still open. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), lastCallsMs);
  await closed;
  clearTimeout(cut);
}
