/** People in one document: joined, typing, counted, and compared at the end. */
import * as Y from 'yjs';
import { Ledger } from '#tests/bench/load/ledger.ts';
import type { PeerClient, Place, ReadUpdate } from '#tests/bench/load/peer-client.ts';
import { rootName, Typist } from '#tests/bench/load/typist.ts';
import { Histogram } from '#tests/bench/measure/histogram.ts';
import type { Peer } from '#tests/bench/peers.ts';
import type { SeededDocument } from '#tests/bench/servers/seed-order.ts';

/** People of one address: under every limit of sockets by address. */
const peoplePerAddress = 200;
const joinsAtOnce = 50;
/** Members that keep the bytes of all updates, to make a document of them afterwards. */
const verifyingMembers = 2;

/** Where delays of edits and of acknowledgements are counted; several crowds may share one. */
export class Clocks {
  readonly delays = new Histogram();
  readonly ackDelays = new Histogram();

  clear(): void {
    this.delays.clear();
    this.ackDelays.clear();
  }
}

/** One person as the load sees them. */
interface Member {
  typist: Typist;
  client: PeerClient;
  /** When the pushes not yet acknowledged were sent, oldest first. */
  pushedAt: number[];
  /** All updates there are, for those who verify. */
  kept: Uint8Array[] | null;
}

/** Where one crowd meets. */
export interface Meeting {
  peer: Peer;
  port: number;
  document: SeededDocument;
  clocks: Clocks;
  /** Ids of the crowd's people begin here; every crowd of a server has its own. */
  firstClientId: number;
}

/** The people of one document of one server; not all of them need to be there. */
export class Crowd {
  readonly ledger: Ledger;
  readonly failures: string[] = [];
  carets = 0;
  #meeting: Meeting;
  #places: Place[];
  #members: Member[] = [];

  constructor(meeting: Meeting) {
    const { document, tokens } = meeting.document;
    this.#meeting = meeting;
    this.#places = tokens.map((token, index) => placeOf(document, token, meeting.firstClientId + index));
    this.ledger = new Ledger(
      this.#places.map((place) => place.clientId),
      meeting.clocks.delays,
    );
  }

  get size(): number {
    return this.#members.length;
  }

  /**
   * Lets people join until there are so many, and each make a paragraph; nobody may be typing.
   * @returns whether all have seen all paragraphs in time
   */
  async gather(size = this.#places.length): Promise<boolean> {
    const before = this.size;
    // The first alone: some peers load a document twice when two ask for it at once.
    if (before === 0) await this.#joinAll(0, 1);
    while (this.size < size) await this.#joinAll(this.size, Math.min(this.size + joinsAtOnce, size));
    for (let index = before; index < size; index += 1) {
      this.#push(index, (typist) => typist.open());
      if (index % joinsAtOnce === 0) await pause(20);
    }
    return this.settle(30_000);
  }

  /** Types characters as one update. @param madeAtMs - when the first was typed, the others `apartMs` after it */
  type(index: number, count = 1, madeAtMs = performance.now(), apartMs = 0): void {
    this.#push(index, (typist) => typist.type(count), madeAtMs, apartMs);
  }

  /** Pushes of somebody that are not acknowledged yet; of peers that acknowledge nothing, all of them. */
  inFlight(index: number): number {
    return this.#members[index]?.pushedAt.length ?? 0;
  }

  /** Moves somebody's caret behind what they typed last. */
  moveCaret(index: number): void {
    const member = this.#members[index];
    member?.client.caret(member.typist.clock - 1);
  }

  /** Waits until everybody has seen everything. @returns whether that happened in time */
  async settle(limitMs: number): Promise<boolean> {
    const endMs = performance.now() + limitMs;
    while (this.missing > 0 && this.failures.length === 0 && performance.now() < endMs) await pause(20);
    return this.missing === 0;
  }

  /** Deliveries still to come. */
  get missing(): number {
    return this.ledger.missingFor(this.size);
  }

  /** Cuts all lines in one turn and opens them again at once. @returns ms until the last is in sync */
  async reconnect(): Promise<number> {
    const has = this.ledger.stateVector();
    for (const { client } of this.#members) client.cut();
    const begun = performance.now();
    const again = this.#members.map(async (member, index) => {
      const place = this.#places[index];
      if (place !== undefined) Object.assign(member, await this.#join({ ...place, has }, index));
    });
    await Promise.all(again);
    return performance.now() - begun;
  }

  /**
   * Whether everything everybody typed is the same everywhere: on those who verify, and on a newcomer.
   * @returns what is wrong; [] when nothing is
   */
  async verify(newcomerToken: string): Promise<string[]> {
    const wrong = [...this.failures];
    if (this.missing > 0) wrong.push(`${this.missing} edits unseen`);
    if (this.ledger.holes > 0) wrong.push(`${this.ledger.holes} edits before those they follow`);
    const typed = this.#members.map(({ typist }) => typist.text()).sort();
    const { peer, port, document, firstClientId } = this.#meeting;
    if (peer.isServer) {
      const newcomer = placeOf(document.document, newcomerToken, firstClientId + this.#places.length);
      const { client, updates } = await peer.protocol.join(port, newcomer, silent);
      client.cut();
      if (!same(textsOf(updates), typed)) wrong.push('the server has another text than was typed');
    }
    for (const [index, { kept }] of this.#members.entries()) {
      if (kept !== null && !same(textsOf(kept), typed)) wrong.push(`client ${index} is not in sync`);
    }
    return wrong;
  }

  leave(): void {
    for (const { client } of this.#members) client.cut();
  }

  /** What has come in so far, to all of them. */
  get traffic(): { frames: number; bytes: number } {
    const sum = (of: (client: PeerClient) => number) =>
      this.#members.reduce((total, { client }) => total + of(client), 0);
    return { frames: sum((client) => client.framesIn), bytes: sum((client) => client.bytesIn) };
  }

  async #joinAll(from: number, to: number): Promise<void> {
    const joining = this.#places.slice(from, to).map(async (place, offset): Promise<Member> => {
      const kept = from + offset < verifyingMembers ? [] : null;
      const member = { typist: new Typist(place.clientId), pushedAt: [], kept };
      return { ...member, ...(await this.#join(place, from + offset, member)) };
    });
    for (const member of await Promise.all(joining)) {
      this.ledger.caughtUp(this.size);
      this.#members.push(member);
    }
  }

  async #join(
    place: Place,
    index: number,
    member: Pick<Member, 'kept' | 'pushedAt'> | undefined = this.#members[index],
  ): Promise<Pick<Member, 'client'>> {
    const { peer, port, clocks } = this.#meeting;
    const { client, updates } = await peer.protocol.join(port, place, {
      updates: (found: readonly ReadUpdate[]) => {
        const nowMs = performance.now();
        for (const { bytes, ranges } of found) {
          this.ledger.got(index, ranges, nowMs);
          member?.kept?.push(bytes);
        }
      },
      carets: (count) => {
        this.carets += count;
      },
      stored: () => {
        const atMs = member?.pushedAt.shift();
        if (atMs !== undefined) clocks.ackDelays.add(performance.now() - atMs);
      },
      failed: (reason) => this.failures.push(reason),
      closed: () => undefined,
    });
    for (const update of updates) member?.kept?.push(update);
    return { client };
  }

  #push(
    index: number,
    make: (typist: Typist) => Uint8Array,
    madeAtMs = performance.now(),
    apartMs = 0,
  ): void {
    const member = this.#members[index];
    if (member === undefined) return;
    const { typist, client, kept, pushedAt } = member;
    const before = typist.clock;
    const update = make(typist);
    kept?.push(update);
    this.ledger.made(index, typist.clock - before, madeAtMs, apartMs);
    pushedAt.push(performance.now());
    client.push(update);
  }
}

const silent = { updates() {}, carets() {}, stored() {}, failed() {}, closed() {} };

/** @param clientId - also decides which of the machine's own addresses one comes from */
export function placeOf(document: string, token: string, clientId: number): Place {
  const localAddress = `127.0.0.${2 + (Math.floor(clientId / peoplePerAddress) % 200)}`;
  return { document, token, clientId, localAddress, has: null };
}

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
