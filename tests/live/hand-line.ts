/** A connection whose every message waits until a test delivers it, between a real client link and the real gateway's wrapper. */
import type { LiveSocket } from '#client/base/live/socket-transport.ts';
import { type PreparedFrame, prepareAnswer, type Wire } from '#server/base/live/connection/wire.ts';
import { decodeFrame, encodeFrame, packetKinds } from '#shared/base/live-frame.ts';

/** The server's end: made when the client connects. */
export interface LineServer {
  /** @param id - absent when the client wants no answer */
  receive(event: readonly unknown[], id: number | undefined): void;
  /** The server notices that the line is gone. */
  closed(): void;
}

type Listener = (...args: unknown[]) => void;

/** One line; frames travel as bytes, in order in each direction. */
export class HandLine implements Wire {
  readonly toServer: Uint8Array[] = [];
  readonly toClient: Uint8Array[] = [];
  /** The server still believes in the line. */
  serverHas = true;
  private clientHas = true;
  private readonly listeners = new Map<string, Listener>();
  private readonly answers = new Map<number, (answer: unknown) => void>();
  private nextId = 0;
  private server: LineServer | null = null;

  /** What the client's link is built on. */
  readonly socket: LiveSocket;

  constructor() {
    const emit = (name: string, message: unknown, answer?: (answer: unknown) => void) => {
      if (!this.clientHas) return;
      const id = answer === undefined ? undefined : this.nextId++;
      if (id !== undefined && answer !== undefined) this.answers.set(id, answer);
      this.toServer.push(encodeFrame({ type: packetKinds.event, nsp: '/', data: [name, message], id }));
    };
    const socket = {
      on: (name: string, listener: Listener) => this.listeners.set(name, listener),
      emit,
      volatile: { emit },
      disconnect: () => this.breakClient(),
    };
    this.socket = socket as unknown as LiveSocket;
  }

  /** The server accepts; the client hears of it by the first frame. */
  attach(server: LineServer): void {
    this.server = server;
    this.toClient.push(encodeFrame({ type: packetKinds.connect, nsp: '/', data: { sid: 'x' } }));
  }

  send(frame: PreparedFrame): void {
    if (this.serverHas && this.clientHas) this.toClient.push(frame.packet);
  }

  sendVolatile(frame: PreparedFrame): void {
    this.send(frame);
  }

  answer(id: number, answer: unknown): void {
    this.send(prepareAnswer(id, answer));
  }

  hold(): void {
    // What comes over this line is handed out one by one anyhow.
  }

  cut(): void {
    this.breakServer();
  }

  /** Hands the server the oldest frame. */
  deliverToServer(): void {
    const frame = this.toServer.shift();
    if (frame === undefined || !this.serverHas || this.server === null) return;
    const { data, id } = decodeFrame(frame);
    this.server.receive(data as unknown[], id);
  }

  /** Hands the client the oldest frame. */
  deliverToClient(): void {
    const frame = this.toClient.shift();
    if (frame === undefined || !this.clientHas) return;
    const { type, data, id } = decodeFrame(frame);
    const [first, second] = type === packetKinds.connect ? ['connect'] : (data as [unknown, unknown]);
    if (type !== packetKinds.ack) {
      this.listeners.get(String(first))?.(second);
    } else if (id !== undefined) {
      const answer = this.answers.get(id);
      this.answers.delete(id);
      answer?.(first);
    }
  }

  /** The client's end is gone: what was under way is lost, and the server may notice later. */
  breakClient(): void {
    if (!this.clientHas) return;
    this.clientHas = false;
    this.toServer.length = 0;
    this.toClient.length = 0;
  }

  /** The client notices that the line is gone. */
  tellClient(): void {
    if (this.clientHas) this.listeners.get('disconnect')?.();
  }

  /** The server notices that the line is gone. */
  breakServer(): void {
    if (!this.serverHas) return;
    this.serverHas = false;
    this.toServer.length = 0;
    this.server?.closed();
  }
}
