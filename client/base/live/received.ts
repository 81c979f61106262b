/** What the hub sent of one document, on its way into the device store: gathered, written in order, compacted. */
import * as Y from 'yjs';
import type { Cancel, LiveClock } from '#client/base/live/clock.ts';
import type { Arrival, DeviceStore, KeptDocument, UnsentUpdate } from '#client/base/live/device-store.ts';

/** What the hub has stored needs no instant write: `seq` says from where to ask again. */
const gatherMs = 400;
const rowsBeforeCompaction = 120;

/** The received half of a document's store; its failures cost a longer next load and nothing else. */
export class Received {
  private readonly document: string;
  private readonly store: DeviceStore;
  private readonly clock: LiveClock;
  private readonly merge: (updates: Uint8Array[]) => Uint8Array;
  private gathered: Arrival | null = null;
  private timer: Cancel | null = null;
  private writing: Promise<void> = Promise.resolve();
  private rows = 0;

  /** @param merge - makes one update of many; another one for what is no Yjs document */
  constructor(document: string, store: DeviceStore, clock: LiveClock, merge = mergeByApplying) {
    this.document = document;
    this.store = store;
    this.clock = clock;
    this.merge = merge;
  }

  /** @returns an empty document when the device cannot be read: the hub has the rest */
  async load(): Promise<KeptDocument> {
    try {
      const kept = await this.store.load(this.document);
      this.count(kept.received.length);
      return kept;
    } catch {
      return { facts: null, received: [], unsent: [] };
    }
  }

  /** Arrivals must follow each other; each is written within `gatherMs`. */
  add(arrival: Arrival): void {
    const { gathered } = this;
    this.gathered =
      gathered === null
        ? arrival
        : {
            facts: arrival.facts,
            fromSeq: gathered.fromSeq,
            updates: [...gathered.updates, ...arrival.updates],
            done: [...gathered.done, ...arrival.done],
          };
    this.timer ??= this.clock.after(gatherMs, () => this.flush());
  }

  /** Writes now what was gathered. */
  flush(): void {
    this.timer?.();
    this.timer = null;
    const { gathered } = this;
    this.gathered = null;
    if (gathered === null) return;
    this.inOrder(() => this.store.keepArrival(this.document, gathered));
    this.count(gathered.updates.length);
  }

  /** Resolves when all that was heard, and which edits are done, is written down or has failed to be. */
  settle(): Promise<void> {
    this.flush();
    return this.writing;
  }

  /** Unsent edits as the device has them now, those of other tabs among them. @throws when it cannot be read */
  async loadUnsent(): Promise<UnsentUpdate[]> {
    await this.settle();
    return (await this.store.load(this.document)).unsent;
  }

  /** Drops everything received, in the store too; edits that are still unsent stay there. */
  async forget(): Promise<void> {
    this.timer?.();
    this.timer = null;
    const done = this.gathered?.done ?? [];
    this.gathered = null;
    this.rows = 0;
    await this.inOrder(() => this.store.forgetReceived(this.document, done));
  }

  private inOrder(step: () => Promise<void>): Promise<void> {
    // A failed write leaves `seq` behind, so the same updates are asked for again at the next load.
    this.writing = this.writing.then(step).catch(() => undefined);
    return this.writing;
  }

  private count(added: number): void {
    const before = this.rows;
    this.rows += added;
    if (before < rowsBeforeCompaction && this.rows >= rowsBeforeCompaction) {
      this.clock.whenIdle(() => {
        this.rows = 1;
        this.inOrder(() => this.store.compact(this.document, this.merge));
      });
    }
  }
}

/** Linear where `Y.mergeUpdates` is not (source: yjs issue 710). */
function mergeByApplying(updates: Uint8Array[]): Uint8Array {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  const merged = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return merged;
}
