/** A WebSocket client that costs next to nothing, so that one process can stand for a thousand people. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** Where to connect, and from which of the machine's own addresses. */
export interface SocketAddress {
  port: number;
  path: string;
  /** Within 127.0.0.0/8: a hub counts sockets by address. */
  localAddress: string;
}

/** What is heard. `bytes` are only good until the call returns. */
export interface SocketListener {
  binary(bytes: Buffer): void;
  text(text: string): void;
  closed(): void;
}

/** Read by one socket at a time, each handled before the next is read. */
const readBuffer = Buffer.allocUnsafeSlow(256 * 1024);
const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** One connection (source: RFC 6455). Messages must not be fragmented; none of the servers measured does that. */
export class BenchSocket {
  framesIn = 0;
  bytesIn = 0;
  #socket: Socket;
  #listener: SocketListener;
  /** The beginning of a frame whose rest is still to come. */
  #rest: Buffer | null = null;
  #isOpen = false;
  #opening = Promise.withResolvers<void>();

  constructor(address: SocketAddress, listener: SocketListener) {
    const { port, path, localAddress } = address;
    this.#listener = listener;
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      localAddress,
      noDelay: true,
      onread: { buffer: readBuffer, callback: (length) => this.#read(readBuffer.subarray(0, length)) },
    });
    this.#socket.once('connect', () => this.#socket.write(upgradeRequest(path, port)));
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.once('close', () => {
      this.#opening.reject(new Error(`no WebSocket at ${path}`));
      listener.closed();
    });
    this.#opening.promise.catch(() => undefined);
  }

  /** Resolves once the server has taken the connection. Rejects when it has not. */
  get opened(): Promise<void> {
    return this.#opening.promise;
  }

  sendBinary(bytes: Uint8Array): void {
    this.#send(opcodes.binary, bytes);
  }

  sendText(text: string): void {
    this.#send(opcodes.text, Buffer.from(text));
  }

  /** Ends the connection in this turn, as a line that breaks. */
  cut(): void {
    this.#socket.destroy();
  }

  #send(opcode: number, payload: Uint8Array): void {
    if (this.#socket.destroyed) return;
    const { length } = payload;
    const lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8;
    const head = 2 + lengthBytes + 4;
    const frame = Buffer.allocUnsafe(head + length);
    frame[0] = 0x80 | opcode;
    frame[1] = 0x80 | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127);
    if (lengthBytes === 2) frame.writeUInt16BE(length, 2);
    if (lengthBytes === 8) frame.writeBigUInt64BE(BigInt(length), 2);
    // A mask of zeros: the server unmasks as always, and the load process has nothing to compute.
    frame.fill(0, head - 4, head);
    frame.set(payload, head);
    this.#socket.write(frame);
  }

  #read(chunk: Buffer): boolean {
    this.bytesIn += chunk.length;
    let bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    if (!this.#isOpen) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) return this.#keep(bytes);
      if (!bytes.subarray(0, 12).toString('latin1').endsWith('101')) {
        this.cut();
        return true;
      }
      this.#isOpen = true;
      this.#opening.resolve();
      bytes = bytes.subarray(end + 4);
    }
    return this.#keep(bytes.subarray(this.#frames(bytes)));
  }

  #keep(rest: Buffer): true {
    this.#rest = rest.length === 0 ? null : Buffer.from(rest);
    return true;
  }

  /** @returns how many bytes were whole frames */
  #frames(bytes: Buffer): number {
    let at = 0;
    for (;;) {
      const extent = extentAt(bytes, at);
      if (extent === null) return at;
      this.#frame(bytes[at] ?? 0, bytes.subarray(extent.from, extent.to));
      at = extent.to;
    }
  }

  #frame(first: number, payload: Buffer): void {
    if ((first & 0x80) === 0) throw new Error('a fragmented message');
    this.framesIn += 1;
    const opcode = first & 0x0f;
    if (opcode === opcodes.binary) this.#listener.binary(payload);
    else if (opcode === opcodes.text) this.#listener.text(payload.toString('utf8'));
    else if (opcode === opcodes.ping) this.#send(opcodes.pong, payload);
    else if (opcode === opcodes.close) this.cut();
  }
}

/** Where the payload of the frame at a place stands; null while it is not all there. */
function extentAt(bytes: Buffer, at: number): { from: number; to: number } | null {
  const left = bytes.length - at;
  if (left < 2) return null;
  const short = (bytes[at + 1] ?? 0) & 0x7f;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (left < head) return null;
  let length = short;
  if (short === 126) length = bytes.readUInt16BE(at + 2);
  if (short === 127) length = Number(bytes.readBigUInt64BE(at + 2));
  return left < head + length ? null : { from: at + head, to: at + head + length };
}

function upgradeRequest(path: string, port: number): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    '\r\n',
  ].join('\r\n');
}
