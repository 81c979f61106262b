/** Patches on their way to the hub: one a frame, kept on the device, pushed in order, each answered for itself. */
import { backoffMs } from '#client/base/live/backoff.ts';
import type { Cancel, LiveClock } from '#client/base/live/clock.ts';
import type { DeviceStore, UnsentUpdate } from '#client/base/live/device-store.ts';
import type { PushAnswer } from '#client/base/live/link.ts';
import { RefusalRow } from '#client/base/live/refusals.ts';
import { BytesError } from '#shared/base/byte-reader.ts';
import type { ErrorCode } from '#shared/base/errors.ts';
import { cellKey, gridLimits, type WrittenCell } from '#shared/base/grid/grid-shape.ts';
import { decodeWritten, encodeWritten, type WrittenPatch } from '#shared/base/grid/patch-bytes.ts';
import type { Pushed } from '#shared/base/live.ts';

/** What the queue of one grid needs from it. */
export interface GridOutgoingPorts {
  document: string;
  store: DeviceStore;
  clock: LiveClock;
  push(bytes: Uint8Array): Promise<PushAnswer>;
  /** The hub has judged a patch, and what it took is durable; called in the order of the answers. */
  landed(patch: QueuedPatch, answer: Pushed): void;
  /** A patch will never be accepted. */
  refused(patch: QueuedPatch, code: ErrorCode): void;
  /** The number waiting, or whether it is kept on the device, has changed. */
  changed(): void;
  /** The hub must be asked again what it has. */
  resync(): void;
}

/** A patch in the queue; `id` is the store's, null for one it could not keep. */
export interface QueuedPatch {
  id: number | null;
  patch: WrittenPatch;
}

/** `keeping`: on its way into the store. `flying`: pushed, not yet answered. */
interface Entry extends QueuedPatch {
  state: 'keeping' | 'waiting' | 'flying';
}

/** Pushes under way at once; well under `pendingPushes`. */
const maxFlights = 8;
/** Cells under way at once, beyond the first patch: a slow line must not seem dead. */
const maxFlyingCells = 2 * gridLimits.cellsPerPatch;
/** A patch of the longest texts stays under the limit of bytes. */
const textsPerPatch = 256;

/** The queue of one grid in one tab. */
export class GridOutgoing {
  private readonly ports: GridOutgoingPorts;
  private clientId: number;
  private nextClock = 0;
  private dirty = new Map<number, WrittenCell>();
  private entries: Entry[] = [];
  private frame: Cancel | null = null;
  private rest: Cancel | null = null;
  private keeping: Promise<void> = Promise.resolve();
  private open = false;
  /** Rises when the connection is replaced; answers to earlier pushes then mean nothing. */
  private voyage = 0;
  /** The earliest refusal among the pushes in flight. */
  private refusal: { entry: Entry; code: ErrorCode } | null = null;
  private row = new RefusalRow();
  /** False once the store failed to keep a patch: then closing the tab would lose it. */
  allKept = true;

  /** @param clientId - this tab's */
  constructor(ports: GridOutgoingPorts, clientId: number) {
    this.ports = ports;
    this.clientId = clientId;
  }

  /** Patches not answered; what was written in the current frame counts as one. */
  get waiting(): number {
    return this.entries.length + (this.dirty.size > 0 ? 1 : 0);
  }

  /** Cells not answered, oldest first. */
  *cells(): Generator<WrittenCell> {
    for (const { patch } of this.entries) yield* patch.cells;
    yield* this.dirty.values();
  }

  /** Client ids that patches were written under. */
  clientIds(): number[] {
    return [...new Set(this.entries.map(({ patch }) => patch.client))];
  }

  /** Patches written from now on stand under another id. */
  renewClientId(clientId: number): void {
    this.flush();
    this.clientId = clientId;
    this.nextClock = 0;
  }

  /** Takes written cells; they go out with the next frame, in patches of their own when all or none is to be taken. */
  add(cells: readonly WrittenCell[], isWhole: boolean): void {
    if (isWhole) {
      this.flush();
      this.queue([...cells], true);
      return;
    }
    for (const cell of cells) this.dirty.set(cellKey(cell.row, cell.bucket), cell);
    this.frame ??= this.ports.clock.nextFrame(() => this.flush());
  }

  /** Ends the current frame. */
  flush(): void {
    this.frame?.();
    this.frame = null;
    const cells = [...this.dirty.values()];
    this.dirty.clear();
    const isText = cells.some(({ value }) => typeof value === 'string');
    const most = isText ? textsPerPatch : gridLimits.cellsPerPatch;
    for (let at = 0; at < cells.length; at += most) this.queue(cells.slice(at, at + most), false);
  }

  /** Writes down what was typed. @returns how much of what waits the device could not keep */
  async keepAll(): Promise<number> {
    this.flush();
    await this.keeping;
    return this.entries.filter((entry) => entry.id === null).length;
  }

  /** Takes over what an earlier tab, or this one before a reload, could not send. @returns whether any was new */
  adopt(unsent: readonly UnsentUpdate[]): boolean {
    const known = new Set(this.entries.map((entry) => entry.id));
    const adopted = unsent.filter(({ id }) => !known.has(id)).flatMap(readEntry);
    this.entries.unshift(...adopted);
    if (adopted.length > 0) this.pump();
    return adopted.length > 0;
  }

  /** There is a connection, and the hub has told what it has. */
  resume(): void {
    this.open = true;
    this.pump();
  }

  /** The connection is gone: what was in flight waits again. */
  pause(): void {
    this.voyage += 1;
    this.open = false;
    this.refusal = null;
    this.rest?.();
    this.rest = null;
    for (const entry of this.entries) if (entry.state === 'flying') entry.state = 'waiting';
  }

  /** Hands over every patch not answered and forgets it. */
  async takeAll(): Promise<QueuedPatch[]> {
    this.pause();
    while (this.dirty.size > 0 || this.entries.some((entry) => entry.state === 'keeping')) {
      this.flush();
      await this.keeping;
    }
    return this.entries.splice(0);
  }

  private queue(cells: WrittenCell[], isWhole: boolean): void {
    const patch = { client: this.clientId, clock: this.nextClock, after: null, isWhole, cells };
    this.nextClock += 1;
    const entry: Entry = { id: null, patch, state: 'keeping' };
    this.entries.push(entry);
    this.keeping = this.keep(entry, this.keeping);
  }

  private async keep(entry: Entry, before: Promise<void>): Promise<void> {
    const { document, store, changed } = this.ports;
    try {
      entry.id = await store.keepUnsent(document, encodeWritten(entry.patch));
    } catch {
      // A full or failing device must not stop the patch from reaching the hub; the state says it is not kept.
      this.allKept = false;
    }
    await before;
    entry.state = 'waiting';
    changed();
    this.pump();
  }

  private pump(): void {
    while (this.open && this.rest === null && this.refusal === null) {
      const flying = this.entries.filter((entry) => entry.state === 'flying');
      const next = this.entries.find((entry) => entry.state !== 'flying');
      if (next?.state !== 'waiting' || flying.length >= maxFlights) return;
      const cells = flying.reduce((sum, { patch }) => sum + patch.cells.length, next.patch.cells.length);
      if (flying.length > 0 && cells > maxFlyingCells) return;
      const before = flying.findLast(({ patch }) => patch.client === next.patch.client);
      void this.fly(next, before?.patch.clock ?? null);
    }
  }

  private async fly(entry: Entry, after: number | null): Promise<void> {
    const { voyage } = this;
    entry.state = 'flying';
    const answer = await this.ports.push(encodeWritten({ ...entry.patch, after }));
    if (voyage !== this.voyage || (!answer.ok && answer.code === 'lost')) return;
    if (answer.ok) this.land(entry, answer);
    else this.turnBack(entry, answer.code);
    const isQuiet = this.entries.every(({ state }) => state !== 'flying');
    if (this.refusal !== null && isQuiet) this.decide(this.refusal);
    else this.pump();
  }

  private land(entry: Entry, answer: Pushed): void {
    this.row = new RefusalRow();
    this.remove(entry);
    this.ports.landed(entry, answer);
    this.ports.changed();
  }

  private turnBack(entry: Entry, code: ErrorCode): void {
    entry.state = 'waiting';
    const { refusal } = this;
    const isEarliest = refusal === null || this.entries.indexOf(entry) < this.entries.indexOf(refusal.entry);
    if (isEarliest) this.refusal = { entry, code };
  }

  /** Only the earliest counts: those behind it were refused because of it, or will be again. */
  private decide({ entry, code }: { entry: Entry; code: ErrorCode }): void {
    this.refusal = null;
    const verdict = this.row.judge(code);
    if (verdict === 'final') {
      this.row = new RefusalRow();
      this.remove(entry);
      this.ports.refused(entry, code);
      this.ports.changed();
      this.pump();
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

  private remove(entry: Entry): void {
    this.entries = this.entries.filter((other) => other !== entry);
    if (this.entries.length === 0) this.allKept = true;
  }
}

/** None for bytes that are no patch: they were not kept by this queue. */
function readEntry({ id, update }: UnsentUpdate): Entry[] {
  try {
    return [{ id, patch: decodeWritten(update), state: 'waiting' }];
  } catch (error) {
    if (error instanceof BytesError) return [];
    throw error;
  }
}
