/** All Socket.IO code: connections come in, every message goes through one wrapper, and nothing throws out of it. */
import type { Server as HttpServer } from 'node:http';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import type { z } from 'zod';
import type { Actor } from '#server/base/actor.ts';
import type { Desk } from '#server/base/live/desk.ts';
import type { Door } from '#server/base/live/door.ts';
import type { Connection, LivePaces, People } from '#server/base/live/person.ts';
import { SocketWire } from '#server/base/live/socket-wire.ts';
import { AppError, type ErrorCode, fail } from '#shared/base/errors.ts';
import { createId } from '#shared/base/ids.ts';
import {
  connectAuthShape,
  joinShape,
  leaveShape,
  liveLimits,
  livePath,
  liveVersion,
  presenceShape,
  pushShape,
  type Refusal,
} from '#shared/base/live.ts';
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

/** A message as the wrapper serves it: parsed, answered, or refused. */
type Serve = (connection: Connection, message: unknown) => unknown;

/** Room for names and lengths around the largest update. */
const frameBytes = liveLimits.updateBytes + 8 * 1024;
const connectTimeoutMs = 5_000;
const pingIntervalMs = 20_000;
const pingTimeoutMs = 15_000;

/** Rules LV1 to LV4. */
export class Gateway {
  #world: GatewayWorld;
  #server: Server;
  #serves: ReadonlyMap<string, Serve>;

  constructor(world: GatewayWorld) {
    this.#world = world;
    this.#serves = makeServes(world.desk);
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
      engine.once('close', world.door.enter(engine.request));
    });
    this.#server.use((socket, next) => void this.#admit(socket).then(() => next(), next));
    this.#server.on('connection', (socket) => this.#serve(socket));
  }

  /** Closes every connection in a way after which clients connect again by themselves. */
  close(): void {
    this.#world.door.isClosed = true;
    this.#server.engine.close();
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
      const code = this.#codeOf(error, 'connect');
      throw Object.assign(new AppError(code), { data: { code } });
    }
  }

  #serve(socket: Socket): void {
    const connection: Connection = socket.data;
    socket.onAny((name: string, ...args: unknown[]) => {
      void this.#receive(connection, name, args);
    });
    socket.once('disconnect', () => connection.wire.cut());
  }

  #forget(connection: Connection): void {
    if (connection.isClosed) return;
    this.#world.people.disconnect(connection);
    this.#world.desk.forget(connection);
  }

  /** The one wrapper. Rule LV3. */
  async #receive(connection: Connection, name: string, args: unknown[]): Promise<void> {
    const last = args.at(-1);
    const reply = typeof last === 'function' ? last : null;
    let answer: unknown;
    try {
      this.#checkPace(connection, args[0]);
      const serve = this.#serves.get(name);
      if (serve === undefined || args.length !== (reply === null ? 1 : 2)) fail('input.invalid');
      answer = await serve(connection, args[0]);
      connection.refusals = 0;
    } catch (error) {
      answer = { ok: false, code: this.#codeOf(error, name) } satisfies Refusal;
      connection.refusals += 1;
    }
    if (connection.isClosed) return;
    reply?.(answer);
    if (connection.wire instanceof SocketWire) connection.wire.noteSent(sizeOf(answer));
    if (connection.refusals > this.#world.paces.refusalsBeforeCut) connection.wire.cut();
  }

  #checkPace(connection: Connection, message: unknown): void {
    const nowMs = this.#world.now().getTime();
    const { person } = connection;
    const isPaced =
      connection.messages.take(1, nowMs) &&
      person.messages.take(1, nowMs) &&
      person.bytes.take(sizeOf(message), nowMs);
    if (!isPaced) fail('rate.limited');
  }

  #codeOf(error: unknown, name: string): ErrorCode {
    if (error instanceof AppError) return error.code;
    this.#world.log.error({ err: error, logId: createId(), message: name }, 'live message failed');
    return 'internal';
  }
}

function makeServes(desk: Desk): ReadonlyMap<string, Serve> {
  return new Map<string, Serve>([
    ['join', (connection, message) => desk.join(connection, parse(joinShape, checkVersion(message)))],
    ['leave', (connection, message) => desk.leave(connection, parse(leaveShape, message))],
    ['push', (connection, message) => desk.push(connection, parse(pushShape, message))],
    ['presence', (connection, message) => desk.presence(connection, parse(presenceShape, message))],
  ]);
}

function parse<Shape extends z.ZodType>(shape: Shape, message: unknown): z.output<Shape> {
  const parsed = shape.safeParse(message);
  return parsed.success ? parsed.data : fail('input.invalid');
}

/** Before the shape, because another version may have another shape. */
function checkVersion(message: unknown): unknown {
  const isOther =
    typeof message === 'object' &&
    message !== null &&
    'version' in message &&
    typeof message.version === 'number' &&
    message.version !== liveVersion;
  return isOther ? fail('live.protocolUnknown') : message;
}

/** Bytes that count in a message or an answer; everything else in one is small. */
function sizeOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 64;
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) return value.reduce((sum: number, part) => sum + sizeOf(part), 0);
  const { update, updates } = value as { update?: unknown; updates?: unknown };
  return 64 + (update === undefined ? 0 : sizeOf(update)) + (updates === undefined ? 0 : sizeOf(updates));
}
