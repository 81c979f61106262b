/** What the gatekeeper knows of a document instead of holding it: clocks, owners, depths and deletions. */
import { ClockRuns, ClockSet } from '#server/base/live/admission/clock-ranges.ts';
import { readStored } from '#server/base/live/admission/stored-structs.ts';
import type { StructId } from '#server/base/live/admission/update-cursor.ts';
import { decodeDetails } from '#server/base/live/log/detail-bytes.ts';

/** Clocks one update adds for one client: from (inclusive) to (exclusive). */
export interface ClockRange {
  client: number;
  from: number;
  to: number;
}

/** Depth of the structs from a clock on; root content has depth 1, collected structs 0. */
export interface DepthStart {
  client: number;
  from: number;
  depth: number;
}

/** Everything an admitted update changes in the index. */
export interface IndexChange {
  clocks: ClockRange[];
  depths: DepthStart[];
  deletes: ClockRange[];
  bytes: number;
}

/** Details stored beside a snapshot, and its state vector. */
export interface KnownDetails {
  details: Uint8Array;
  clocks: Map<number, number>;
}

/**
 * State of one document as admission needs it. Clocks and owners are known from the start; depths and deletions are
 * read from the stored bytes when the first push comes, so that opening a document to read costs no decoding.
 */
export class DocumentIndex {
  /** Next clock of each client: the state vector. */
  readonly clocks: Map<number, number>;
  /** The member each client id belongs to. */
  readonly owners: Map<number, string>;
  /** Bytes of all updates taken in. */
  bytes: number;
  #details: { depths: ClockRuns; deleted: ClockSet } | null = null;
  #source: () => readonly Uint8Array[];
  #known: () => KnownDetails | null;

  /**
   * @param source - the stored updates, in order; asked at most once, at the first push
   * @param known - what has been read before of the first of them, null for nothing; asked when they are
   */
  constructor(
    state: { clocks: Map<number, number>; owners: Map<number, string>; bytes: number },
    source: () => readonly Uint8Array[],
    known: () => KnownDetails | null = () => null,
  ) {
    this.clocks = state.clocks;
    this.owners = state.owners;
    this.bytes = state.bytes;
    this.#source = source;
    this.#known = known;
  }

  /** Next clock of a client; 0 for one never seen. */
  clockOf(client: number): number {
    return this.clocks.get(client) ?? 0;
  }

  /** Depth of a known struct. */
  depthOf(id: StructId): number {
    return this.#read().depths.at(id.client, id.clock);
  }

  /** Whether a range is deleted already. */
  isDeleted(client: number, from: number, to: number): boolean {
    return this.#read().deleted.covers(client, from, to);
  }

  /** Takes an admitted update in. */
  apply(change: IndexChange): void {
    const { depths, deleted } = this.#read();
    for (const start of change.depths) depths.append(start.client, start.from, start.depth);
    for (const range of change.deletes) deleted.add(range.client, range.from, range.to);
    for (const range of change.clocks) this.clocks.set(range.client, range.to);
    this.bytes += change.bytes;
  }

  #read(): { depths: ClockRuns; deleted: ClockSet } {
    if (this.#details === null) {
      const known = this.#known();
      const read = known === null ? null : decodeDetails(known.details);
      this.#details = read ?? { depths: new ClockRuns(), deleted: new ClockSet() };
      const updates = this.#source();
      if (known === null || read === null) readStored(updates, this.#details);
      else readStored(updates.slice(1), this.#details, known.clocks);
      this.#source = () => [];
      this.#known = () => null;
    }
    return this.#details;
  }
}
