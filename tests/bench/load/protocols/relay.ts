/** Speaks to the bare relay, which passes on what it gets: the limit without any work of a server. */
import { FrameMemory } from '#tests/bench/load/frame-memory.ts';
import { type Protocol, type ReadUpdate, readUpdate } from '#tests/bench/load/peer-client.ts';
import { JoiningClient } from '#tests/bench/load/protocols/joining.ts';
import { awarenessOf } from '#tests/bench/load/protocols/sync-messages.ts';
import { relayKinds } from '#tests/bench/servers/relay-kinds.ts';

const memory = new FrameMemory<readonly ReadUpdate[]>();

/** @see Protocol */
export const relayProtocol: Protocol = {
  join: (port, place, listener) => new RelayClient(port, `/${place.document}`, place, listener).start(),
};

class RelayClient extends JoiningClient {
  #times = 0;

  push(update: Uint8Array): void {
    this.socket.sendBinary(Buffer.concat([Uint8Array.of(relayKinds.update), update]));
  }

  caret(clock: number): void {
    this.#times += 1;
    const state = awarenessOf(this.place.clientId, this.#times, clock);
    this.socket.sendBinary(Buffer.concat([Uint8Array.of(relayKinds.caret), state]));
  }

  protected binary(bytes: Buffer): void {
    const kind = bytes[0];
    if (kind === relayKinds.caret) this.listener.carets(1);
    else if (kind === relayKinds.stored) this.joined([Uint8Array.from(bytes.subarray(1))]);
    else this.listener.updates(memory.read(bytes, (copy) => [readUpdate(copy.subarray(1))]));
  }

  protected text(): void {
    this.fail('a text message');
  }
}
