/** Who may open a WebSocket at all, before anything of theirs is read. Rules LV1 and LV2. */
import type { IncomingMessage } from 'node:http';
import { ipKeyGenerator } from 'express-rate-limit';

/** Which doors are open to whom. */
export interface DoorRules {
  /** Allowed origins as browsers send them, for instance `https://hub.example.com`. */
  origins: readonly string[];
  socketsPerAddress: number;
  /** Proxies in front whose forwarding header counts; 0 for none. */
  trustProxyHops: number;
}

/** Addresses of one home or office: an IPv6 address counts as its network. */
const ipv6PrefixBits = 56;

/** Tells a browser of another site, and an address with too many sockets, from everybody else. */
export class Door {
  isClosed = false;
  #origins: ReadonlySet<string>;
  #rules: DoorRules;
  #sockets = new Map<string, number>();

  constructor(rules: DoorRules) {
    this.#origins = new Set(rules.origins);
    this.#rules = rules;
  }

  /** A request without Origin is not a browser's and carries no one's cookies; it needs a token like all others. */
  mayEnter(request: IncomingMessage): boolean {
    const { origin } = request.headers;
    if (this.isClosed || (origin !== undefined && !this.#origins.has(origin))) return false;
    return (this.#sockets.get(this.#addressOf(request)) ?? 0) < this.#rules.socketsPerAddress;
  }

  /** Counts a socket until the returned function is called. */
  enter(request: IncomingMessage): () => void {
    const address = this.#addressOf(request);
    this.#sockets.set(address, (this.#sockets.get(address) ?? 0) + 1);
    return () => {
      const left = (this.#sockets.get(address) ?? 1) - 1;
      if (left > 0) this.#sockets.set(address, left);
      else this.#sockets.delete(address);
    };
  }

  /** Each proxy adds whom it was called by; what stands before the trusted ones is the caller's own tale. */
  #addressOf(request: IncomingMessage): string {
    const forwarded = request.headers['x-forwarded-for'] ?? '';
    const told = [forwarded].flat().join(',').split(',');
    const chain = [...told, request.socket.remoteAddress ?? ''].map((part) => part.trim());
    const at = Math.max(chain.length - 1 - this.#rules.trustProxyHops, 0);
    // An IPv4 address written as IPv6 would share its network with all others.
    return ipKeyGenerator((chain[at] ?? '').replace(/^::ffff:(?=\d+\.)/i, ''), ipv6PrefixBits);
  }
}
