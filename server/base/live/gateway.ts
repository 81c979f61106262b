/** All Socket.IO code: connections come in, and every message goes through the one wrapper. */
import type { Server as HttpServer } from 'node:http';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import type { Actor } from '#server/base/actor.ts';
import type { Desk } from '#server/base/live/desk.ts';
import type { Door } from '#server/base/live/door.ts';
import { MessageWrapper } from '#server/base/live/message-wrapper.ts';
import type { Connection, LivePaces, People } from '#server/base/live/person.ts';
import { SocketWire } from '#server/base/live/socket-wire.ts';
import { AppError, fail } from '#shared/base/errors.ts';
import { connectAuthShape, liveLimits, livePath } from '#shared/base/live.ts';
import { liveParser } from '#shared/base/live-parser.ts';

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
}

/** Room for names and lengths around the largest update. */
const frameBytes = liveLimits.updateBytes + 8 * 1024;
const connectTimeoutMs = 5_000;
const pingIntervalMs = 20_000;
const pingTimeoutMs = 15_000;

/** Rules LV1 to LV4. */
export class Gateway {
  #world: GatewayWorld;
  #server: Server;
  #wrapper: MessageWrapper;
  #engines = new Set<Socket['conn']>();
  /** Connections that have sent CONNECT: one is looked at, or thousands could be asked for on one connection. */
  #asked = new WeakSet<Socket['conn']>();

  constructor(world: GatewayWorld) {
    this.#world = world;
    this.#wrapper = new MessageWrapper({ ...world, isStopping: () => world.door.isClosed });
    this.#server = new Server(world.httpServer, {
      path: livePath,
      parser: liveParser,
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
    this.#server.engine.on('connection', (engine: Socket['conn']) => {
      const exit = world.door.enter(engine.request);
      this.#engines.add(engine);
      engine.once('close', () => {
        this.#engines.delete(engine);
        exit();
      });
    });
    this.#server.use((socket, next) => void this.#admit(socket).then(() => next(), next));
    this.#server.on('connection', (socket) => this.#serve(socket));
  }

  /**
   * Closes every connection, after what was sent to it has gone, in a way after which clients connect again.
   * @param patience - after this, those that do not answer the goodbye are cut
   */
  async close(patience: Promise<void>): Promise<void> {
    const engines = [...this.#engines];
    const closed = engines.map((engine) => new Promise((resolve) => engine.once('close', resolve)));
    for (const engine of engines) engine.close();
    await Promise.race([Promise.all(closed), patience]);
    for (const { wire } of [...this.#world.people.all()]) wire.cut();
    this.#server.engine.close();
  }

  /** Rejects with what the client is told; `data` is Socket.IO's place for it. */
  async #admit(socket: Socket): Promise<void> {
    try {
      if (this.#world.door.isClosed) fail('server.stopping');
      if (this.#asked.has(socket.conn)) fail('rate.limited');
      this.#asked.add(socket.conn);
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
    const connection: Connection = socket.data;
    socket.conn.on('data', (frame: unknown) => {
      if (frame instanceof Uint8Array) connection.unpaidBytes += frame.length;
    });
    socket.onAny((name: string, ...args: unknown[]) => {
      void this.#wrapper.receive(connection, name, args);
    });
    socket.once('disconnect', () => connection.wire.cut());
  }

  #forget(connection: Connection): void {
    if (connection.isClosed) return;
    this.#world.people.disconnect(connection);
    this.#world.desk.forget(connection);
  }
}
