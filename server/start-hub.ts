/** Starts and stops a whole hub in this process: used by `main.ts`, and by tests with parts of their own. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Logger } from 'pino';
import { createApp } from '#server/app.ts';
import { buildClientIfStale, clientFolder } from '#server/base/client-build.ts';
import { type Environment, withPort } from '#server/base/env.ts';
import { createEventPost } from '#server/base/events.ts';
import type { Hub } from '#server/base/hub.ts';
import { createLog } from '#server/base/log.ts';
import { createMail, type Mail } from '#server/base/mail.ts';
import { openDatabase } from '#server/base/mongo.ts';
import { createSignals } from '#server/base/signals.ts';
import { createAuthenticate } from '#server/people/queries.ts';
import { rooms } from '#server/rooms.ts';
import { secondMs } from '#shared/base/units.ts';

/** Parts a test may replace. */
export interface HubParts {
  log?: Logger;
  mail?: Mail;
  now?: () => Date;
  /** Folder of the project, whose client is built and served; null serves none. */
  projectRoot: string | null;
}

/** A hub that serves. */
export interface RunningHub {
  hub: Hub;
  /** Where it listens, for instance `http://127.0.0.1:4000`. */
  address: string;
  /** Refuses new work, finishes what runs, stores everything, closes. Safe to call twice. */
  close(): Promise<void>;
}

/** How long running calls may take to finish once the hub stops; the whole stop stays under 10 s. */
const lastCallsMs = 3 * secondMs;

/** Starts listening first, so that a taken port is known at once and `/healthz` answers while the rest comes up. */
export async function startHub(given: Environment, parts: HubParts): Promise<RunningHub> {
  const front = createFront();
  const port = await listen(front.server, given.host, given.port);
  const env = withPort(given, port);
  const log = parts.log ?? createLog(env);
  const now = parts.now ?? (() => new Date());
  const { projectRoot } = parts;
  try {
    const [database] = await Promise.all([
      openDatabase(env, log),
      projectRoot === null ? false : buildClientIfStale(projectRoot),
    ]);
    const post = createEventPost(log, now);
    const mail = parts.mail ?? createMail(env, log);
    const hub: Hub = { env, log, signals: createSignals(), outbox: post.outbox, mail, now };
    const authenticate = createAuthenticate(hub);
    let stopping: Promise<void> | null = null;
    const stop = async () => {
      log.info('stopping');
      await closeServer(front.server);
      await post.drain();
      mail.close();
      await database.close();
      log.info('stopped');
      log.flush();
    };
    const app = createApp({
      hub,
      authenticate,
      routes: rooms.flatMap((room) => room.routes(hub)),
      isReady: () => database.isReady(),
      isStopping: () => stopping !== null,
      clientFolder: projectRoot === null ? null : clientFolder(projectRoot),
    });
    await post.start(() => undefined);
    front.open(app);
    log.info({ port }, 'ready');
    return {
      hub,
      address: `http://${given.host.includes(':') ? `[${given.host}]` : given.host}:${port}`,
      close() {
        stopping ??= stop();
        return stopping;
      },
    };
  } catch (error) {
    front.server.close();
    front.server.closeAllConnections();
    throw error;
  }
}

/** A server whose handler can be put in once it is made; until then everything but `/healthz` is "not yet". */
function createFront(): { server: Server; open(handler: RequestListener): void } {
  let current: RequestListener = (request, response) => {
    const alive = request.url === '/healthz';
    response.writeHead(alive ? 200 : 503, { 'content-type': 'application/json', 'retry-after': '1' });
    response.end(JSON.stringify(alive ? { status: 'alive' } : { status: 'starting' }));
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
