/** A client of the bare WebSocket, which can do what no library would: not read, and send any frame. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { livePath } from '#shared/base/live.ts';
import { encodeFrame, packetKinds } from '#shared/base/live-frame.ts';

/** Shakes hands for a WebSocket; the hub's first answer is in `greeting`. */
export async function openRaw(port: number, query = '', headers: readonly string[] = []) {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  const upgrade = [
    `GET ${livePath}/?EIO=4&transport=websocket${query} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    ...headers,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ];
  socket.write(upgrade.join('\r\n'));
  const [greeting] = await once(socket, 'data');
  const send = (packet: Uint8Array, opcode = 0x82): void => {
    const header =
      packet.length < 126
        ? [opcode, 0x80 | packet.length]
        : [opcode, 0xfe, packet.length >> 8, packet.length & 255];
    socket.write(Buffer.concat([Uint8Array.of(...header, 0, 0, 0, 0), packet]));
  };
  return { socket, send, greeting: String(greeting) };
}

/** A raw client that has said who it is and has been let in. */
export async function greetRaw(port: number, token: string) {
  const { socket, send } = await openRaw(port);
  send(encodeFrame({ type: packetKinds.connect, nsp: '/', data: { token } }));
  await once(socket, 'data');
  return { socket, send };
}
