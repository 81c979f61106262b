/** Many real clients in one process, who type at random and remember what was acknowledged to them. */
import { isDeepStrictEqual } from 'node:util';
import * as Y from 'yjs';
import type { LiveClock } from '#client/base/live/clock.ts';
import type { LiveTransport } from '#client/base/live/link.ts';
import type { LiveDocument } from '#client/base/live/live-document.ts';
import { LiveSession } from '#client/base/live/live-session.ts';
import { MemoryDeviceStore } from '#client/base/live/memory-device-store.ts';
import { createSocketTransport } from '#client/base/live/socket-transport.ts';
import { editAtRandom } from '#tests/live/random-edits.ts';
import { contentOf } from '#tests/live/random-session.ts';
import type { SeededRandom } from '#tests/live/seeded-random.ts';
import { until } from '#tests/support/until.ts';

/** Real time; pauses between attempts to connect are cut short, so that a run is not mostly waiting. */
const clock: LiveClock = {
  now: () => Date.now(),
  after(delayMs, work) {
    const timer = setTimeout(work, Math.min(delayMs, 200));
    return () => clearTimeout(timer);
  },
  nextFrame: (work) => clock.after(4, work),
  whenIdle: (work) => clock.after(1, work),
  random: () => Math.random(),
};

/** One client: one person, one tab, one document. */
interface Client {
  session: LiveSession;
  live: LiveDocument;
  document: string;
}

/** An update that the hub said is stored. */
export interface Acknowledged {
  document: string;
  update: Uint8Array;
}

/** See the file's first line. */
export class Crowd {
  readonly acknowledged: Acknowledged[] = [];
  readonly #clients: Client[] = [];
  readonly #random: SeededRandom;
  readonly #address: string;
  #edits = 0;

  constructor(address: string, random: SeededRandom) {
    this.#address = address;
    this.#random = random;
  }

  get edits(): number {
    return this.#edits;
  }

  /** Adds a person who opens a document, and waits until they see it. */
  async enter(document: string): Promise<void> {
    const token = `person-${this.#clients.length}`;
    const session = new LiveSession({
      transport: this.#witnessed(createSocketTransport(clock, this.#address)),
      store: new MemoryDeviceStore(),
      clock,
      getToken: () => Promise.resolve(token),
      isOnline: () => true,
    });
    session.start();
    const live = session.open(document);
    this.#clients.push({ session, live, document });
    await until(`${token} to have joined`, () => live.isJoined);
  }

  /** Somebody types. */
  edit(): void {
    const { live } = this.#random.pick(this.#clients);
    editAtRandom(live.doc, this.#random, `<${this.#edits}>`);
    this.#edits += 1;
  }

  /** Waits until every edit is said to be saved, and everybody sees the same. @returns milliseconds that took */
  async settled(limitMs = 20_000): Promise<number> {
    const begun = performance.now();
    await until(
      'everybody to be saved',
      () =>
        this.#clients.every(({ session, document }) => {
          const { kind, waiting } = session.saveState([document]);
          return kind === 'saved' && waiting === 0;
        }),
      limitMs,
    );
    await until('everybody to see the same', () => this.#isEqual(), limitMs);
    return performance.now() - begun;
  }

  /** What everybody sees of a document. */
  docOf(document: string): Y.Doc {
    const client = this.#clients.find((one) => one.document === document);
    return client?.live.doc ?? new Y.Doc();
  }

  stop(): void {
    for (const { session } of this.#clients) session.stop();
  }

  #isEqual(): boolean {
    return Map.groupBy(this.#clients, ({ document }) => document)
      .values()
      .every((clients) => {
        const [first, ...others] = clients.map(({ live }) => contentOf(live.doc));
        return others.every((other) => isDeepStrictEqual(other, first));
      });
  }

  #witnessed(transport: LiveTransport): LiveTransport {
    return {
      connect: (token, events) => {
        const link = transport.connect(token, events);
        const push = link.push.bind(link);
        link.push = async (document, update) => {
          const answer = await push(document, update);
          if (answer.ok) this.acknowledged.push({ document, update });
          return answer;
        };
        return link;
      },
    };
  }
}
