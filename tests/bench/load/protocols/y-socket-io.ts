/** Speaks to y-socket.io: Socket.IO with its default parser, a text packet and a binary one for each message. */
import { FrameMemory } from '#tests/bench/load/frame-memory.ts';
import { type Protocol, type ReadUpdate, readUpdate } from '#tests/bench/load/peer-client.ts';
import { JoiningClient } from '#tests/bench/load/protocols/joining.ts';
import { awarenessOf, carriedCarets, nothing } from '#tests/bench/load/protocols/sync-messages.ts';

const memory = new FrameMemory<readonly ReadUpdate[]>();
const placeholder = '{"_placeholder":true,"num":0}';
const ownQuestion = 1;

/** @see Protocol */
export const ySocketIoProtocol: Protocol = {
  join: (port, place, listener) =>
    new YSocketIoClient(port, '/socket.io/?EIO=4&transport=websocket', place, listener).start(),
};

class YSocketIoClient extends JoiningClient {
  #times = 0;
  /** The text packet whose binary one comes next. */
  #awaiting = '';

  push(update: Uint8Array): void {
    this.#event('sync-update', update);
  }

  caret(clock: number): void {
    this.#times += 1;
    this.#event('awareness-update', awarenessOf(this.place.clientId, this.#times, clock));
  }

  protected text(text: string): void {
    if (text.startsWith('45') || text.startsWith('46')) this.#awaiting = text;
    else if (text.startsWith('2')) this.socket.sendText('3');
    else if (text.startsWith('0')) this.socket.sendText(`40${this.#namespace},`);
    else if (!text.startsWith('40')) this.fail(text);
  }

  protected binary(bytes: Buffer): void {
    const text = this.#awaiting;
    if (text.includes('"sync-update"')) {
      this.listener.updates(memory.read(bytes, (copy) => [readUpdate(copy)]));
    } else if (text.includes('"awareness-update"')) {
      this.listener.carets(carriedCarets(bytes));
    } else if (text.startsWith('46')) {
      this.joined([Uint8Array.from(bytes)]);
    } else {
      this.#answer(text);
      // Asked now and not on connecting: the server does not listen before it has loaded the document.
      this.#event('sync-step-1', this.place.has ?? nothing.stateVector, ownQuestion);
    }
  }

  get #namespace(): string {
    return `/yjs|${this.place.document}`;
  }

  #event(name: string, bytes: Uint8Array, id: number | '' = ''): void {
    this.socket.sendText(`451-${this.#namespace},${id}["${name}",${placeholder}]`);
    this.socket.sendBinary(bytes);
  }

  /** Gives the server the nothing that we have. */
  #answer(question: string): void {
    const id = /,(\d+)\[/.exec(question)?.[1] ?? '';
    this.socket.sendText(`461-${this.#namespace},${id}[${placeholder}]`);
    this.socket.sendBinary(nothing.update);
  }
}
