/** Who is measured: how each server is started, and what its clients speak. */

import type { Protocol } from '#tests/bench/load/peer-client.ts';
import { hocuspocusProtocol } from '#tests/bench/load/protocols/hocuspocus.ts';
import { hubProtocol } from '#tests/bench/load/protocols/hub.ts';
import { relayProtocol } from '#tests/bench/load/protocols/relay.ts';
import { ySocketIoProtocol } from '#tests/bench/load/protocols/y-socket-io.ts';
import { yWebSocketProtocol } from '#tests/bench/load/protocols/y-websocket.ts';

/** One of those measured. */
export interface Peer {
  name: string;
  /** Its program in `servers/`. */
  program: string;
  protocol: Protocol;
  /** Its package, for the versions in a table; '' for our own. */
  package: string;
  /** False for one that keeps no document and so can be no one's server: the limit, not a peer. */
  isServer: boolean;
}

/** In the order in which they take their turns. */
export const peers = {
  hub: { name: 'this hub', program: 'hub.ts', protocol: hubProtocol, package: '', isServer: true },
  hocuspocus: {
    name: 'Hocuspocus',
    program: 'hocuspocus.ts',
    protocol: hocuspocusProtocol,
    package: '@hocuspocus/server',
    isServer: true,
  },
  'y-websocket': {
    name: 'y-websocket server',
    program: 'y-websocket.ts',
    protocol: yWebSocketProtocol,
    package: '@y/websocket-server',
    isServer: true,
  },
  'y-socket-io': {
    name: 'y-socket.io',
    program: 'y-socket-io.ts',
    protocol: ySocketIoProtocol,
    package: 'y-socket.io',
    isServer: true,
  },
  relay: { name: '`ws` relay', program: 'relay.ts', protocol: relayProtocol, package: 'ws', isServer: false },
} as const satisfies Record<string, Peer>;

export type PeerId = keyof typeof peers;

/** Whether a text names one of them. */
export function isPeerId(text: string): text is PeerId {
  return Object.hasOwn(peers, text);
}
