/** Who may open a WebSocket at all, before anything of theirs is read. Rules LV1 and LV2. */
import type { IncomingMessage } from 'node:http';

/** Tells a browser of another site, and an address with too many sockets, from everybody else. */
export class Door {
  isClosed = false;
  #origins: ReadonlySet<string>;
  #socketsPerAddress: number;
  #sockets = new Map<string, number>();

  /** @param origins - as browsers send them, for instance `https://hub.example.com` */
  constructor(origins: readonly string[], socketsPerAddress: number) {
    this.#origins = new Set(origins);
    this.#socketsPerAddress = socketsPerAddress;
  }

  /** A request without Origin is not a browser's and carries no one's cookies; it needs a token like all others. */
  mayEnter(request: IncomingMessage): boolean {
    const { origin } = request.headers;
    if (this.isClosed || (origin !== undefined && !this.#origins.has(origin))) return false;
    return (this.#sockets.get(addressOf(request)) ?? 0) < this.#socketsPerAddress;
  }

  /** Counts a socket until the returned function is called. */
  enter(request: IncomingMessage): () => void {
    const address = addressOf(request);
    this.#sockets.set(address, (this.#sockets.get(address) ?? 0) + 1);
    return () => {
      const left = (this.#sockets.get(address) ?? 1) - 1;
      if (left > 0) this.#sockets.set(address, left);
      else this.#sockets.delete(address);
    };
  }
}

function addressOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? '';
}
