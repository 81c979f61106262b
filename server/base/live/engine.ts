/** Puts the live engine together: what the hub starts, asks and stops. */
import type { Server as HttpServer } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Actor } from '#server/base/actor.ts';
import { createArchive, type LiveArchive } from '#server/base/live/archive.ts';
import { Desk } from '#server/base/live/connection/desk.ts';
import { Door } from '#server/base/live/connection/door.ts';
import { Gateway } from '#server/base/live/connection/gateway.ts';
import { defaultPaces, type LivePaces, People } from '#server/base/live/connection/person.ts';
import { prepareFrame } from '#server/base/live/connection/wire.ts';
import { Derivation } from '#server/base/live/derived/derivation.ts';
import type { DerivedStore } from '#server/base/live/derived/derived-store.ts';
import type { DeriveLimits } from '#server/base/live/derived/deriver-thread.ts';
import type { LiveKind, LiveSubject } from '#server/base/live/kind.ts';
import { Compaction, compactedByKind } from '#server/base/live/log/compaction.ts';
import { createLoadHandler, type LoadHandler } from '#server/base/live/log/load-handler.ts';
import { MergeThread } from '#server/base/live/log/merge-thread.ts';
import type { LiveStorage } from '#server/base/live/log/storage.ts';
import { onlyForTheLiving } from '#server/base/live/rights/living-session.ts';
import { concerns, Rights } from '#server/base/live/rights/rights.ts';
import { RightsRounds } from '#server/base/live/rights/rights-rounds.ts';
import { SessionWatch } from '#server/base/live/rights/session-watch.ts';
import { CommitQueue } from '#server/base/live/room/commit-queue.ts';
import { type CommitPace, defaultCommitPace } from '#server/base/live/room/commit-window.ts';
import { EditNotices } from '#server/base/live/room/edit-notices.ts';
import type { LiveRoom } from '#server/base/live/room/room.ts';
import { Rooms } from '#server/base/live/room/rooms.ts';
import type { Seat } from '#server/base/live/room/seat.ts';
import type { RightsFollower } from '#server/base/rights-follower.ts';
import type { RightsSignal, Signals } from '#server/base/signals.ts';

/** What the engine is given. */
export interface LiveEngineOptions {
  httpServer: HttpServer;
  storage: LiveStorage;
  kinds: readonly LiveKind[];
  /** What several documents are parts of; none by default. */
  subjects?: readonly LiveSubject[];
  /** Where records derived of them are kept, and the limits of reading them; without it nothing is derived. */
  derived?: { store: DerivedStore; limits?: DeriveLimits };
  /** Who an access token stands for; null when it is no good or its session is over. */
  authenticate: (token: string) => Promise<Actor | null>;
  /** Who a session is of, from current data; null when it is over, however that came. */
  findActor: (sessionId: string) => Promise<Actor | null>;
  signals: Signals;
  /** Says that nothing has changed; without one an answer about rights is good for a second. */
  follower?: RightsFollower;
  /** Moments of a subject at which its documents must stay readable exactly, however old: those somebody named. */
  keptMoments?: (subject: string) => Promise<readonly Date[]>;
  log: Logger;
  now: () => Date;
  /** As browsers send them, for instance `https://hub.example.com`. */
  allowedOrigins: readonly string[];
  /** Proxies in front whose forwarding header counts; 0 by default. */
  trustProxyHops?: number;
  paces?: LivePaces;
  /** How commits gather under load; `defaultCommitPace` by default. */
  commitPace?: CommitPace;
  /** Runs work after a delay in ms, unless the returned function is called before; timers by default. */
  schedule?: (delayMs: number, work: () => void) => () => void;
}

/** The running engine. */
export interface LiveEngine {
  /** Sends a room event to every connection of these members; those who are not there get nothing. */
  deliver(memberIds: readonly string[], name: string, payload: unknown): void;
  /** False while stopping, and while storage does not answer. */
  ready(): boolean;
  loadHandler: LoadHandler;
  /** Records derived of documents, and documents that cannot be read; null when nothing is derived. */
  derivation: Derivation | null;
  /** What documents were, for rooms that show it. */
  archive: LiveArchive;
  /** Rooms in memory; for health figures. */
  roomCount(): number;
  /** Refuses what is new, makes durable and answers what came before, then closes all connections; within 10 s. */
  close(): Promise<void>;
}

/** How long storage may take, or have failed ago, before the hub says it is not ready. */
const storagePatienceMs = 5_000;
/** Longest waits when stopping: for the last commit, and for clients to answer the goodbye. */
const closeMs = 7_000;
const goodbyeMs = 1_000;

/** Starts the engine on a server that listens, or will. */
export function createLiveEngine(options: LiveEngineOptions): LiveEngine {
  const { httpServer, storage, log, now } = options;
  const schedule = options.schedule ?? scheduleByTimer;
  const paces = options.paces ?? defaultPaces;
  const pace = options.commitPace ?? defaultCommitPace;
  const report = (error: unknown) => log.error({ err: error }, 'a document could not be told of its commit');
  const commits = new CommitQueue({ storage, now, schedule, pace, report });
  const people = new People(paces, now);
  const { findActor } = options;
  const over = (sessionId: string) => cutSession(people, sessionId);
  const derivation =
    options.derived === undefined ? null : new Derivation({ ...options, ...options.derived, schedule });
  const kinds = options.kinds
    .map((kind) => derivation?.guard(kind) ?? kind)
    .map((kind) => onlyForTheLiving(kind, { findActor, over }));
  const follower = options.follower ?? null;
  const rights = new Rights(kinds, now, follower);
  const watcher = derivation === null ? {} : { watcher: derivation };
  const merges = new MergeThread();
  const merging = { pause: nextTurn, thread: merges };
  const compacted = compactedByKind(rights, options.keptMoments);
  const keepNumbers = async (document: string) => (await derivation?.keptNumbers(document)) ?? [];
  const compaction = new Compaction({ storage, merges, log, now, schedule, keepNumbers, ...compacted });
  const notices = new EditNotices(options.kinds, options.subjects ?? [], { log, schedule });
  const rooms = new Rooms({ storage, commits, rights, log, merging, notices, now, schedule, ...watcher });
  const door = new Door({
    origins: options.allowedOrigins,
    socketsPerAddress: paces.socketsPerAddress,
    trustProxyHops: options.trustProxyHops ?? 0,
  });
  const authenticate = (token: string) => rights.whileUnchanged(() => options.authenticate(token));
  const desk = new Desk({ rooms, rights, now });
  const gateway = new Gateway({ httpServer, authenticate, door, people, desk, paces, log, now, schedule });
  const watch = new SessionWatch({ people, rooms, rights, findActor, log, schedule });
  const rounds = follower === null ? null : new RightsRounds({ people, rooms, follower, now, schedule });
  derivation?.start(rooms, (document) => {
    rights.noteSignal();
    const room = rooms.find(document);
    for (const seat of [...(room?.seats ?? [])]) if (room !== undefined) judgeSeat(room, seat);
  });
  const stopListening = options.signals.listen((signal) => {
    rights.noteSignal(signal);
    if (signal.kind === 'sessionEnded') cutSession(people, signal.sessionId);
    else judgeSeats(rooms, signal);
    if (signal.kind === 'memberChanged') void watch.memberChanged(signal.memberId);
    if (signal.kind === 'everythingChanged') void watch.everythingChanged();
  });

  return {
    deliver(memberIds, name, payload) {
      const frame = prepareFrame('event', { name, payload });
      for (const memberId of new Set(memberIds)) {
        for (const connection of people.of(memberId)) connection.wire.send(frame);
      }
    },
    ready() {
      const sinceMs = Math.max(commits.runningSinceMs ?? Number.POSITIVE_INFINITY, 0);
      const nowMs = now().getTime();
      const isStuck = nowMs - sinceMs > storagePatienceMs;
      const { lastFailureMs } = commits;
      const hasFailed = lastFailureMs !== null && Math.abs(nowMs - lastFailureMs) < storagePatienceMs;
      return !door.isClosed && !isStuck && !hasFailed;
    },
    loadHandler: createLoadHandler({ authenticate, rights, rooms, log }),
    derivation,
    archive: createArchive(storage, rights, options.subjects ?? [], options.derived?.store),
    roomCount: () => rooms.count,
    async close() {
      door.isClosed = true;
      stopListening();
      watch.stop();
      rounds?.stop();
      await derivation?.close();
      await Promise.race([commits.idle().then(() => notices.close()), passed(closeMs)]);
      // The answers of the last commit are written in the turns after it.
      await new Promise((resolve) => setImmediate(resolve));
      await gateway.close(passed(goodbyeMs));
      rooms.end('server.stopping');
      compaction.stop();
      await merges.stop();
    },
  };
}

function scheduleByTimer(delayMs: number, work: () => void): () => void {
  const timer = setTimeout(work, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
}

/** Real time, also where the engine's own is moved by hand: stopping must end. */
function passed(ms: number): Promise<void> {
  return new Promise((resolve) => scheduleByTimer(ms, resolve));
}

function cutSession(people: People, sessionId: string): void {
  for (const connection of [...people.all()]) {
    if (connection.actor.sessionId === sessionId) connection.wire.cut();
  }
}

/** Pushes wait from now on for the new answer. */
function judgeSeats(rooms: Rooms, signal: RightsSignal): void {
  const isConcerned = concerns(signal);
  const concerned = rooms.seatsWhere(({ actor, judgement }) =>
    isConcerned({ actor, relationshipId: judgement.relationshipId }),
  );
  for (const [room, seat] of concerned) judgeSeat(room, seat);
}

function judgeSeat(room: LiveRoom, seat: Seat): void {
  seat.judgedAtMs = Number.NEGATIVE_INFINITY;
  // Its refusals have been told to the seat already.
  room.judgeAgain(seat).catch(() => undefined);
}
