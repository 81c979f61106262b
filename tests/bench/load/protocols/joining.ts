/** What clients of all peers do alike: open a socket, wait for the first answer, and count. */
import type { ClientListener, JoinedClient, PeerClient, Place } from '#tests/bench/load/peer-client.ts';
import { BenchSocket } from '#tests/bench/load/web-socket.ts';

/** A client that becomes one with its first answer; peers add how they speak. */
export abstract class JoiningClient implements PeerClient {
  protected readonly port: number;
  protected readonly place: Place;
  protected readonly listener: ClientListener;
  protected readonly socket: BenchSocket;
  #joined = Promise.withResolvers<readonly Uint8Array[]>();
  #hasJoined = false;

  constructor(port: number, path: string, place: Place, listener: ClientListener) {
    this.port = port;
    this.place = place;
    this.listener = listener;
    this.#joined.promise.catch(() => undefined);
    this.socket = new BenchSocket(
      { port, path, localAddress: place.localAddress },
      {
        binary: (bytes) => this.binary(bytes),
        text: (text) => this.text(text),
        closed: () => {
          this.#joined.reject(new Error('closed before it had joined'));
          listener.closed();
        },
      },
    );
  }

  abstract push(update: Uint8Array): void;
  abstract caret(clock: number): void;
  protected abstract binary(bytes: Buffer): void;
  protected abstract text(text: string): void;

  /** Resolves with the client and what it was given, once it has been given something. */
  async start(): Promise<JoinedClient> {
    await this.socket.opened;
    this.begin();
    return { client: this, updates: await this.#joined.promise };
  }

  cut(): void {
    this.socket.cut();
  }

  get framesIn(): number {
    return this.socket.framesIn;
  }

  get bytesIn(): number {
    return this.socket.bytesIn;
  }

  /** Says the first word, where the client has it. */
  protected begin(): void {}

  protected get hasJoined(): boolean {
    return this.#hasJoined;
  }

  /** @param updates - copies that may be kept */
  protected joined(updates: readonly Uint8Array[]): void {
    this.#hasJoined = true;
    this.#joined.resolve(updates);
  }

  protected fail(reason: string): void {
    this.#joined.reject(new Error(reason));
    this.listener.failed(reason);
  }
}
