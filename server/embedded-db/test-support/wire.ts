// A bare wire client: sends any bytes, and commands the driver would not send.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { deserialize, serialize } from 'bson';

/** One raw connection. */
export class Wire {
  readonly socket: Socket;
  #received = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
    // A connection the server closes may report a reset; `closed` is what tests look at.
    socket.on('error', () => socket.destroy());
  }

  /** Connects to the socket of an embedded database's URI. */
  static async connect(uri: string): Promise<Wire> {
    const host = decodeURIComponent(/^mongodb:\/\/([^/]+)\//.exec(uri)?.[1] ?? '');
    const [name, port] = host.split(':');
    const socket = host.startsWith('/') ? connect(host) : connect(Number(port), name);
    await once(socket, 'connect');
    return new Wire(socket);
  }

  /** The bytes of one OP_MSG. */
  static message(body: object, flags = 0): Buffer {
    const document = serialize(body);
    const head = Buffer.alloc(21);
    head.writeInt32LE(head.length + document.length, 0);
    head.writeInt32LE(1, 4);
    head.writeInt32LE(2013, 12);
    head.writeUInt32LE(flags, 16);
    return Buffer.concat([head, document]);
  }

  /** Sends a command and reads its reply.
   *  @throws Error with the reply's fields when it is not ok, or when the connection closes */
  async command(body: object): Promise<Record<string, unknown>> {
    this.socket.write(Wire.message(body));
    const reply = await this.reply();
    if (reply['ok'] === 1) return reply;
    throw Object.assign(new Error(String(reply['errmsg'])), reply);
  }

  /** The next reply. */
  reply(): Promise<Record<string, unknown>> {
    return this.#next(21);
  }

  /** The next reply in the legacy form. */
  legacyReply(): Promise<Record<string, unknown>> {
    return this.#next(36);
  }

  /** @param start - where the document begins */
  async #next(start: number): Promise<Record<string, unknown>> {
    while (this.#received.length < 4 || this.#received.length < this.#received.readInt32LE(0)) {
      if (this.socket.destroyed) throw new Error('the connection was closed');
      await Promise.race([once(this.socket, 'data'), once(this.socket, 'close')]);
    }
    const size = this.#received.readInt32LE(0);
    const body = this.#received.subarray(start, size);
    this.#received = this.#received.subarray(size);
    return deserialize(body);
  }

  /** Resolves when the server has closed the connection. */
  async closed(): Promise<void> {
    if (this.socket.closed) return;
    await new Promise((resolve) => this.socket.once('close', resolve));
  }

  /** Closes the connection. */
  close(): void {
    this.socket.destroy();
  }
}
