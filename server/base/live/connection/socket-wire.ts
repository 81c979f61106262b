/** A wire over Socket.IO that writes prepared frames straight to the WebSocket where nothing waits before them. */
import type { Socket } from 'socket.io';
import { type PreparedFrame, prepareAnswer, type Wire } from '#server/base/live/connection/wire.ts';

/** Unread bytes at which a connection is cut; it catches up by joining again. */
export const unreadBytes = 8 * 1024 * 1024;
/** Unread bytes from which presence is not sent. */
const presenceUnreadBytes = 64 * 1024;
/** Estimate for a packet of Socket.IO that waits in front of the WebSocket. */
const queuedPacketBytes = 256;

/** What we use of `ws` beyond its types; checked before use, so that another version only costs speed. */
export interface DirectSocket {
  readyState: number;
  bufferedAmount: number;
  terminate: () => void;
  pause: () => void;
  resume: () => void;
  on: (event: 'ping', listener: (data: Uint8Array) => void) => unknown;
  once: (event: 'close', listener: () => void) => unknown;
  _sender: { sendFrame: (parts: Buffer[]) => void };
}

/** Engine.IO's connection, with the queue its types keep private. */
interface EngineConnection {
  readyState: string;
  transport: object;
  writeBuffer: readonly unknown[];
  write: (data: Uint8Array, options: object) => unknown;
  close: (discard?: boolean) => unknown;
}

const webSocketOpen = 1;

/** @see Wire */
export class SocketWire implements Wire {
  #engine: EngineConnection;
  readonly #direct: DirectSocket | null;
  /** Bytes we put into Engine.IO's queue since it was last empty. */
  #queuedBytes = 0;
  /** The answers of this turn. */
  #answers: PreparedFrame[] = [];
  #answerBytes = 0;

  constructor(socket: Socket) {
    this.#engine = socket.conn as unknown as EngineConnection;
    this.#direct = findDirect(this.#engine.transport);
  }

  send(frame: PreparedFrame): void {
    if (this.#answers.length > 0) this.#flush();
    if (this.#engine.readyState === 'open' && !this.#isOverfull()) this.#write(frame);
  }

  sendVolatile(frame: PreparedFrame): void {
    if (this.#unread() <= presenceUnreadBytes) this.send(frame);
  }

  answer(id: number, answer: unknown): void {
    const frame = prepareAnswer(id, answer);
    // Answers come in the microtasks after a commit, this after all of them.
    if (this.#answers.push(frame) === 1) process.nextTick(() => this.#flush());
    this.#answerBytes += frame.packet.length;
  }

  hold(isHeld: boolean): void {
    if (isHeld) this.#direct?.pause();
    else this.#direct?.resume();
  }

  cut(): void {
    cutEngine(this.#engine);
  }

  #flush(): void {
    const answers = this.#answers;
    if (answers.length === 0) return;
    this.#answers = [];
    const isOpen = this.#engine.readyState === 'open' && !this.#isOverfull();
    this.#answerBytes = 0;
    if (!isOpen) return;
    if (answers.length > 1 && this.#isStraight()) {
      const frames = answers.map((answer) => answer.webSocketFrame);
      this.#direct?._sender.sendFrame([Buffer.concat(frames)]);
    } else for (const answer of answers) this.#write(answer);
  }

  /** Whether what is written to the WebSocket itself overtakes nothing. */
  #isStraight(): boolean {
    return this.#direct?.readyState === webSocketOpen && this.#engine.writeBuffer.length === 0;
  }

  #write(frame: PreparedFrame): void {
    if (this.#isStraight()) {
      this.#direct?._sender.sendFrame([frame.webSocketFrame]);
      return;
    }
    this.#queuedBytes += frame.packet.length;
    this.#engine.write(frame.packet, { compress: false, wsPreEncodedFrame: [frame.webSocketFrame] });
  }

  #isOverfull(): boolean {
    if (this.#unread() <= unreadBytes) return false;
    this.cut();
    return true;
  }

  #unread(): number {
    const waiting = this.#engine.writeBuffer.length;
    if (waiting === 0) this.#queuedBytes = 0;
    const beforeSocket = this.#answerBytes + this.#queuedBytes + waiting * queuedPacketBytes;
    return (this.#direct?.bufferedAmount ?? 0) + beforeSocket;
  }
}

/**
 * Ends a connection in this very turn, whatever carries it now and whatever it has not read: nothing more of it is
 * served, and its `close` has been heard when this returns.
 */
export function cutEngine(engine: Pick<EngineConnection, 'transport' | 'close'>): void {
  // First, because a close handshake would wait behind everything the client does not read.
  findDirect(engine.transport)?.terminate();
  engine.close(true);
}

/** The WebSocket under a transport (source: engine.io 6.6 `transports/websocket.js`, ws 8 `sender.js`), or null. */
export function findDirect(transport: object): DirectSocket | null {
  const socket: unknown = 'socket' in transport ? transport.socket : null;
  return isDirect(socket) ? socket : null;
}

function isDirect(socket: unknown): socket is DirectSocket {
  if (typeof socket !== 'object' || socket === null) return false;
  if (!('_sender' in socket && 'bufferedAmount' in socket && 'terminate' in socket && 'pause' in socket))
    return false;
  const sender = socket._sender;
  return (
    typeof sender === 'object' &&
    sender !== null &&
    'sendFrame' in sender &&
    typeof sender.sendFrame === 'function'
  );
}
