/** Speaks to Hocuspocus 4: y-protocols behind the document's name, after a word of authentication. */
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

/** Further kinds of Hocuspocus' own (source: 4.7 `MessageType`, `AuthMessageType`). */
const kinds = { ...messageKinds, auth: 2, syncReply: 4, syncStatus: 8 } as const;
const authKinds = { token: 0, denied: 1, granted: 2 } as const;

/** What a frame says; the same for everybody it goes to. */
type Meaning =
  | { kind: 'granted' }
  | { kind: 'asked' }
  | { kind: 'answered'; update: Uint8Array }
  | { kind: 'updates'; updates: readonly ReadUpdate[] }
  | { kind: 'carets'; count: number }
  | { kind: 'applied' }
  | { kind: 'refused' };

const memory = new FrameMemory<Meaning>();

/** @see Protocol */
export const hocuspocusProtocol: Protocol = {
  join: (port, place, listener) => new HocuspocusClient(port, '/', place, listener).start(),
};

class HocuspocusClient extends JoiningClient {
  #times = 0;

  push(update: Uint8Array): void {
    this.#sync(syncKinds.update, update);
  }

  caret(clock: number): void {
    this.#times += 1;
    const encoder = this.#addressed();
    encoding.writeVarUint(encoder, kinds.awareness);
    encoding.writeVarUint8Array(encoder, awarenessOf(this.place.clientId, this.#times, clock));
    this.socket.sendBinary(encoding.toUint8Array(encoder));
  }

  protected override begin(): void {
    const encoder = this.#addressed();
    encoding.writeVarUint(encoder, kinds.auth);
    encoding.writeVarUint(encoder, authKinds.token);
    encoding.writeVarString(encoder, 'a token');
    encoding.writeVarString(encoder, '4.7.0');
    this.socket.sendBinary(encoding.toUint8Array(encoder));
  }

  protected binary(bytes: Buffer): void {
    const meaning = memory.read(bytes, readFrame);
    // "Applied" is in memory, not on disk: it is no acknowledgement.
    if (meaning.kind === 'applied') return;
    if (meaning.kind === 'granted') this.#sync(syncKinds.step1, this.place.has ?? nothing.stateVector);
    else if (meaning.kind === 'asked') this.#sync(syncKinds.step2, nothing.update);
    else if (meaning.kind === 'answered') this.joined([meaning.update]);
    else if (meaning.kind === 'updates') this.listener.updates(meaning.updates);
    else if (meaning.kind === 'carets') this.listener.carets(meaning.count);
    else this.fail('refused');
  }

  protected text(): void {
    this.fail('a text message');
  }

  #sync(kind: number, bytes: Uint8Array): void {
    this.socket.sendBinary(writeSync(this.#addressed(), kind, bytes));
  }

  #addressed(): encoding.Encoder {
    const encoder = encoding.createEncoder();
    encoding.writeVarString(encoder, this.place.document);
    return encoder;
  }
}

function readFrame(bytes: Buffer): Meaning {
  const decoder = decoding.createDecoder(bytes);
  decoding.readVarString(decoder);
  const kind = decoding.readVarUint(decoder);
  if (kind === kinds.sync || kind === kinds.syncReply) return readSync(decoder);
  if (kind === kinds.awareness)
    return { kind: 'carets', count: carriedCarets(decoding.readVarUint8Array(decoder)) };
  const isFine = decoding.readVarUint(decoder) === (kind === kinds.auth ? authKinds.granted : 1);
  if (kind === kinds.auth) return { kind: isFine ? 'granted' : 'refused' };
  return { kind: kind === kinds.syncStatus && isFine ? 'applied' : 'refused' };
}

function readSync(decoder: decoding.Decoder): Meaning {
  const kind = decoding.readVarUint(decoder);
  const content = decoding.readVarUint8Array(decoder);
  if (kind === syncKinds.step1) return { kind: 'asked' };
  if (kind === syncKinds.step2) return { kind: 'answered', update: content };
  return { kind: 'updates', updates: [readUpdate(content)] };
}
