/** A live engine on a port of its own, with a made-up room: people, documents and rights are tables a test edits. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import type { Actor } from '#server/base/actor.ts';
import { defaultPaces, type LivePaces } from '#server/base/live/connection/person.ts';
import type { DerivedStore } from '#server/base/live/derived/derived-store.ts';
import type { DeriveLimits } from '#server/base/live/derived/deriver-thread.ts';
import { createLiveEngine, type LiveEngine } from '#server/base/live/engine.ts';
import type { DerivedReading, GridRules, Judgement, LiveKind, LiveSubject } from '#server/base/live/kind.ts';
import { createMemoryStorage } from '#server/base/live/log/memory-storage.ts';
import type { LiveStorage } from '#server/base/live/log/storage.ts';
import type { CommitPace } from '#server/base/live/room/commit-window.ts';
import { createSignals, type Signals } from '#server/base/signals.ts';
import type { Side } from '#shared/base/audience.ts';
import { createId } from '#shared/base/ids.ts';
import { type ClientMessages, livePath, type ServerMessages } from '#shared/base/live.ts';
import { liveParser } from '#shared/base/live-parser.ts';
import { createHandTime, type HandTime } from '#tests/support/hand-time.ts';

/** A client socket that speaks the live protocol. */
export type LiveSocket = Socket<ServerMessages, ClientMessages>;

/** Settings of a test hub; everything has a default. */
export interface LiveHubOptions {
  storage?: LiveStorage;
  paces?: Partial<LivePaces>;
  /** By default commits gather for no longer than one takes, because time moves by hand. */
  commitPace?: CommitPace;
  /** Fixed, to start a second hub where the first one was. */
  port?: number;
  people?: Map<string, Actor>;
  rights?: Map<string, Map<string, Judgement>>;
  /** Makes `grid/<key>` a kind too, judged by the same table. */
  grid?: GridRules;
  /** What is derived of documents `test/<id>/…`; nothing by default. */
  derived?: { reading: DerivedReading; store: DerivedStore; limits?: DeriveLimits };
}

/** A running test hub. The document kind is `test`; `test/<key>` exists once somebody has a right in it. */
export interface LiveHub {
  address: string;
  port: number;
  httpServer: Server;
  engine: LiveEngine;
  signals: Signals;
  storage: LiveStorage;
  /** The moment the engine lives in and its timers; both move only by hand. */
  time: HandTime;
  /** Whom each token stands for. */
  people: Map<string, Actor>;
  /** Judgements by document, then by member. */
  rights: Map<string, Map<string, Judgement>>;
  /** What the subject's room was told. */
  edited: ReadonlyMap<string, Date>[];
  /** Everything the engine logged. */
  logged: Record<string, unknown>[];
  /** Makes a person of a company; the token signs them in. */
  addPerson(name: string, side?: Side): { token: string; actor: Actor };
  /** Gives a person a right in a document; undefined takes it. Sends no signal. */
  setRight(document: string, memberId: string, right: Partial<Judgement> | undefined): void;
  /** An unconnected socket with the project's parser; closed with the hub. */
  socket(token: string, extraHeaders?: Record<string, string>): LiveSocket;
  stop(): Promise<void>;
}

const relationshipId = createId();

/** Starts a hub on 127.0.0.1. Stop it at the end of the test. */
export async function startLiveHub(options: LiveHubOptions = {}): Promise<LiveHub> {
  const people = options.people ?? new Map<string, Actor>();
  const rights = options.rights ?? new Map<string, Map<string, Judgement>>();
  const edited: LiveHub['edited'] = [];
  const logged: Record<string, unknown>[] = [];
  const sockets = new Set<LiveSocket>();
  const time = createHandTime();
  const signals = createSignals();
  const storage = options.storage ?? createMemoryStorage();
  const kind: LiveKind = {
    kind: 'test',
    judge: async (actor, key) => rights.get(`test/${key.join('/')}`)?.get(actor.memberId) ?? null,
    subject: ([id]) => `test/${id}`,
  };
  const subject: LiveSubject = {
    kind: 'test',
    documents: (id, written) => written(`test/${id}/`),
    edited: async (lastEdits) => {
      edited.push(lastEdits);
    },
  };
  const httpServer = createServer((request, response) => void engine.loadHandler(request, response));
  await new Promise<void>((resolve) => httpServer.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = httpServer.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}`;
  const engine = createLiveEngine({
    httpServer,
    storage,
    kinds: options.grid === undefined ? [kind] : [kind, gridKind(options.grid, rights)],
    ...(options.derived === undefined
      ? { subjects: [subject] }
      : { subjects: [{ ...subject, derived: options.derived.reading }], derived: options.derived }),
    authenticate: async (token) => people.get(token) ?? null,
    findActor: async (sessionId) =>
      [...people.values()].find((actor) => actor.sessionId === sessionId) ?? null,
    signals,
    log: pino({ level: 'warn' }, { write: (line) => logged.push(JSON.parse(line)) }),
    now: time.now,
    schedule: time.schedule,
    allowedOrigins: [address],
    paces: { ...defaultPaces, ...options.paces },
    commitPace: options.commitPace ?? { burst: 1, windowMs: 0 },
  });

  return {
    address,
    port,
    httpServer,
    engine,
    signals,
    storage,
    time,
    people,
    rights,
    edited,
    logged,
    addPerson(name, side = 'buyer') {
      const token = `token-${createId()}`;
      const actor: Actor = {
        sessionId: createId(),
        memberId: createId(),
        name,
        companyId: createId(),
        companyName: `${side} company`,
        role: 'member',
      };
      people.set(token, actor);
      return { token, actor };
    },
    setRight(document, memberId, right) {
      const members = rights.get(document) ?? new Map<string, Judgement>();
      rights.set(document, members);
      if (right === undefined) members.delete(memberId);
      else members.set(memberId, { mayWrite: true, side: 'buyer', relationshipId, ...right });
    },
    socket(token, extraHeaders = {}) {
      const socket: LiveSocket = io(address, {
        path: livePath,
        parser: liveParser,
        transports: ['websocket'],
        forceNew: true,
        autoConnect: false,
        auth: { token },
        extraHeaders,
      });
      sockets.add(socket);
      return socket;
    },
    async stop() {
      for (const socket of sockets) socket.disconnect();
      await engine.close();
      httpServer.closeAllConnections();
      await new Promise((resolve) => httpServer.close(resolve));
    },
  };
}

function gridKind(grid: GridRules, rights: Map<string, Map<string, Judgement>>): LiveKind {
  return {
    kind: 'grid',
    judge: async (actor, key) => rights.get(`grid/${key.join('/')}`)?.get(actor.memberId) ?? null,
    grid,
  };
}
