/** Speaks to a y-websocket server: y-protocols over one WebSocket for each document. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { FrameMemory } from '#tests/bench/load/frame-memory.ts';
import { type Protocol, type ReadUpdate, readUpdate } from '#tests/bench/load/peer-client.ts';
import { JoiningClient } from '#tests/bench/load/protocols/joining.ts';
import {
  awarenessOf,
  carriedCarets,
  messageKinds,
  nothing,
  syncKinds,
  writeSync,
} from '#tests/bench/load/protocols/sync-messages.ts';

/** What a frame says; the same for everybody it goes to. */
type Meaning =
  | { kind: 'asked' }
  | { kind: 'answered'; update: Uint8Array }
  | { kind: 'updates'; updates: readonly ReadUpdate[] }
  | { kind: 'carets'; count: number };

const memory = new FrameMemory<Meaning>();

/** @see Protocol */
export const yWebSocketProtocol: Protocol = {
  join: (port, place, listener) => new YWebSocketClient(port, `/${place.document}`, place, listener).start(),
};

class YWebSocketClient extends JoiningClient {
  #times = 0;

  push(update: Uint8Array): void {
    this.#sync(syncKinds.update, update);
  }

  caret(clock: number): void {
    this.#times += 1;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, messageKinds.awareness);
    encoding.writeVarUint8Array(encoder, awarenessOf(this.place.clientId, this.#times, clock));
    this.socket.sendBinary(encoding.toUint8Array(encoder));
  }

  protected override begin(): void {
    this.#sync(syncKinds.step1, this.place.has ?? nothing.stateVector);
  }

  protected binary(bytes: Buffer): void {
    const meaning = memory.read(bytes, readFrame);
    if (meaning.kind === 'asked') this.#sync(syncKinds.step2, nothing.update);
    else if (meaning.kind === 'answered') this.joined([meaning.update]);
    else if (meaning.kind === 'updates') this.listener.updates(meaning.updates);
    else this.listener.carets(meaning.count);
  }

  protected text(): void {
    this.fail('a text message');
  }

  #sync(kind: number, bytes: Uint8Array): void {
    this.socket.sendBinary(writeSync(encoding.createEncoder(), kind, bytes));
  }
}

function readFrame(bytes: Buffer): Meaning {
  const decoder = decoding.createDecoder(bytes);
  if (decoding.readVarUint(decoder) === messageKinds.awareness)
    return { kind: 'carets', count: carriedCarets(decoding.readVarUint8Array(decoder)) };
  const kind = decoding.readVarUint(decoder);
  const content = decoding.readVarUint8Array(decoder);
  if (kind === syncKinds.step1) return { kind: 'asked' };
  if (kind === syncKinds.step2) return { kind: 'answered', update: content };
  return { kind: 'updates', updates: [readUpdate(content)] };
}
