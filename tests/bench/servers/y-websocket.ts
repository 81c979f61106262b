/** Runs @y/websocket-server as `npx y-websocket` does, with its LevelDB persistence: `y-websocket.ts <data folder>`. */
import { connect } from 'node:net';
import { join } from 'node:path';
import { loadPeer } from '#tests/bench/peers/load-peer.ts';
import { host } from '#tests/bench/servers/host.ts';
import { freePort } from '#tests/support/proxy.ts';

/** What is used of @y/websocket-server 0.1. */
interface PeerDocuments {
  docs: ReadonlyMap<string, unknown>;
}

const port = await freePort();
Object.assign(process.env, {
  HOST: '127.0.0.1',
  PORT: String(port),
  YPERSISTENCE: join(process.argv[2] ?? '', 'level'),
});
await loadPeer('@y/websocket-server/src/server.js', true);
const { docs } = await loadPeer<PeerDocuments>('@y/websocket-server/src/utils.js', true);
while (!(await listens())) await new Promise((resolve) => setTimeout(resolve, 1));
// It stores every update at once and has no way to be closed.
host({ port, documents: () => docs.size, close: async () => undefined });

function listens(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy().destroyed));
    socket.once('error', () => resolve(false));
  });
}
