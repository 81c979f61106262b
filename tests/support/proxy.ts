/** A small TCP proxy that stands for the network between one browser and the hub: it can cut, stall, slow and heal. */
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A network that tests can break. `port` is where it listens on 127.0.0.1. */
export interface BreakableNetwork {
  port: number;
  /** Drops every connection and refuses new ones until `heal`. */
  cut(): void;
  /** Keeps connections open and passes nothing on, like a dead link; `heal` drops them. */
  stall(): void;
  /** Ends what the browser can still send while answers go on, until `heal`. */
  closeHalf(): void;
  /** Holds every chunk back for so many milliseconds, in order; 0 is as fast as can be. */
  delay(ms: number): void;
  heal(): void;
  /** Connections that are open now. */
  readonly connections: number;
  close(): Promise<void>;
}

type State = 'open' | 'cut' | 'stalled';

/** One browser connection and its way on to the hub. */
interface Pair {
  near: Socket;
  far: Socket;
}

/** Starts a network in front of a port of this machine. */
export async function startNetwork(targetPort: number): Promise<BreakableNetwork> {
  const pairs = new Set<Pair>();
  let state: State = 'open';
  let delayMs = 0;

  const pass = (from: Socket, to: Socket): void => {
    from.on('data', (chunk) => {
      if (state !== 'open') return;
      if (delayMs === 0) to.write(chunk);
      else setTimeout(() => to.writable && to.write(chunk), delayMs);
    });
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  };
  const server = createServer({ allowHalfOpen: true }, (near) => {
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const pair = { near, far: connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true }) };
    pairs.add(pair);
    near.once('close', () => pairs.delete(pair));
    near.setNoDelay(true);
    pair.far.setNoDelay(true);
    pass(near, pair.far);
    pass(pair.far, near);
  });
  const drop = (): void => {
    for (const pair of pairs) {
      pair.near.destroy();
      pair.far.destroy();
    }
  };
  const port = await listen(server);
  return {
    port,
    cut() {
      state = 'cut';
      drop();
    },
    stall() {
      state = 'stalled';
    },
    closeHalf() {
      for (const pair of pairs) pair.far.end();
    },
    delay(ms) {
      delayMs = ms;
    },
    heal() {
      if (state === 'stalled') drop();
      state = 'open';
    },
    get connections() {
      return pairs.size;
    },
    close() {
      state = 'cut';
      drop();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Listens on a free port of the loopback. @returns the port */
function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

/** A port of this machine that nothing uses at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
