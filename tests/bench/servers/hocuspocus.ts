/** Runs @hocuspocus/server with its SQLite extension and its defaults: `hocuspocus.ts <data folder>`. */
import { join } from 'node:path';
import { loadPeer } from '#tests/bench/peers/load-peer.ts';
import { openSqlite } from '#tests/bench/servers/hocuspocus-sqlite.ts';
import { host } from '#tests/bench/servers/host.ts';

/** What is used of @hocuspocus/server 4. */
interface PeerModule {
  Server: new (options: {
    address: string;
    port: number;
    quiet: boolean;
    stopOnSignals: boolean;
    extensions: object[];
  }) => PeerServer;
}
interface PeerServer {
  listen(): Promise<unknown>;
  address: { port: number };
  hocuspocus: { getDocumentsCount(): number };
  destroy(): Promise<void>;
}

const { Server } = await loadPeer<PeerModule>('@hocuspocus/server');
const server = new Server({
  address: '127.0.0.1',
  port: 0,
  quiet: true,
  stopOnSignals: false,
  extensions: [await openSqlite(join(process.argv[2] ?? '', 'hocuspocus.sqlite'))],
});
await server.listen();
host({
  port: server.address.port,
  documents: () => server.hocuspocus.getDocumentsCount(),
  close: () => server.destroy(),
});
