/** A relay on bare `ws`: every message to the others of its path, nothing kept: `relay.ts <data folder>`. */
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { loadPeer } from '#tests/bench/peers/load-peer.ts';
import { host } from '#tests/bench/servers/host.ts';
import { relayKinds } from '#tests/bench/servers/relay-kinds.ts';

/** What is used of ws 8. */
interface WebSocketLike {
  on(event: 'message', listener: (data: Buffer) => void): void;
  on(event: 'close', listener: () => void): void;
  send(data: Buffer): void;
}
interface WebSocketServerLike {
  on(event: 'connection', listener: (socket: WebSocketLike, request: IncomingMessage) => void): void;
  on(event: 'listening', listener: () => void): void;
  address(): { port: number };
  close(): void;
}
interface WsModule {
  WebSocketServer: new (options: { host: string; port: number }) => WebSocketServerLike;
}

const folder = process.argv[2] ?? '';
const { WebSocketServer } = await loadPeer<WsModule>('ws');
const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
const rooms = new Map<string, Set<WebSocketLike>>();

server.on('connection', (socket, request) => {
  const name = (request.url ?? '').slice(1);
  const room = rooms.get(name) ?? new Set();
  rooms.set(name, room.add(socket));
  socket.on('message', (data) => {
    for (const other of room) if (other !== socket) other.send(data);
  });
  socket.on('close', () => {
    room.delete(socket);
    if (room.size === 0) rooms.delete(name);
  });
  socket.send(stored(name));
});
server.on('listening', () =>
  host({ port: server.address().port, documents: () => null, close: async () => server.close() }),
);

function stored(name: string): Buffer {
  const path = join(folder, `${name}.update`);
  const update = existsSync(path) ? readFileSync(path) : Buffer.of(0, 0);
  return Buffer.concat([Uint8Array.of(relayKinds.stored), update]);
}
