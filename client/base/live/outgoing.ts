/** Local edits on their way to the hub: merged over a frame, kept on the device, pushed in order, counted truthfully. */
import * as Y from 'yjs';
import { backoffMs } from '#client/base/live/backoff.ts';
import type { Cancel, LiveClock } from '#client/base/live/clock.ts';
import type { DeviceStore, UnsentUpdate } from '#client/base/live/device-store.ts';
import type { PushAnswer } from '#client/base/live/link.ts';
import { RefusalRow } from '#client/base/live/refusals.ts';
import { isCovered } from '#client/base/live/state-vector.ts';
import type { ErrorCode } from '#shared/base/errors.ts';
import { liveLimits } from '#shared/base/live.ts';
import { mergeAsTree } from '#shared/base/live-merge.ts';

/** What the queue of one document needs from it. */
export interface OutgoingPorts {
  document: string;
  store: DeviceStore;
  clock: LiveClock;
  push(update: Uint8Array): Promise<PushAnswer>;
  /**
   * The hub has stored edits; called in the order of the answers. `push` is absent when a join told so.
   * @param done - their ids in the store
   */
  stored(done: readonly number[], push?: StoredPush): void;
  /** The number waiting, or whether it is kept on the device, has changed. */
  changed(): void;
  /** The hub must be asked again what it has. */
  resync(): void;
  /** Never accepted: everything unsent has to be set aside. */
  refused(code: ErrorCode): void;
}

/** A push as the hub has stored it: which entry of the log it is, and its bytes. */
export interface StoredPush {
  seq: number;
  update: Uint8Array;
}

/** `keeping`: on its way into the store. `flying`: pushed, not yet answered. */
interface Entry {
  id: number | null;
  update: Uint8Array;
  state: 'keeping' | 'waiting' | 'flying';
  /** Its first word counts: true when the device keeps it or the hub has stored it, false when it was taken away before. */
  settled?: (isSafe: boolean) => void;
}

/** Pushes under way at once, so that typing over a slow line arrives evenly; well under `pendingPushes`. */
const maxFlights = 8;
const maxEntriesInPush = 256;
/** Merging never makes a push that the limit would refuse, if its parts are under the limit. */
const mergedBytes = liveLimits.updateBytes / 2;

/** The queue of one document in one tab. */
export class Outgoing {
  private readonly ports: OutgoingPorts;
  private dirty: Uint8Array[] = [];
  private entries: Entry[] = [];
  private frame: Cancel | null = null;
  private rest: Cancel | null = null;
  private keeping: Promise<void> = Promise.resolve();
  private open = false;
  /** Rises when the connection or the document is replaced; answers to earlier pushes then mean nothing. */
  private voyage = 0;
  private flights = 0;
  private flightBytes = 0;
  /** The earliest refusal among the pushes in flight; those behind it were refused because of it. */
  private refusal: { at: number; code: ErrorCode } | null = null;
  private row = new RefusalRow();
  /** False once the store failed to keep an edit: then closing the tab would lose it. */
  allKept = true;

  constructor(ports: OutgoingPorts) {
    this.ports = ports;
  }

  /** Edits not acknowledged as stored; the ones of the current frame count as one. */
  get waiting(): number {
    return this.entries.length + (this.dirty.length > 0 ? 1 : 0);
  }

  /** Writes down what was typed. @returns how much of what waits the device could not keep */
  async keepAll(): Promise<number> {
    this.flush();
    await this.keeping;
    return this.entries.filter((entry) => entry.id === null).length;
  }

  /** Yjs client ids that unsent edits were made under, in the order of the edits. */
  clientIds(): number[] {
    const ids = this.entries.flatMap((entry) => [...Y.parseUpdateMeta(entry.update).to.keys()]);
    return [...new Set(ids)];
  }

  /** Takes a local edit; it goes out with the next frame. */
  add(update: Uint8Array): void {
    this.dirty.push(update);
    this.frame ??= this.ports.clock.nextFrame(() => this.flush());
    if (this.dirty.length === 1) this.ports.changed();
  }

  /**
   * Takes over what an earlier tab, or this one before a reload, could not send.
   * @returns the updates that were not in the queue already
   */
  adopt(unsent: readonly UnsentUpdate[]): Uint8Array[] {
    const known = new Set(this.entries.map((entry) => entry.id));
    const adopted = unsent
      .filter(({ id }) => !known.has(id))
      .map(({ id, update }): Entry => ({ id, update, state: 'waiting' }));
    this.entries.unshift(...adopted);
    return adopted.map((entry) => entry.update);
  }

  /** Ends the current frame: what was edited in it is kept on the device, then pushed. */
  flush(): void {
    this.frame?.();
    this.frame = null;
    if (this.dirty.length === 0) return;
    const update = mergeAsTree(this.dirty);
    this.dirty = [];
    this.queue({ id: null, update, state: 'keeping' });
  }

  /**
   * Takes edits that lie somewhere else until they are safe here.
   * @returns true once the device keeps them or the hub has stored them, false when they were refused before that
   */
  resend(updates: readonly Uint8Array[]): Promise<boolean> {
    this.flush();
    return new Promise((settled) => {
      this.queue({ id: null, update: mergeAsTree(updates), state: 'keeping', settled });
    });
  }

  /** @param hubHas - the hub's state vector: entries it contains already are done */
  resume(hubHas: Uint8Array): void {
    const known = Y.decodeStateVector(hubHas);
    const done = this.entries.filter((entry) => entry.state === 'waiting' && isCovered(entry.update, known));
    this.open = true;
    this.land(done);
    this.pump();
  }

  /** The connection is gone: what was in flight waits again. */
  pause(): void {
    this.voyage++;
    this.open = false;
    this.flights = 0;
    this.flightBytes = 0;
    this.refusal = null;
    this.rest?.();
    this.rest = null;
    for (const entry of this.entries) if (entry.state === 'flying') entry.state = 'waiting';
  }

  /** Hands over everything unsent and forgets it. @returns null when nothing is unsent */
  async takeAll(): Promise<{ ids: number[]; update: Uint8Array } | null> {
    this.pause();
    while (this.dirty.length > 0 || this.entries.some((entry) => entry.state === 'keeping')) {
      this.flush();
      await this.keeping;
    }
    const taken = this.entries;
    this.entries = [];
    this.row = new RefusalRow();
    for (const entry of taken) entry.settled?.(false);
    if (taken.length === 0) return null;
    return { ids: idsOf(taken), update: mergeAsTree(taken.map((entry) => entry.update)) };
  }

  private queue(entry: Entry): void {
    this.entries.push(entry);
    this.keeping = this.keep(entry, this.keeping);
  }

  private async keep(entry: Entry, before: Promise<void>): Promise<void> {
    const { document, store, changed } = this.ports;
    try {
      entry.id = await store.keepUnsent(document, entry.update);
      entry.settled?.(true);
    } catch {
      // A full or failing device must not stop the edit from reaching the hub; the state says it is not kept.
      this.allKept = false;
    }
    await before;
    entry.state = 'waiting';
    changed();
    this.pump();
  }

  private pump(): void {
    while (this.open && this.rest === null && this.refusal === null && this.flights < maxFlights) {
      const cargo = this.nextCargo();
      if (cargo.length === 0 || !this.hasRoom(cargo)) return;
      void this.fly(cargo);
    }
  }

  /** The next run of waiting entries; none while an earlier one is still on its way into the store. */
  private nextCargo(): Entry[] {
    const from = this.entries.findIndex((entry) => entry.state !== 'flying');
    if (from < 0) return [];
    const cargo: Entry[] = [];
    let bytes = 0;
    for (const entry of this.entries.slice(from, from + maxEntriesInPush)) {
      bytes += entry.update.length;
      if (entry.state !== 'waiting' || (cargo.length > 0 && bytes > mergedBytes)) break;
      cargo.push(entry);
    }
    return cargo;
  }

  /** More at once would hold up the signs of life of a slow line until the hub cuts it. */
  private hasRoom(cargo: readonly Entry[]): boolean {
    return this.flights === 0 || this.flightBytes + bytesOf(cargo) <= mergedBytes;
  }

  private async fly(cargo: Entry[]): Promise<void> {
    const { voyage } = this;
    for (const entry of cargo) entry.state = 'flying';
    const bytes = bytesOf(cargo);
    this.flights++;
    this.flightBytes += bytes;
    const update = mergeAsTree(cargo.map((entry) => entry.update));
    const answer = await this.ports.push(update);
    if (voyage !== this.voyage || (!answer.ok && answer.code === 'lost')) return;
    this.flights--;
    this.flightBytes -= bytes;
    if (answer.ok) {
      this.row = new RefusalRow();
      this.land(cargo, { seq: answer.seq, update });
    } else {
      this.turnBack(cargo, answer.code);
    }
    if (this.refusal !== null && this.flights === 0) this.decide(this.refusal.code);
    else this.pump();
  }

  private land(done: Entry[], push?: StoredPush): void {
    if (done.length === 0) return;
    const gone = new Set(done);
    for (const entry of done) entry.settled?.(true);
    this.entries = this.entries.filter((entry) => !gone.has(entry));
    if (this.entries.length === 0) this.allKept = true;
    this.ports.stored(idsOf(done), push);
    this.ports.changed();
  }

  private turnBack(cargo: Entry[], code: ErrorCode): void {
    for (const entry of cargo) entry.state = 'waiting';
    const [first] = cargo;
    const at = first === undefined ? -1 : this.entries.indexOf(first);
    if (this.refusal === null || at < this.refusal.at) this.refusal = { at, code };
  }

  private decide(code: ErrorCode): void {
    this.refusal = null;
    const verdict = this.row.judge(code);
    if (verdict === 'final') {
      this.ports.refused(code);
    } else if (verdict === 'resync') {
      this.ports.resync();
    } else {
      const { clock } = this.ports;
      this.rest = clock.after(backoffMs(this.row.length, clock.random()), () => {
        this.rest = null;
        this.pump();
      });
    }
  }
}

function idsOf(entries: readonly Entry[]): number[] {
  return entries.flatMap((entry) => entry.id ?? []);
}

function bytesOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + entry.update.length, 0);
}
