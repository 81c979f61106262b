// One connection: its requests run one after another, and no faster than their replies are read.
import type { Socket } from 'node:net';
import type { Login } from '../access/login.ts';
import type { Engine } from '../commands/context.ts';
import { answer } from '../commands/dispatch.ts';
import { errorReply } from '../commands/error-reply.ts';
import { MAX_MESSAGE_BYTES } from '../commands/hello.ts';
import type { Reply } from '../engine/retry-log.ts';
import { inTurns } from '../engine/work.ts';
import { Frames } from './frames.ts';
import { gossip } from './gossip.ts';
import { type Message, parseInPieces, parseMessage, replyBytes } from './message.ts';

/** Largest message of somebody who has not logged in: the handshake is small. */
const STRANGER_MESSAGE_BYTES = 64 * 1024;
/** Requests waiting for the one that runs; beyond either limit the socket is not read. */
const MAX_WAITING = 100;
const MAX_WAITING_BYTES = 1024 * 1024;
/** A peer that is gone without a word is noticed after about this time. */
const KEEP_ALIVE_MS = 120_000;

/** What a connection is made with. */
export interface ConnectionSetup {
  readonly id: number;
  /** Where the client reached the server: `host:port` or a socket's path. */
  readonly address: string;
  readonly login: Login;
}

/** Larger messages are parsed in pieces, when it is their turn. */
const LARGE_BYTES = 256 * 1024;

interface Waiting {
  /** Null for a large one that is not parsed yet. */
  readonly message: Message | null;
  readonly bytes: Buffer;
}

/** Reads, runs and answers what one client sends. */
export class Connection {
  readonly id: number;
  readonly address: string;
  /** The client's side: `host:port`, or the socket's path. */
  readonly peer: string;
  appName = '';
  readonly login: Login;
  readonly #engine: Engine;
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #isRunning = false;

  constructor(engine: Engine, socket: Socket, { id, address, login }: ConnectionSetup) {
    this.id = id;
    this.address = address;
    this.peer = socket.remoteAddress ? `${socket.remoteAddress}:${socket.remotePort}` : address;
    this.login = login;
    this.#engine = engine;
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    const limit = () => (login.mayWork ? MAX_MESSAGE_BYTES : STRANGER_MESSAGE_BYTES);
    const frames = new Frames(limit, (bytes) => this.#take(bytes));
    socket.on('data', (chunk) => {
      try {
        frames.push(chunk);
      } catch {
        // Whatever is malformed costs the sender its own connection, nothing else.
        socket.destroy();
      }
    });
    // A reset by the peer is followed by 'close', which does the cleaning.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#waiting.length = 0;
      engine.operations.connectionClosed(this);
      engine.sessions.connectionClosed(this);
    });
  }

  #take(bytes: Buffer): void {
    this.#waiting.push({ message: bytes.length < LARGE_BYTES ? parseMessage(bytes) : null, bytes });
    this.#waitingBytes += bytes.length;
    if (this.#isFull) this.#socket.pause();
    if (!this.#isRunning) void this.#drain();
  }

  get #isFull(): boolean {
    return this.#waiting.length >= MAX_WAITING || this.#waitingBytes >= MAX_WAITING_BYTES;
  }

  async #drain(): Promise<void> {
    this.#isRunning = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const message = next.message ?? (await this.#parse(next.bytes));
      if (message) await this.#serve(message);
      this.#waitingBytes -= next.bytes.length;
      if (!this.#isFull) this.#socket.resume();
    }
    this.#isRunning = false;
  }

  async #parse(bytes: Buffer): Promise<Message | null> {
    const pace = this.#engine.newPace();
    try {
      return await inTurns(
        parseInPieces(bytes, () => pace.isOver),
        pace,
      );
    } catch {
      this.#waiting.length = 0;
      this.#socket.destroy();
      return null;
    }
  }

  async #serve(message: Message): Promise<void> {
    const { body, isLegacy } = message;
    const out = await answer({ engine: this.#engine, body, isLegacy, connection: this }).catch(() => null);
    // Without an answer there is nobody to go on with.
    if (!out) this.#socket.destroy();
    if (!out || !message.wantsReply || this.#socket.destroyed) return;
    for (const [name, value] of gossip()) out.set(name, value);
    this.#socket.cork();
    for (const part of encoded(message, out)) this.#socket.write(part);
    this.#socket.uncork();
    if (this.#socket.writableNeedDrain) await this.#isRead();
  }

  /** Resolves when the client has read what it was sent, or is gone. */
  #isRead(): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        this.#socket.off('drain', settle);
        this.#socket.off('close', settle);
        resolve();
      };
      this.#socket.on('drain', settle);
      this.#socket.on('close', settle);
    });
  }
}

function encoded(message: Message, out: Reply): Buffer[] {
  try {
    return replyBytes(message, out);
  } catch (error) {
    return replyBytes(message, errorReply(error, message.body));
  }
}
