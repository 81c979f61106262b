/** All Socket.IO code: connections come in, and every message goes through the one wrapper. */
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import type { Actor } from '#server/base/actor.ts';
import type { Desk } from '#server/base/live/connection/desk.ts';
import type { Door } from '#server/base/live/connection/door.ts';
import { FairTurns } from '#server/base/live/connection/fair-turns.ts';
import { FrameGate } from '#server/base/live/connection/frame-gate.ts';
import { MessageWrapper } from '#server/base/live/connection/message-wrapper.ts';
import type { Connection, LivePaces, People } from '#server/base/live/connection/person.ts';
import { cutEngine, findDirect, SocketWire } from '#server/base/live/connection/socket-wire.ts';
import { BytesError } from '#shared/base/byte-reader.ts';
import { AppError, fail } from '#shared/base/errors.ts';
import { connectAuthShape, liveLimits, livePath } from '#shared/base/live.ts';
import { decodeFrame, packetKinds } from '#shared/base/live-frame.ts';
import { hubParser } from '#shared/base/live-parser.ts';

/** The outside world of the gateway. */
export interface GatewayWorld {
  httpServer: HttpServer;
  authenticate: (token: string) => Promise<Actor | null>;
  door: Door;
  people: People;
  desk: Desk;
  paces: LivePaces;
  log: Logger;
  now: () => Date;
  /** Runs work after a delay in ms. */
  schedule: (delayMs: number, work: () => void) => unknown;
}

/** A WebSocket; `connection` is null until it has shown who it is. */
interface Line {
  gate: FrameGate;
  connection: Connection | null;
}

/** Room for names and lengths around the largest update. */
const frameBytes = liveLimits.updateBytes + 8 * 1024;
const connectTimeoutMs = 5_000;
/** After so long a company past its pace is looked at again. */
const paceGrowsMs = 10;
const pingIntervalMs = 20_000;
const pingTimeoutMs = 15_000;

/** Rules LV1 to LV4. */
export class Gateway {
  #world: GatewayWorld;
  #server: Server;
  #wrapper: MessageWrapper;
  /** What Engine.IO makes for each request, and its socket holds for good. */
  #responses = new WeakMap<IncomingMessage, object>();
  #lines = new Map<Socket['conn'], Line>();
  #turns: FairTurns;

  constructor(world: GatewayWorld) {
    this.#world = world;
    this.#wrapper = new MessageWrapper({ ...world, isStopping: () => world.door.isClosed });
    this.#turns = new FairTurns({
      nextTurn: (work) => void setImmediate(work),
      later: (work) => void world.schedule(paceGrowsMs, work),
      allows: (companyId, bytes) => world.people.allows(companyId, bytes),
      hold: (memberId, isHeld) => {
        for (const { wire } of world.people.of(memberId)) wire.hold(isHeld);
      },
    });
    this.#server = new Server(world.httpServer, {
      path: livePath,
      parser: hubParser,
      transports: ['websocket'],
      serveClient: false,
      perMessageDeflate: false,
      httpCompression: false,
      maxHttpBufferSize: frameBytes,
      connectTimeout: connectTimeoutMs,
      pingInterval: pingIntervalMs,
      pingTimeout: pingTimeoutMs,
      allowRequest: (request, decide) => decide(null, world.door.mayEnter(request)),
    });
    this.#server.engine.use(refuseUpgrades);
    this.#server.engine.use(this.#noteResponse);
    this.#server.engine.on('connection', (engine: Socket['conn']) => this.#enter(engine));
    this.#server.use((socket, next) => void this.#admit(socket).then(() => next(), next));
    this.#server.on('connection', (socket) => this.#serve(socket));
  }

  /**
   * Closes every connection, after what was sent to it has gone, in a way after which clients connect again.
   * @param patience - after this, those that do not answer the goodbye are cut
   */
  async close(patience: Promise<void>): Promise<void> {
    const engines = [...this.#lines.keys()];
    const sockets = engines.flatMap((engine) => findDirect(engine.transport) ?? []);
    const closed = sockets.map(
      (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
    );
    for (const engine of engines) engine.close();
    await Promise.race([Promise.all(closed), patience]);
    // Engine.IO calls a connection closed once it has said goodbye, but the line lives until that is answered.
    for (const socket of sockets) socket.terminate();
    this.#server.engine.close();
  }

  /** Counts and watches a connection from its first frame on. */
  #enter(engine: Socket['conn']): void {
    const { door, paces, now } = this.#world;
    const exit = door.enter(engine.request);
    const gate = new FrameGate(paces, now().getTime());
    const line: Line = { gate, connection: null };
    this.#lines.set(engine, line);
    engine.once('close', () => {
      this.#lines.delete(engine);
      exit();
    });
    // Before Socket.IO's own listener decodes it; cutting takes that listener away in the same turn.
    engine.on('packet', ({ type, data }: { type: string; data?: unknown }) => {
      const nowMs = now().getTime();
      if (type !== 'message') {
        if (!gate.bears(sizeOf(data), nowMs)) cutEngine(engine);
      } else if (!gate.passes(data, nowMs)) cutEngine(engine);
      else if (line.connection !== null) this.#take(line.connection, data);
    });
    findDirect(engine.transport)?.on('ping', (data) => {
      if (!gate.bears(data.length, now().getTime())) cutEngine(engine);
    });
  }

  /** Rejects with what the client is told; `data` is Socket.IO's place for it. */
  async #admit(socket: Socket): Promise<void> {
    try {
      if (this.#world.door.isClosed) fail('server.stopping');
      const auth = connectAuthShape.safeParse(socket.handshake.auth);
      if (!auth.success) fail('session.missing');
      const actor = await this.#world.authenticate(auth.data.token);
      if (actor === null) fail('session.expired');
      const connection = this.#world.people.connect(actor, new SocketWire(socket));
      if (connection === null) fail('rate.limited');
      socket.data = connection;
      socket.conn.once('close', () => this.#forget(connection));
      if (socket.conn.readyState !== 'open') this.#forget(connection);
    } catch (error) {
      const code = this.#wrapper.codeOf(error, 'connect');
      throw Object.assign(new AppError(code), { data: { code } });
    }
  }

  #serve(socket: Socket): void {
    const line = this.#lines.get(socket.conn);
    if (line === undefined) return;
    line.gate.admit();
    line.connection = socket.data;
    // Socket.IO has shaken hands. It would make the same of each frame through events, closures and ticks of its own,
    // at several times the cost; heartbeats and closing stay with it.
    socket.conn.removeAllListeners('data');
    this.#forgetHandshake(socket);
  }

  #noteResponse = (request: IncomingMessage, response: object, next: () => void): void => {
    this.#responses.set(request, response);
    next();
  };

  /** Lets go of what came with the HTTP request: nobody looks at it again, and it is larger than all the rest. */
  #forgetHandshake(socket: Socket): void {
    Object.assign(this.#responses.get(socket.request) ?? {}, { req: null });
    Object.assign(socket.conn, { request: null });
    Object.assign(socket, { handshake: null });
  }

  /** @param frame - one that the gate let through: a message or a goodbye */
  #take(connection: Connection, frame: Uint8Array): void {
    const { memberId, company } = connection.person;
    this.#turns.take({ memberId, companyId: company.companyId }, frame.length, () => {
      if (!connection.isClosed) this.#read(connection, frame);
    });
  }

  #read(connection: Connection, frame: Uint8Array): void {
    connection.unpaidBytes += frame.length;
    try {
      const { type, data, id } = decodeFrame(frame, liveLimits.valuesPerMessage);
      if (type === packetKinds.event && Array.isArray(data)) void this.#wrapper.receive(connection, data, id);
      else connection.wire.cut();
    } catch (error) {
      if (!(error instanceof BytesError)) throw error;
      connection.wire.cut();
    }
  }

  #forget(connection: Connection): void {
    if (connection.isClosed) return;
    this.#world.people.disconnect(connection);
    this.#world.desk.forget(connection);
  }
}

/** A text or bytes; heartbeats have neither. */
function sizeOf(data: unknown): number {
  return typeof data === 'string' || data instanceof Uint8Array ? data.length : 0;
}

/**
 * We have one transport, so nobody has anything to change to. Engine.IO would let a second WebSocket take over a
 * connection, past the door and out of reach of whoever holds the first (source: engine.io 6.6 `server.js`, verify).
 */
function refuseUpgrades(request: IncomingMessage, _response: unknown, next: (error?: Error) => void): void {
  const { searchParams } = new URL(request.url ?? '', 'http://hub');
  next(searchParams.has('sid') ? new Error('a connection keeps its transport') : undefined);
}
