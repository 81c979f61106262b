/** Speaks to our own hub: Socket.IO with one binary frame a message (PROTOCOL.md). */

import { isRefusal, type Joined, liveLoadPath, livePath, liveVersion } from '#shared/base/live.ts';
import { decodeFrame, decodeLoad, encodeFrame, packetKinds } from '#shared/base/live-frame.ts';
import { FrameMemory } from '#tests/bench/load/frame-memory.ts';
import { caretAt, type Protocol, type ReadUpdate, readUpdate } from '#tests/bench/load/peer-client.ts';
import { JoiningClient } from '#tests/bench/load/protocols/joining.ts';

/** What a frame to many says. */
interface SharedMeaning {
  /** Number of the last update; 0 for other frames. */
  seq: number;
  updates: readonly ReadUpdate[];
  carets: number;
  code: string | null;
}

const memory = new FrameMemory<SharedMeaning>();
const joinId = 0;
/** What a device would keep of each document: its life, and how far it has it. */
const lastOf = new Map<string, { epoch: string; seq: number }>();

/** @see Protocol */
export const hubProtocol: Protocol = {
  join: (port, place, listener) => {
    const path = `${livePath}/?EIO=4&transport=websocket`;
    return new HubClient(port, path, place, listener).start();
  },
};

class HubClient extends JoiningClient {
  #nextId = joinId + 1;

  push(update: Uint8Array): void {
    this.#emit('push', { document: this.place.document, update }, this.#nextId);
    this.#nextId += 1;
  }

  caret(clock: number): void {
    const { document, clientId } = this.place;
    this.#emit('presence', { document, place: { caret: caretAt(clientId, clock) } });
  }

  #emit(name: string, message: object, id?: number): void {
    this.socket.sendBinary(encodeFrame({ type: packetKinds.event, nsp: '/', data: [name, message], id }));
  }

  /** Engine.IO's own messages: 0 open, 2 ping. */
  protected text(text: string): void {
    if (text.startsWith('2')) this.socket.sendText('3');
    if (!text.startsWith('0')) return;
    const data = { token: this.place.token };
    this.socket.sendBinary(encodeFrame({ type: packetKinds.connect, nsp: '/', data }));
  }

  protected binary(bytes: Buffer): void {
    const kind = bytes[0];
    if (kind === packetKinds.event) this.#event(bytes);
    else if (kind === packetKinds.ack) this.#ack(bytes);
    else if (kind === packetKinds.connect) this.#askToJoin();
    else this.fail(`packet ${kind}`);
  }

  #askToJoin(): void {
    const { document, clientId, has } = this.place;
    const kept = has === null ? {} : (lastOf.get(document) ?? {});
    this.#emit('join', { version: liveVersion, document, clientId, ...kept }, joinId);
  }

  #ack(bytes: Buffer): void {
    // The bytes are reused after this turn, and the join's updates are kept.
    const packet = decodeFrame(this.hasJoined ? bytes : Buffer.from(bytes));
    const answer: unknown = Array.isArray(packet.data) ? packet.data[0] : null;
    if (isRefusal(answer)) {
      this.fail(answer.code);
    } else if (packet.id === joinId) {
      void this.#take(answer as Joined);
    } else {
      this.listener.stored();
    }
  }

  #event(bytes: Buffer): void {
    const { seq, updates, carets, code } = memory.read(bytes, readShared);
    const last = lastOf.get(this.place.document);
    if (last !== undefined) last.seq = Math.max(last.seq, seq);
    if (updates.length > 0) this.listener.updates(updates);
    if (carets > 0) this.listener.carets(carets);
    if (code !== null) this.fail(code);
  }

  async #take({ load, updates, epoch, seq }: Joined): Promise<void> {
    lastOf.set(this.place.document, { epoch, seq });
    try {
      this.joined(load === 'http' ? await this.#load() : updates);
    } catch (error) {
      this.fail(String(error));
    }
  }

  async #load(): Promise<Uint8Array[]> {
    const address = `http://127.0.0.1:${this.port}${liveLoadPath(this.place.document)}`;
    const answer = await fetch(address, { headers: { authorization: `Bearer ${this.place.token}` } });
    if (!answer.ok) throw new Error(`loading answered ${answer.status}`);
    return decodeLoad(new Uint8Array(await answer.arrayBuffer()));
  }
}

function readShared(bytes: Buffer): SharedMeaning {
  const { data } = decodeFrame(bytes);
  const [name, message] = data as [string, Record<string, unknown>];
  const meaning: SharedMeaning = { seq: 0, updates: [], carets: 0, code: null };
  if (name === 'updates') meaning.seq = Number(message['seq']);
  if (name === 'updates') meaning.updates = (message['updates'] as Uint8Array[]).map(readUpdate);
  if (name === 'presence') meaning.carets = ((message['moved'] as unknown[] | undefined) ?? []).length;
  if (name === 'closed') meaning.code = String(message['code']);
  return meaning;
}
