/** A live engine over a real database in a process of its own, for tests that kill it, starve it and attack it. */
import { createServer, type ServerResponse } from 'node:http';
import mongoose from 'mongoose';
import { pino } from 'pino';
import type { Actor } from '#server/base/actor.ts';
import { defaultPaces, type LivePaces } from '#server/base/live/connection/person.ts';
import { createLiveEngine } from '#server/base/live/engine.ts';
import type { LiveKind } from '#server/base/live/kind.ts';
import { createMongoStorage } from '#server/base/live/log/mongo-storage.ts';
import { openDatabase } from '#server/base/mongo.ts';
import { createSignals } from '#server/base/signals.ts';
import type { Side } from '#shared/base/audience.ts';

/** What `GET /figures` answers. */
export interface Figures {
  /**
   * Longest the loop was kept from turning since the last time this was asked, in ms of this thread's own work: what
   * other programs of a busy machine take is none of ours.
   */
  longestTurnMs: number;
  /** Of the whole process, all threads and what they keep for later included. */
  residentBytes: number;
  /** What this thread's objects and buffers take that are still in use. */
  heldBytes: number;
  /** Snapshots stored, each made in the merging thread. */
  snapshots: number;
  rooms: number;
}

/** Everybody may read and write every `test/…` document: `person-7` is the seventh person, odd ones are suppliers. */
function actorOf(token: string): Actor | null {
  const number = /^person-(\d{1,4})$/.exec(token)?.[1];
  if (number === undefined) return null;
  const side = sideOf(Number(number));
  return {
    sessionId: `session-${number}`,
    memberId: idFrom(number),
    name: `Person ${number}`,
    companyId: side === 'buyer' ? idFrom('1') : idFrom('2'),
    companyName: `${side} company`,
    role: 'member',
  };
}

function sideOf(number: number): Side {
  return number % 2 === 0 ? 'buyer' : 'supplier';
}

function idFrom(number: string): string {
  return number.padStart(20, '0');
}

const testKind: LiveKind = {
  kind: 'test',
  judge: async ({ memberId }) => ({
    mayWrite: true,
    side: sideOf(Number(memberId)),
    relationshipId: idFrom('9'),
  }),
};

/** The paces of a hub that is to be attacked by one process: only the engine itself may be the limit. */
const attackedPaces: LivePaces = {
  ...defaultPaces,
  socketsPerAddress: 100_000,
  socketsPerPerson: 10_000,
  messagesOfSocket: { burst: 1e9, perSecond: 1e9 },
  messagesOfPerson: { burst: 1e9, perSecond: 1e9 },
  bytesOfPerson: { burst: 1e12, perSecond: 1e12 },
  messagesOfCompany: { burst: 1e9, perSecond: 1e9, forEach: { burst: 0, perSecond: 0 } },
  bytesOfCompany: { burst: 1e12, perSecond: 1e12, forEach: { burst: 0, perSecond: 0 } },
  refusalsBeforeCut: 1e9,
};

/** Looks every few milliseconds how much the thread has worked since it last could. */
function watchTurns(): { longestMs: () => number; skip: () => void } {
  const worked = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  };
  let before = worked();
  let longest = 0;
  setInterval(() => {
    const now = worked();
    longest = Math.max(longest, now - before);
    before = now;
  }, 5).unref();
  return {
    longestMs() {
      const answer = longest;
      longest = 0;
      return answer;
    },
    skip() {
      before = worked();
    },
  };
}

/** Frees all that is free, and gives it back: only then does what a process holds say what it needs. */
function collect(): void {
  const gc = globalThis.gc as unknown as ((options: Record<string, string>) => void) | undefined;
  gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

async function serve(): Promise<void> {
  const { PORT = '0', DATA_DIR = '', MONGODB_URI = null, PACES = 'real' } = process.env;
  const log = pino({ level: 'error' });
  const database = await openDatabase({ mongodbUri: MONGODB_URI, dataDir: DATA_DIR }, log, (error) => {
    log.fatal({ err: error }, 'the database has failed');
  });
  const turns = watchTurns();
  const server = createServer((request, response) => {
    if (request.url === '/readyz') void answerReady(response);
    else if (request.url === '/figures') void answerFigures(response);
    else void engine.loadHandler(request, response);
  });
  const engine = createLiveEngine({
    httpServer: server,
    storage: createMongoStorage(),
    kinds: [testKind],
    authenticate: async (token) => actorOf(token),
    findActor: async (sessionId) => actorOf(sessionId.replace('session', 'person')),
    signals: createSignals(),
    log,
    now: () => new Date(),
    allowedOrigins: [],
    paces: PACES === 'attacked' ? attackedPaces : defaultPaces,
  });

  async function answerReady(response: ServerResponse): Promise<void> {
    const isReady = engine.ready() && (await database.isReady());
    response.writeHead(isReady ? 200 : 503).end();
  }

  async function answerFigures(response: ServerResponse): Promise<void> {
    const snapshots = await mongoose.connection.collection('live_snapshots').countDocuments();
    const longestTurnMs = turns.longestMs();
    collect();
    turns.skip();
    const { rss, heapUsed, external } = process.memoryUsage();
    const figures: Figures = {
      longestTurnMs,
      residentBytes: rss,
      heldBytes: heapUsed + external,
      snapshots,
      rooms: engine.roomCount(),
    };
    response.writeHead(200).end(JSON.stringify(figures));
  }

  process.once('SIGTERM', () => {
    void engine
      .close()
      .then(() => database.close())
      .then(() => process.exit(0));
  });
  server.listen(Number(PORT), '127.0.0.1');
}

await serve();
