/** Who is measured: how each server is started, and what its clients speak. */

import type { Protocol } from '#tests/bench/load/peer-client.ts';
import { hubProtocol } from '#tests/bench/load/protocols/hub.ts';

/** One of those measured. */
export interface Peer {
  name: string;
  /** Its program in `servers/`. */
  program: string;
  protocol: Protocol;
}

/** In the order in which they take their turns. */
export const peers = {
  hub: { name: 'this hub', program: 'hub.ts', protocol: hubProtocol },
} as const satisfies Record<string, Peer>;

export type PeerId = keyof typeof peers;

/** Whether a text names one of them. */
export function isPeerId(text: string): text is PeerId {
  return Object.hasOwn(peers, text);
}
