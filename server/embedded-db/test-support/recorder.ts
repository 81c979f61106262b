// The messages a driver really sends, read off a proxy between it and the database.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { MongoClient } from 'mongodb';
import { Frames } from '../wire/frames.ts';

/** Runs some work through the proxy and returns every message the driver sent for it. */
export async function recordedMessages(
  socketPath: string,
  work: (client: MongoClient) => Promise<void>,
): Promise<Buffer[]> {
  const out: Buffer[] = [];
  const sockets = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(socketPath);
    const frames = new Frames(
      () => 48_000_000,
      (bytes) => out.push(Buffer.from(bytes)),
    );
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => {
        if (from === near) frames.push(chunk);
        to.write(chunk);
      });
      from.on('close', () => to.destroy());
      from.on('error', () => from.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  try {
    await work(client);
  } finally {
    await client.close();
    for (const socket of sockets) socket.destroy();
    proxy.close();
  }
  return out;
}
