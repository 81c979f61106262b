/** One open document's log: what is durable, what waits to be, and what a joiner is missing. */
import * as Y from 'yjs';
import type { Judgement } from '#server/base/live/kind.ts';
import { makeDocumentContent } from '#server/base/live/log/document-content.ts';
import type { Author, LogContent, MakeContent, MergeMeans } from '#server/base/live/log/log-content.ts';
import type { Binding, LogBatch, LogEntry, Snapshot, StoredDocument } from '#server/base/live/log/storage.ts';
import type { CommitPart } from '#server/base/live/room/commit-queue.ts';

/** What a joiner is missing, up to `seq`. */
export interface Missing {
  seq: number;
  updates: Uint8Array[];
  bytes: number;
}

/** A push taken in: known already and durable up to `seq`, or to be durable as `seq`. */
export interface Taken {
  seq: number;
  isNew: boolean;
  isDurable: boolean;
  /** What only the sender is told, once it is durable. */
  receipt?: Uint8Array | undefined;
}

const batchBytes = 4 * 1024 * 1024;
const batchEntries = 4_096;
/** Bytes of entries kept in memory after a snapshot took them in, for those who reconnect. */
const recentBytes = 256 * 1024;

/**
 * Admission moves ahead of storage: `content` and `seq` count what was admitted, `storedSeq` and the state vector what
 * is durable. After a failed commit the two cannot be told apart any more, and the whole object is thrown away.
 */
export class DocumentLog {
  readonly document: string;
  readonly epoch: string;
  readonly content: LogContent;
  storedSeq: number;
  #seq: number;
  /** Moment of the last entry admitted. */
  #at: Date;
  #storedClocks: Map<number, number>;
  #stateVector: Uint8Array | null = null;
  #snapshot: Snapshot | null;
  /** Durable entries, the last of them `storedSeq`; those up to the snapshot only for reconnecting. */
  #entries: LogEntry[];
  #tailBytes = 0;
  #waiting: LogEntry[] = [];
  /** Client ids whose owner is durable, or will be with the next commit. */
  #bound: Set<number>;
  #bindings: Binding[] = [];

  constructor(document: string, stored: StoredDocument, makeContent: MakeContent = makeDocumentContent) {
    this.document = document;
    this.epoch = stored.epoch;
    this.#bound = new Set(stored.owners.keys());
    this.#snapshot = stored.snapshot;
    this.#entries = stored.tail;
    this.storedSeq = stored.tail.at(-1)?.seq ?? stored.snapshot?.seq ?? 0;
    this.#seq = this.storedSeq;
    this.#at = stored.tail.at(-1)?.at ?? stored.snapshot?.at ?? new Date(0);
    this.#storedClocks = new Map(stored.snapshot?.clocks);
    for (const entry of stored.tail) this.#count(entry);
    this.content = makeContent({
      clocks: new Map(this.#storedClocks),
      owners: stored.owners,
      bytes: (stored.snapshot?.update.length ?? 0) + this.#tailBytes,
      source: () => this.everything().updates,
      known: () => {
        const { details = null, clocks = new Map() } = this.#snapshot ?? {};
        return details === null ? null : { details, clocks };
      },
    });
  }

  /** State vector of what is durable, V1; the same bytes until something becomes durable. */
  get stateVector(): Uint8Array {
    this.#stateVector ??= Y.encodeStateVector(this.#storedClocks);
    return this.#stateVector;
  }

  /** Whether something admitted or bound is not durable yet. */
  get hasWaiting(): boolean {
    return this.#seq !== this.storedSeq || this.#bindings.length > 0;
  }

  /** Bytes a snapshot would merge into the last one. */
  get tailBytes(): number {
    return this.#tailBytes;
  }

  get snapshotBytes(): number {
    return this.#snapshot?.update.length ?? 0;
  }

  /** Makes a client id a member's for ever; it becomes durable with the next commit. */
  bind(clientId: number, memberId: string): void {
    this.content.owners.set(clientId, memberId);
    if (this.#bound.has(clientId)) return;
    this.#bound.add(clientId);
    this.#bindings.push({ document: this.document, clientId, memberId });
  }

  /** A client id under which something is written needs no binding: the entry says whose it is. */
  #own(clientId: number, memberId: string): void {
    this.content.owners.set(clientId, memberId);
    this.#bound.add(clientId);
  }

  /** Whether the owner of a client id is durable, or will be with the next commit. */
  isBound(clientId: number): boolean {
    return this.#bound.has(clientId);
  }

  /** How many client ids are a member's under which nothing has been written. */
  unusedOf(memberId: string): number {
    let count = 0;
    for (const [clientId, owner] of this.content.owners) {
      if (owner === memberId && this.#bound.has(clientId) && this.content.clockOf(clientId) === 0) count += 1;
    }
    return count;
  }

  /** Lets nobody else have a client id while its claimant is here; the first update under it binds it. */
  claim(clientId: number, memberId: string): void {
    this.content.owners.set(clientId, memberId);
  }

  /** Gives claims back under which nothing was written. */
  release(claims: readonly number[]): void {
    for (const clientId of claims) {
      if (!this.#bound.has(clientId)) this.content.owners.delete(clientId);
    }
  }

  /** Judges an update and puts it in line for the next commit. @throws as `LogContent.admit` */
  push(bytes: Uint8Array, author: Author, judgement?: Judgement): Taken {
    const admitted = this.content.admit({ bytes, seq: this.#seq + 1, author, judgement });
    const { receipt } = admitted;
    if (admitted.kind === 'known')
      return { seq: this.#seq, isNew: false, isDurable: this.#seq === this.storedSeq, receipt };
    for (const range of admitted.clocks) this.#own(range.client, author.memberId);
    this.#seq += 1;
    // A clock set back must not turn the order of the log around.
    if (author.at > this.#at) this.#at = author.at;
    this.#waiting.push({
      seq: this.#seq,
      first: this.#seq,
      update: admitted.update,
      ...author,
      at: this.#at,
      since: this.#at,
      clocks: admitted.clocks,
    });
    return { seq: this.#seq, isNew: true, isDurable: false, receipt };
  }

  /** @see CommitSource.take */
  take(mostBytes = batchBytes): CommitPart | null {
    if (this.#waiting.length === 0 && this.#bindings.length === 0) return null;
    let bytes = 0;
    let count = 0;
    for (const entry of this.#waiting) {
      bytes += entry.update.length;
      if (count > 0 && (bytes > Math.min(mostBytes, batchBytes) || count === batchEntries)) break;
      count += 1;
    }
    const entries = this.#waiting.splice(0, count);
    return {
      batch: entries.length === 0 ? null : { document: this.document, entries },
      bindings: this.#bindings.splice(0),
      more: this.#waiting.length > 0,
    };
  }

  /** Counts a batch as durable. */
  committed(batch: LogBatch): void {
    for (const entry of batch.entries) {
      this.#entries.push(entry);
      this.storedSeq = entry.seq;
      this.#count(entry);
    }
  }

  /** All durable updates: the snapshot and what came after it. */
  everything(): Missing {
    const from = this.#snapshot?.seq ?? 0;
    const updates = this.#entries.filter((entry) => entry.seq > from).map((entry) => entry.update);
    if (this.#snapshot !== null) updates.unshift(this.#snapshot.update);
    return { seq: this.storedSeq, updates, bytes: this.snapshotBytes + this.#tailBytes };
  }

  /**
   * What a device is missing that has everything up to `seq` of this epoch; everything when it has nothing, too
   * little to go on from, or claims more than there is.
   */
  missingSince(seq: number | undefined): Missing {
    const first = this.#entries[0]?.first ?? this.storedSeq + 1;
    if (seq === undefined || seq + 1 < first || seq > this.storedSeq) return this.everything();
    // By number and not by place: a merged stretch may be among them.
    const from = this.#entries.findLastIndex((entry) => entry.seq <= seq) + 1;
    const updates = this.#entries.slice(from).map((entry) => entry.update);
    const bytes = updates.reduce((sum, update) => sum + update.length, 0);
    return { seq: this.storedSeq, updates, bytes };
  }

  /** How many numbers after one are in storage alone; 0 when `missingSince` has all of them, or there are none. */
  forgottenSince(seq: number): number {
    const first = this.#entries[0]?.first ?? this.storedSeq + 1;
    return Math.max(0, first - 1 - seq);
  }

  /** Takes stored entries from after a number on to memory. @returns false when they do not reach what is there */
  recall(seq: number, entries: readonly LogEntry[]): boolean {
    const gap = this.forgottenSince(seq);
    const missed = entries.filter((entry) => entry.seq <= seq + gap);
    if (missed.at(0)?.first !== seq + 1 || missed.at(-1)?.seq !== seq + gap) return false;
    this.#entries.unshift(...missed);
    return true;
  }

  /**
   * Merges all that is durable now. Costs time with size, so it is done elsewhere or step by step; everything else
   * goes on meanwhile, pushes to this document too.
   */
  async makeSnapshot(means: MergeMeans): Promise<Snapshot> {
    const { seq, updates } = this.everything();
    const at = this.#entries.at(-1)?.at ?? this.#snapshot?.at ?? new Date(0);
    const clocks = new Map(this.#storedClocks);
    const [snapshot, tail] =
      this.#snapshot === null ? [null, updates] : [this.#snapshot.update, updates.slice(1)];
    const owners = new Map<number, string>();
    for (const client of clocks.keys()) owners.set(client, this.content.owners.get(client) ?? '');
    return { seq, at, ...(await this.content.merge(snapshot, tail, means)), clocks, owners };
  }

  /** Takes a stored snapshot into use. */
  adoptSnapshot(snapshot: Snapshot): void {
    const before = this.snapshotBytes + this.#tailBytes;
    this.#snapshot = snapshot;
    this.#tailBytes = 0;
    let recent = 0;
    let first = this.#entries.length;
    for (const entry of this.#entries.toReversed()) {
      const isTail = entry.seq > snapshot.seq;
      if (isTail) this.#tailBytes += entry.update.length;
      recent += entry.update.length;
      if (!isTail && recent > recentBytes) break;
      first -= 1;
    }
    this.#entries.splice(0, first);
    this.content.resized?.(this.snapshotBytes + this.#tailBytes - before);
  }

  #count(entry: LogEntry): void {
    this.#tailBytes += entry.update.length;
    this.#stateVector = null;
    for (const range of entry.clocks) this.#storedClocks.set(range.client, range.to);
  }
}
