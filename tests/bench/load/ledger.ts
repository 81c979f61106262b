/** Who has seen which edits of one document, and how long each took: nothing may stay unseen. */
import * as Y from 'yjs';
import type { Histogram } from '#tests/bench/measure/histogram.ts';

/** Clocks of one Yjs client that an update adds: from the first to before the last. */
export interface SeenRange {
  client: number;
  from: number;
  to: number;
}

/** One document's people; each is its author and receiver of the others. */
export class Ledger {
  /** Deliveries: an edit of one seen by another, each counted once. */
  deliveries = 0;
  /** Edits that came without those before them; each would break the document. */
  holes = 0;
  #people: number;
  #authors = new Map<number, number>();
  /** Clock up to which `receiver * people + author` has seen. */
  #seen: Uint32Array;
  /** When each clock was made, by author; ms of `performance.now`. */
  #madeAt: Float64Array[] = [];
  #made: Uint32Array;
  #delays: Histogram;

  constructor(clientIds: readonly number[], delays: Histogram) {
    this.#people = clientIds.length;
    this.#delays = delays;
    for (const [index, client] of clientIds.entries()) this.#authors.set(client, index);
    this.#seen = new Uint32Array(this.#people ** 2);
    this.#made = new Uint32Array(this.#people);
    this.#madeAt = clientIds.map(() => new Float64Array(64));
  }

  /** Notes that an author has made the next clocks, the first at a moment and the others `apartMs` after each other. */
  made(author: number, clocks: number, atMs: number, apartMs = 0): void {
    const from = this.#made[author] ?? 0;
    const times = this.#roomFor(author, from + clocks);
    for (let each = 0; each < clocks; each += 1) times[from + each] = atMs + each * apartMs;
    this.#made[author] = from + clocks;
  }

  #roomFor(author: number, clocks: number): Float64Array {
    const times = this.#madeAt[author] ?? new Float64Array(0);
    if (clocks <= times.length) return times;
    const longer = new Float64Array(Math.max(times.length * 2, clocks));
    longer.set(times);
    this.#madeAt[author] = longer;
    return longer;
  }

  /** Notes that a receiver has got ranges; what it had already, and its own, does not count. */
  got(receiver: number, ranges: readonly SeenRange[], nowMs: number): void {
    for (const { client, from, to } of ranges) {
      const author = this.#authors.get(client);
      if (author === undefined || author === receiver) continue;
      const at = receiver * this.#people + author;
      const had = this.#seen[at] ?? 0;
      if (to <= had) continue;
      if (from > had) this.holes += 1;
      this.#seen[at] = to;
      this.deliveries += to - had;
      this.#time(author, had, to, nowMs);
    }
  }

  #time(author: number, from: number, to: number, nowMs: number): void {
    const times = this.#madeAt[author];
    if (times === undefined) return;
    for (let clock = from; clock < to; clock += 1) this.#delays.add(nowMs - (times[clock] ?? nowMs));
  }

  /** A receiver begins anew with everything that has been made: after a join. */
  caughtUp(receiver: number): void {
    for (let author = 0; author < this.#people; author += 1) {
      this.#seen[receiver * this.#people + author] = this.#made[author] ?? 0;
    }
  }

  /** What has been made, as a state vector of Yjs: everything somebody in sync has. */
  stateVector(): Uint8Array {
    return Y.encodeStateVector(
      new Map(Array.from(this.#authors, ([client, author]) => [client, this.#made[author] ?? 0])),
    );
  }

  /** Deliveries that are still to come to the first so many people: 0 when they have seen everything. */
  missingFor(receivers: number): number {
    let missing = 0;
    for (let receiver = 0; receiver < receivers; receiver += 1) {
      for (let author = 0; author < this.#people; author += 1) {
        if (author === receiver) continue;
        missing += (this.#made[author] ?? 0) - (this.#seen[receiver * this.#people + author] ?? 0);
      }
    }
    return missing;
  }
}
