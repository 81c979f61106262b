/** People in one document: joined, typing on a beat, counted, and compared at the end. */
import * as Y from 'yjs';
import { Ledger } from '#tests/bench/load/ledger.ts';
import type { PeerClient, Place, Protocol, ReadUpdate } from '#tests/bench/load/peer-client.ts';
import { rootName, Typist } from '#tests/bench/load/typist.ts';
import { Histogram } from '#tests/bench/measure/histogram.ts';
import type { SeededDocument } from '#tests/bench/servers/seed-order.ts';

/** People of one address: under every limit of sockets by address. */
const peoplePerAddress = 200;
const joinsAtOnce = 50;

/** One person as the load sees them. */
export interface Member {
  place: Place;
  typist: Typist;
  client: PeerClient;
}

/** Several members keep the bytes of all updates, to make a document of them afterwards. */
const verifyingMembers = 3;

/** Everybody in one document of one server. */
export class Crowd {
  readonly members: Member[] = [];
  readonly delays = new Histogram();
  readonly ackDelays = new Histogram();
  readonly ledger: Ledger;
  carets = 0;
  failures: string[] = [];
  #protocol: Protocol;
  #port: number;
  #places: Place[];
  #kept: Uint8Array[][] = Array.from({ length: verifyingMembers }, () => []);
  #pushedAt: number[][] = [];

  constructor(
    protocol: Protocol,
    port: number,
    { document, tokens }: SeededDocument,
    firstClientId = 1_000_000,
  ) {
    this.#protocol = protocol;
    this.#port = port;
    this.#places = tokens.map((token, index) => ({
      document,
      token,
      localAddress: `127.0.0.${2 + (Math.floor((firstClientId + index) / peoplePerAddress) % 200)}`,
      clientId: firstClientId + index,
    }));
    this.ledger = new Ledger(
      this.#places.map((place) => place.clientId),
      this.delays,
    );
  }

  /** Joins everybody and lets each make a paragraph; resolves when all have seen all of them. */
  async gather(): Promise<void> {
    for (let first = 0; first < this.#places.length; first += joinsAtOnce) {
      const places = this.#places.slice(first, first + joinsAtOnce);
      const joined = places.map((place, index) => this.#join(place, first + index));
      this.members.push(...(await Promise.all(joined)));
    }
    for (const index of this.members.keys()) {
      this.#push(index, (typist) => typist.open());
      if (index % joinsAtOnce === 0) await pause(20);
    }
    await this.settle(30_000);
  }

  /** Types `count` characters as one update. @param madeAtMs - when they were typed */
  type(index: number, count = 1, madeAtMs = performance.now()): void {
    this.#push(index, (typist) => typist.type(count), madeAtMs);
  }

  /** Moves somebody's caret behind what they typed last. */
  moveCaret(index: number): void {
    const member = this.members[index];
    member?.client.caret(member.typist.clock - 1);
  }

  /** Waits until everybody has seen everything. @returns whether that happened in time */
  async settle(limitMs: number): Promise<boolean> {
    const endMs = performance.now() + limitMs;
    while (this.ledger.missing > 0 && this.failures.length === 0 && performance.now() < endMs)
      await pause(20);
    return this.ledger.missing === 0;
  }

  /**
   * Whether everything everybody typed is the same everywhere: on those who verify, and on a newcomer.
   * @returns what is wrong; [] when nothing is
   */
  async verify(newcomer: Place): Promise<string[]> {
    const wrong = [...this.failures];
    if (this.ledger.missing > 0) wrong.push(`${this.ledger.missing} edits unseen`);
    if (this.ledger.holes > 0) wrong.push(`${this.ledger.holes} edits before those they follow`);
    const { client, updates } = await this.#protocol.join(this.#port, newcomer, silent);
    client.cut();
    const server = textsOf(updates);
    const own = this.members.map(({ typist }) => typist.text()).sort();
    if (!same(server, own)) wrong.push('the server has another text than was typed');
    for (const [index, kept] of this.#kept.slice(0, this.members.length).entries()) {
      if (!same(textsOf(kept), server)) wrong.push(`client ${index} has another text than the server`);
    }
    return wrong;
  }

  leave(): void {
    for (const { client } of this.members) client.cut();
  }

  get traffic(): { frames: number; bytes: number } {
    const sum = (of: (client: PeerClient) => number) =>
      this.members.reduce((total, { client }) => total + of(client), 0);
    return { frames: sum((client) => client.framesIn), bytes: sum((client) => client.bytesIn) };
  }

  /** Whether pushes are acknowledged; delays of those that are stand in `ackDelays`. */
  get acknowledges(): boolean {
    return this.ackDelays.count > 0;
  }

  async #join(place: Place, index: number): Promise<Member> {
    const kept = this.#kept[index];
    const pushed: number[] = [];
    this.#pushedAt[index] = pushed;
    const { client, updates } = await this.#protocol.join(this.#port, place, {
      updates: (found: readonly ReadUpdate[]) => {
        const nowMs = performance.now();
        for (const { bytes, ranges } of found) {
          this.ledger.got(index, ranges, nowMs);
          kept?.push(bytes);
        }
      },
      carets: (count) => {
        this.carets += count;
      },
      stored: () => {
        const atMs = pushed.shift();
        if (atMs !== undefined) this.ackDelays.add(performance.now() - atMs);
      },
      failed: (reason) => this.failures.push(reason),
      closed: () => undefined,
    });
    kept?.push(...updates);
    return { place, typist: new Typist(place.clientId), client };
  }

  #push(index: number, make: (typist: Typist) => Uint8Array, madeAtMs = performance.now()): void {
    const member = this.members[index];
    if (member === undefined) return;
    const { typist, client } = member;
    const before = typist.clock;
    const update = make(typist);
    this.#kept[index]?.push(update);
    this.ledger.made(index, typist.clock - before, madeAtMs);
    this.#pushedAt[index]?.push(performance.now());
    client.push(update);
  }
}

const silent = { updates() {}, carets() {}, stored() {}, failed() {}, closed() {} };

/** The paragraphs of a document, sorted, as its updates make them. */
function textsOf(updates: readonly Uint8Array[]): string[] {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  return doc
    .getXmlFragment(rootName)
    .toArray()
    .map((paragraph) => paragraph.toString().replaceAll(/<[^>]*>/g, ''))
    .sort();
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}

/** Lets the load process do something else. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
