/** Runs y-socket.io with its LevelDB persistence, as its own example does: `y-socket-io.ts <data folder>`. */
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { loadPeer } from '#tests/bench/peers/load-peer.ts';
import { host } from '#tests/bench/servers/host.ts';

/** What is used of socket.io 4. */
interface SocketIoModule {
  Server: new (http: HttpServer) => { close(): Promise<void> };
}
/** What is used of y-socket.io 1.1. */
interface PeerModule {
  YSocketIO: new (
    io: object,
    options: { levelPersistenceDir: string },
  ) => { documents: ReadonlyMap<string, unknown>; initialize(): void };
}

const { Server } = await loadPeer<SocketIoModule>('socket.io');
const { YSocketIO } = await loadPeer<PeerModule>('y-socket.io/dist/server');
const http = createServer();
const io = new Server(http);
const peer = new YSocketIO(io, { levelPersistenceDir: join(process.argv[2] ?? '', 'level') });
peer.initialize();
http.listen(0, '127.0.0.1', () => {
  const { port } = http.address() as AddressInfo;
  host({ port, documents: () => peer.documents.size, close: () => io.close() });
});
