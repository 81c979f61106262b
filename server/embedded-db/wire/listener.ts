// The doors: listens on sockets and ports, and keeps the connections that come in.
import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { Credentials } from '../access/credentials.ts';
import { Login } from '../access/login.ts';
import type { Engine } from '../commands/context.ts';
import { Connection } from './connection.ts';
import { freeSocket, listenFault } from './free-address.ts';

/** Connections at one time; more are closed at once. */
const MAX_CONNECTIONS = 5_000;

/** Of these, those that could still log in and have not: nobody without a password keeps others out. */
const MAX_STRANGERS = 1_000;

/** Where to listen: a Unix socket, or TCP. */
export type Address = { readonly path: string } | { readonly host: string; readonly port: number };

/** `host:port`, an IPv6 host in brackets and without the prefix of mapped addresses. */
export function hostAndPort(host: string, port: number | undefined): string {
  const plain = host.replace(/^::ffff:(?=\d+\.)/, '');
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`;
}

/** Serves one open engine. */
export class Listener {
  readonly #engine: Engine;
  readonly #credentials: Credentials | null;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #strangers = new Map<Socket, Login>();

  /** @param credentials - the one user; null when guarded addresses have nobody to let in */
  constructor(engine: Engine, credentials: Credentials | null = null) {
    this.#engine = engine;
    this.#credentials = credentials;
  }

  /** Starts listening; a socket left by a killed process is replaced.
   *  @param isGuarded - true where a login has to come first
   *  @returns the address clients use: a path or `host:port`
   *  @throws Error in readable words when the address is taken or not to be had */
  async listen(address: Address, isGuarded = false): Promise<string> {
    if ('path' in address) await freeSocket(address.path);
    const server = createServer((socket) => this.#accept(socket, server, isGuarded));
    this.#servers.push(server);
    return new Promise((resolve, reject) => {
      // It stays for the failures of accepting later on (too many open files), which pass.
      server.on('error', (error) => reject(listenFault(address, error)));
      const ready = () => {
        if ('path' in address) chmodSync(address.path, 0o600);
        resolve(boundTo(server));
      };
      if ('path' in address) server.listen(address.path, ready);
      else server.listen(address.port, address.host, ready);
    });
  }

  /** Stops accepting and closes all connections. */
  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise<void>((settle) => server.close(() => settle())));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  #accept(socket: Socket, server: Server, isGuarded: boolean): void {
    if (this.#sockets.size >= MAX_CONNECTIONS || (isGuarded && !this.#hasRoomForStranger())) {
      socket.destroy();
      return;
    }
    const login = new Login(this.#credentials, isGuarded);
    this.#sockets.add(socket);
    if (isGuarded) this.#strangers.set(socket, login);
    const { connections } = this.#engine;
    connections.open++;
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#strangers.delete(socket);
      connections.open--;
    });
    const { localAddress, localPort } = socket;
    new Connection(this.#engine, socket, {
      id: ++connections.created,
      address: localAddress ? hostAndPort(localAddress, localPort) : boundTo(server),
      login,
    });
  }

  #hasRoomForStranger(): boolean {
    if (this.#strangers.size < MAX_STRANGERS) return true;
    for (const [socket, login] of this.#strangers) if (login.mayWork) this.#strangers.delete(socket);
    return this.#strangers.size < MAX_STRANGERS;
  }
}

function boundTo(server: Server): string {
  const bound = server.address();
  return typeof bound === 'object' && bound ? hostAndPort(bound.address, bound.port) : String(bound);
}
