/** One document's life on this server: loading, open, closing, closed. */
import type { Logger } from 'pino';
import type { Turnstile } from '#server/base/live/connection/turnstile.ts';
import { prepareFrame } from '#server/base/live/connection/wire.ts';
import { readCellHistory } from '#server/base/live/grid/cell-history.ts';
import { makeGridContent } from '#server/base/live/grid/grid-content.ts';
import { DocumentLog, type Missing } from '#server/base/live/log/document-log.ts';
import type { MergeMeans } from '#server/base/live/log/log-content.ts';
import { Recall } from '#server/base/live/log/recall.ts';
import type { LiveStorage, LogBatch } from '#server/base/live/log/storage.ts';
import type { Rights } from '#server/base/live/rights/rights.ts';
import type { CommitPart, CommitQueue, CommitSource } from '#server/base/live/room/commit-queue.ts';
import type { EditNotices } from '#server/base/live/room/edit-notices.ts';
import { PushLine } from '#server/base/live/room/push-line.ts';
import type { Seat } from '#server/base/live/room/seat.ts';
import { Seating } from '#server/base/live/room/seating.ts';
import { Snapshots } from '#server/base/live/room/snapshots.ts';
import { AppError, type ErrorCode, fail } from '#shared/base/errors.ts';
import type { CellHistory, Join, Joined, Place, Pushed, ReadCell } from '#shared/base/live.ts';

/** Is told of every document's life; what reads documents in the background. */
export interface RoomWatcher {
  /** The document comes into memory, and is not served before this resolves. */
  opened(document: string): Promise<void>;
  /** It has new durable entries. */
  written(document: string): void;
  /** It has left memory. */
  closed(document: string): void;
}

/** The outside world of a room. */
export interface RoomWorld {
  storage: LiveStorage;
  /** Where a room waits for its turn to be read. */
  reading: Turnstile;
  commits: CommitQueue;
  rights: Rights;
  log: Logger;
  /** How snapshots are merged; step by step in this thread by default. */
  merging?: MergeMeans;
  now: () => Date;
  /** Runs work after a delay in ms, unless the returned function is called before. */
  schedule: (delayMs: number, work: () => void) => () => void;
  watcher?: RoomWatcher;
  notices?: EditNotices;
  /** Told when the room is over; the next join makes another one. */
  closed: (room: LiveRoom) => void;
}

type RoomState =
  | { kind: 'loading'; log: Promise<DocumentLog> }
  | { kind: 'open'; log: DocumentLog }
  | { kind: 'closing'; done: Promise<void> }
  | { kind: 'closed' };

/** How long a room stays in memory after the last one left. */
export const idleMs = 30_000;
const waitersWhileLoading = 1_000;

/** Rules LV20 to LV27. */
export class LiveRoom implements CommitSource {
  readonly document: string;
  #world: RoomWorld;
  #state: RoomState;
  #waiters = 0;
  #recall: Recall;
  #seating: Seating;
  #pushes: PushLine;
  /** Whose room is told of edits; null for nobody's. */
  #subject: string | null;
  #cancelIdle: () => void = () => {};
  #snapshots: Snapshots;

  constructor(document: string, world: RoomWorld) {
    const { rights, now } = world;
    this.document = document;
    this.#world = world;
    this.#recall = new Recall(world.storage);
    this.#snapshots = new Snapshots({ ...world, document, isOver: () => this.#state.kind === 'closed' });
    const { windowMs } = world.commits;
    this.#seating = new Seating({ ...world, document, windowMs, left: (seat) => this.#afterLeave(seat) });
    this.#pushes = new PushLine({
      rights,
      now,
      openLog: () => this.#openLog(),
      freshen: (seat) => this.#seating.freshen(seat),
      submit: () => world.commits.submit(this),
    });
    this.#subject = world.notices?.subjectOf(document) ?? null;
    const loading = this.#load();
    this.#state = { kind: 'loading', log: loading };
    // A load may fail before anyone waits for it; those who ask later are told by `opened`.
    loading.catch(() => undefined);
  }

  /** Who sits here. */
  get seats(): ReadonlySet<Seat> {
    return this.#seating.seats;
  }

  /** The open log; null while there is none. */
  get durable(): DocumentLog | null {
    return this.#state.kind === 'open' ? this.#state.log : null;
  }

  /** Resolves when a closing room is over; null for one that is not closing. */
  get closing(): Promise<void> | null {
    return this.#state.kind === 'closing' ? this.#state.done : null;
  }

  /** The document once it is loaded. @throws live.storageFailed, rate.limited when too many wait for it */
  async opened(): Promise<DocumentLog> {
    this.#watchIdle();
    if (this.#state.kind !== 'loading') return this.#openLog();
    if (this.#waiters >= waitersWhileLoading) fail('rate.limited');
    this.#waiters += 1;
    try {
      return await this.#state.log;
    } finally {
      this.#waiters -= 1;
    }
  }

  /** Makes ready what a device is missing that has a part of the document. @throws as `opened` */
  async prepare({ epoch, seq }: Pick<Join, 'epoch' | 'seq'>): Promise<void> {
    const log = await this.opened();
    if (seq === undefined || epoch !== log.epoch) return;
    // Without it the device is given everything.
    await this.#recall.since(log, seq).catch((error: unknown) => {
      this.#world.log.warn({ err: error, document: this.document }, 'log not read');
    });
  }

  /** Everything durable, for the HTTP load. */
  async read(): Promise<Missing & { epoch: string }> {
    const log = await this.opened();
    return { epoch: log.epoch, ...log.everything() };
  }

  /** @throws live.foreignClient, live.storageFailed */
  sit(seat: Seat, join: Join): Joined {
    const joined = this.#seating.sit(this.#openLog(), seat, join);
    this.#cancelIdle();
    this.#world.commits.submit(this);
    return joined;
  }

  /** Takes a seat out; `code` is told to its connection, null when it knows or is gone. */
  leave(seat: Seat, code: ErrorCode | null): void {
    this.#seating.leave(seat, code);
  }

  /** @throws input.tooLarge, input.invalid */
  move(seat: Seat, place: Place | null): void {
    this.#seating.move(seat, place);
  }

  /** Shows a seat under the name its actor has now. */
  rename(seat: Seat): void {
    this.#seating.rename(seat);
  }

  /** @throws as `PushLine.push` */
  push(seat: Seat, update: Uint8Array): Promise<Pushed> {
    return this.#pushes.push(seat, update);
  }

  /** The past of a cell, to whoever may read now. @throws input.invalid for what is no grid, and as `judgeAgain` */
  async readCell(seat: Seat, asked: ReadCell): Promise<CellHistory> {
    const { rights, storage } = this.#world;
    if (!rights.isFresh(seat)) await this.judgeAgain(seat);
    if (rights.find(this.document)?.kind.grid === undefined) fail('input.invalid');
    return readCellHistory(storage, asked, this.#openLog().storedSeq);
  }

  /** Asks again what a seat may do, and acts on it at once. @throws thing.absent when it may no longer read */
  judgeAgain(seat: Seat): Promise<void> {
    return this.#seating.judgeAgain(seat);
  }

  take(mostBytes: number): CommitPart | null {
    return this.#state.kind === 'open' ? this.#state.log.take(mostBytes) : null;
  }

  committed(batch: LogBatch | null): void {
    if (this.#state.kind !== 'open' || batch === null) return;
    const { log } = this.#state;
    log.committed(batch);
    this.#show(log.storedSeq, batch);
    this.#pushes.confirm(log.storedSeq, batch);
    const last = batch.entries.at(-1);
    this.#world.watcher?.written(this.document);
    if (last !== undefined && this.#subject !== null) this.#world.notices?.edited(this.#subject, last.at);
    this.#snapshots.grown(log);
  }

  /** What is stored and what was assumed cannot be told apart now: the room ends, and the next one reads it again. */
  failed(error: unknown): void {
    if (this.#state.kind === 'closed') return;
    this.#world.log.error({ err: error, document: this.document }, 'live storage failed');
    this.end('live.storageFailed');
  }

  /** Ends the room for everyone; nothing that waits is acknowledged. */
  end(code: ErrorCode): void {
    if (this.#state.kind === 'closed') return;
    this.#state = { kind: 'closed' };
    this.#cancelIdle();
    for (const seat of [...this.seats]) this.leave(seat, code);
    this.#pushes.refuse(new AppError(code));
    this.#world.closed(this);
  }

  async #load(): Promise<DocumentLog> {
    try {
      const { storage, reading, rights, watcher } = this.#world;
      const grid = rights.find(this.document)?.kind.grid;
      const content = grid === undefined ? undefined : makeGridContent(grid);
      const [stored] = await Promise.all([
        reading.pass(() => storage.open(this.document)),
        watcher?.opened(this.document),
      ]);
      const log = new DocumentLog(this.document, stored, content);
      if (this.#state.kind === 'closed') fail('live.storageFailed');
      this.#state = { kind: 'open', log };
      this.#watchIdle();
      return log;
    } catch (error) {
      this.failed(error);
      return fail('live.storageFailed');
    }
  }

  #openLog(): DocumentLog {
    return this.#state.kind === 'open' ? this.#state.log : fail('live.storageFailed');
  }

  /** One frame for everybody; a batch of one connection is not sent back to it. */
  #show(seq: number, batch: LogBatch): void {
    const author = this.#pushes.onlyAuthor(batch);
    const readers = [...this.seats].filter((seat) => seat !== author);
    if (readers.length === 0) return;
    const updates = batch.entries.map((entry) => entry.update);
    const frame = prepareFrame('updates', { document: this.document, seq, updates });
    for (const seat of readers) seat.wire.send(frame);
  }

  #afterLeave(seat: Seat): void {
    if (this.#state.kind !== 'open') return;
    this.#state.log.release(seat.claims);
    this.#watchIdle();
  }

  #watchIdle(): void {
    this.#cancelIdle();
    if (this.seats.size > 0 || this.#state.kind !== 'open') return;
    this.#cancelIdle = this.#world.schedule(idleMs, () => void this.#close());
  }

  async #close(): Promise<void> {
    if (this.#state.kind !== 'open') return;
    const { log } = this.#state;
    // Never before everything is stored; then the next idle time is waited for.
    if (this.seats.size > 0 || log.hasWaiting || this.#snapshots.isRunning) return this.#watchIdle();
    const done = this.#snapshots.closing(log);
    this.#state = { kind: 'closing', done };
    await done;
    this.#state = { kind: 'closed' };
    this.#world.closed(this);
  }
}
