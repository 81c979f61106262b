/** Speaks to our own hub: Socket.IO with one binary frame a message (PROTOCOL.md). */

import { isRefusal, type Joined, liveLoadPath, livePath, liveVersion } from '#shared/base/live.ts';
import { decodeFrame, decodeLoad, encodeFrame, packetKinds } from '#shared/base/live-frame.ts';
import { FrameMemory } from '#tests/bench/load/frame-memory.ts';
import {
  type ClientListener,
  caretAt,
  type JoinedClient,
  type PeerClient,
  type Place,
  type Protocol,
  type ReadUpdate,
  readUpdate,
} from '#tests/bench/load/peer-client.ts';
import { BenchSocket } from '#tests/bench/load/web-socket.ts';

/** What a frame to many says. */
interface SharedMeaning {
  updates: readonly ReadUpdate[];
  carets: number;
  code: string | null;
}

const memory = new FrameMemory<SharedMeaning>();
const joinId = 0;

/** @see Protocol */
export const hubProtocol: Protocol = {
  async join(port, place, listener) {
    const client = new HubClient(port, place, listener);
    return client.start();
  },
};

class HubClient implements PeerClient {
  #port: number;
  #place: Place;
  #listener: ClientListener;
  #socket: BenchSocket | null = null;
  #nextId = joinId + 1;
  #hasJoined = false;
  #joined = Promise.withResolvers<Joined>();

  constructor(port: number, place: Place, listener: ClientListener) {
    this.#joined.promise.catch(() => undefined);
    this.#port = port;
    this.#place = place;
    this.#listener = listener;
  }

  async start(): Promise<JoinedClient> {
    const { localAddress } = this.#place;
    const path = `${livePath}/?EIO=4&transport=websocket`;
    this.#socket = new BenchSocket(
      { port: this.#port, path, localAddress },
      {
        text: (text) => this.#engine(text),
        binary: (bytes) => this.#packet(bytes),
        closed: () => {
          this.#joined.reject(new Error('closed before it had joined'));
          this.#listener.closed();
        },
      },
    );
    await this.#socket.opened;
    const joined = await this.#joined.promise;
    const updates = joined.load === 'http' ? await this.#load() : joined.updates;
    return { client: this, updates };
  }

  push(update: Uint8Array): void {
    this.#emit('push', { document: this.#place.document, update }, this.#nextId);
    this.#nextId += 1;
  }

  caret(clock: number): void {
    const { document, clientId } = this.#place;
    this.#emit('presence', { document, place: { caret: caretAt(clientId, clock) } });
  }

  cut(): void {
    this.#socket?.cut();
  }

  get framesIn(): number {
    return this.#socket?.framesIn ?? 0;
  }

  get bytesIn(): number {
    return this.#socket?.bytesIn ?? 0;
  }

  #emit(name: string, message: object, id?: number): void {
    this.#socket?.sendBinary(encodeFrame({ type: packetKinds.event, nsp: '/', data: [name, message], id }));
  }

  /** Engine.IO's own messages: 0 open, 2 ping. */
  #engine(text: string): void {
    if (text.startsWith('2')) this.#socket?.sendText('3');
    if (!text.startsWith('0')) return;
    const data = { token: this.#place.token };
    this.#socket?.sendBinary(encodeFrame({ type: packetKinds.connect, nsp: '/', data }));
  }

  #packet(bytes: Buffer): void {
    const kind = bytes[0];
    if (kind === packetKinds.event) this.#event(bytes);
    else if (kind === packetKinds.ack) this.#ack(bytes);
    else if (kind === packetKinds.connect) this.#askToJoin();
    else this.#fail(`packet ${kind}`);
  }

  #askToJoin(): void {
    const { document, clientId } = this.#place;
    this.#emit('join', { version: liveVersion, document, clientId }, joinId);
  }

  #ack(bytes: Buffer): void {
    // The bytes are reused after this turn, and the join's updates are kept.
    const packet = decodeFrame(this.#hasJoined ? bytes : Buffer.from(bytes));
    const answer: unknown = Array.isArray(packet.data) ? packet.data[0] : null;
    if (isRefusal(answer)) {
      this.#fail(answer.code);
    } else if (packet.id === joinId) {
      this.#hasJoined = true;
      this.#joined.resolve(answer as Joined);
    } else {
      this.#listener.stored();
    }
  }

  #event(bytes: Buffer): void {
    const { updates, carets, code } = memory.read(bytes, readShared);
    if (updates.length > 0) this.#listener.updates(updates);
    if (carets > 0) this.#listener.carets(carets);
    if (code !== null) this.#fail(code);
  }

  #fail(reason: string): void {
    this.#joined.reject(new Error(reason));
    this.#listener.failed(reason);
  }

  async #load(): Promise<Uint8Array[]> {
    const address = `http://127.0.0.1:${this.#port}${liveLoadPath(this.#place.document)}`;
    const answer = await fetch(address, { headers: { authorization: `Bearer ${this.#place.token}` } });
    if (!answer.ok) throw new Error(`loading answered ${answer.status}`);
    return decodeLoad(new Uint8Array(await answer.arrayBuffer()));
  }
}

function readShared(bytes: Buffer): SharedMeaning {
  const { data } = decodeFrame(bytes);
  const [name, message] = data as [string, Record<string, unknown>];
  const meaning: SharedMeaning = { updates: [], carets: 0, code: null };
  if (name === 'updates') meaning.updates = (message['updates'] as Uint8Array[]).map(readUpdate);
  if (name === 'presence') meaning.carets = ((message['moved'] as unknown[] | undefined) ?? []).length;
  if (name === 'closed') meaning.code = String(message['code']);
  return meaning;
}
