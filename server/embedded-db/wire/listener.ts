// The socket: accepts connections, runs their requests one after another, and answers.
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { Binary, type Doc, Timestamp, type Value } from '../bson/value.ts';
import type { Engine } from '../commands/context.ts';
import { MAX_MESSAGE_BYTES } from '../commands/diagnostics.ts';
import { answer } from '../commands/dispatch.ts';
import { Frames } from './frames.ts';
import { type Message, parseMessage, replyBytes } from './message.ts';

/** Room for headers and command fields around the largest message. */
const FRAME_LIMIT = MAX_MESSAGE_BYTES + 16 * 1024;

/** Where to listen. */
export type Address = { readonly path: string } | { readonly host: string; readonly port: number };

let lastSecond = 0;
let ordinal = 0n;

/** Causally consistent reads need a rising time in every reply. */
function clock(): Timestamp {
  const second = Math.max(Math.floor(Date.now() / 1000), lastSecond);
  ordinal = second === lastSecond ? ordinal + 1n : 1n;
  lastSecond = second;
  return new Timestamp((BigInt(second) << 32n) | ordinal);
}

function gossip(): Doc {
  const now = clock();
  const signature: Doc = new Map();
  signature.set('hash', new Binary(0, Buffer.alloc(20)));
  signature.set('keyId', 0n);
  const clusterTime: Doc = new Map();
  clusterTime.set('clusterTime', now);
  clusterTime.set('signature', signature);
  return new Map<string, Value>([
    ['operationTime', now],
    ['$clusterTime', clusterTime],
  ]);
}

/** Serves one open engine. */
export class Listener {
  readonly #engine: Engine;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #nextConnection = 1;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** Starts listening; a socket file left by a killed process is replaced, as its lock is free.
   *  @returns the address clients use: a path or `host:port` */
  listen(address: Address): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      const ready = () => {
        if ('path' in address) chmodSync(address.path, 0o600);
        const bound = this.#server.address();
        resolve(typeof bound === 'object' && bound ? `${bound.address}:${bound.port}` : String(bound));
      };
      if ('path' in address) {
        rmSync(address.path, { force: true });
        this.#server.listen(address.path, ready);
      } else this.#server.listen(address.port, address.host, ready);
    });
  }

  /** Stops accepting and closes all connections. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    const connection = { id: this.#nextConnection++, address: this.#addressOf(socket) };
    const queue: Message[] = [];
    const maxQueued = 100;
    let isRunning = false;
    const drain = async () => {
      isRunning = true;
      for (let next = queue.shift(); next; next = queue.shift()) {
        await this.#serve(socket, connection, next);
        if (queue.length < maxQueued) socket.resume();
      }
      isRunning = false;
    };
    const frames = new Frames(FRAME_LIMIT, (bytes) => {
      queue.push(parseMessage(bytes));
      if (queue.length >= maxQueued) socket.pause();
      if (!isRunning) void drain();
    });
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
      this.#sockets.delete(socket);
      queue.length = 0;
      this.#engine.sessions.connectionClosed(connection);
    });
  }

  #addressOf(socket: Socket): string {
    if (socket.localAddress) return `${socket.localAddress}:${socket.localPort}`;
    return String(this.#server.address());
  }

  async #serve(socket: Socket, connection: { id: number; address: string }, message: Message): Promise<void> {
    const out = await answer({ engine: this.#engine, body: message.body, connection });
    if (!message.wantsReply || socket.destroyed) return;
    for (const [name, value] of gossip()) out.set(name, value);
    socket.cork();
    try {
      for (const part of replyBytes(message, out)) socket.write(part);
    } catch {
      // A reply that cannot be encoded has no other way to be told.
      socket.destroy();
    }
    socket.uncork();
  }
}
