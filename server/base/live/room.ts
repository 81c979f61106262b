/** One document's life on this server: loading, open, closing, closed. Who sits in it, and what happens to a push. */
import type { Logger } from 'pino';
import type { CommitPart, CommitQueue, CommitSource } from '#server/base/live/commit-queue.ts';
import { DocumentLog, type Missing } from '#server/base/live/document-log.ts';
import { PresenceBoard } from '#server/base/live/presence.ts';
import { PushLine } from '#server/base/live/push-line.ts';
import type { Rights } from '#server/base/live/rights.ts';
import { presentPerson, type Seat } from '#server/base/live/seat.ts';
import type { LiveStorage, LogBatch } from '#server/base/live/storage.ts';
import { StoredNotice } from '#server/base/live/stored-notice.ts';
import { prepareFrame } from '#server/base/live/wire.ts';
import { AppError, type ErrorCode, fail } from '#shared/base/errors.ts';
import {
  type Join,
  type Joined,
  liveLimits,
  liveVersion,
  type Place,
  type Pushed,
} from '#shared/base/live.ts';

/** The outside world of a room. */
export interface RoomWorld {
  storage: LiveStorage;
  commits: CommitQueue;
  rights: Rights;
  log: Logger;
  now: () => Date;
  /** Runs work after a delay in ms, unless the returned function is called before. */
  schedule: (delayMs: number, work: () => void) => () => void;
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
/** A snapshot is made when the tail is as large as the last snapshot, and at least this. */
const snapshotBytes = 64 * 1024;
const snapshotOnCloseBytes = 4 * 1024;
const joinsWhileLoading = 1_000;

/** Rules LV20 to LV27. */
export class LiveRoom implements CommitSource {
  readonly document: string;
  readonly seats = new Set<Seat>();
  #world: RoomWorld;
  #state: RoomState;
  #joining = 0;
  #pushes = new PushLine();
  #presence: PresenceBoard;
  #notice: StoredNotice;
  #cancelIdle: () => void = () => {};
  #isSnapshotting = false;

  constructor(document: string, world: RoomWorld) {
    this.document = document;
    this.#world = world;
    this.#presence = new PresenceBoard(document, this.seats);
    this.#notice = new StoredNotice(world.rights.find(document), world);
    this.#state = { kind: 'loading', log: this.#load() };
  }

  /** The document once it is loaded. @throws live.storageFailed, rate.limited when too many wait for it */
  async opened(): Promise<DocumentLog> {
    if (this.#state.kind === 'open') return this.#state.log;
    if (this.#state.kind !== 'loading') fail('live.storageFailed');
    if (this.#joining >= joinsWhileLoading) fail('rate.limited');
    this.#joining += 1;
    try {
      return await this.#state.log;
    } finally {
      this.#joining -= 1;
    }
  }

  /** Resolves when a closing room is over; null for one that is not closing. */
  get closing(): Promise<void> | null {
    return this.#state.kind === 'closing' ? this.#state.done : null;
  }

  /** Everything durable, for the HTTP load. */
  async read(): Promise<Missing & { epoch: string }> {
    const log = await this.opened();
    this.#watchIdle();
    return { epoch: log.epoch, ...log.everything() };
  }

  /**
   * Seats a joiner, in the same turn in which it gets its answer: what comes after the answer reaches it as frames.
   * @throws live.foreignClient when the client id is somebody else's
   */
  sit(seat: Seat, join: Join): Joined {
    const log = this.#openLog();
    const { memberId } = seat.actor;
    const isForeign = (clientId: number): boolean =>
      (log.index.owners.get(clientId) ?? memberId) !== memberId;
    if (isForeign(seat.clientId)) fail('live.foreignClient');
    this.#cancelIdle();
    this.#unseatBefore(seat);
    const earlier = join.earlierClientIds ?? [];
    this.#claim(
      log,
      seat,
      earlier.filter((clientId) => !isForeign(clientId)),
    );
    this.seats.add(seat);
    this.#presence.came(seat);
    const missing = log.missingSince(join.epoch === log.epoch ? join.seq : undefined);
    const isLarge = missing.bytes > liveLimits.socketLoadBytes;
    return {
      ok: true,
      version: liveVersion,
      epoch: log.epoch,
      seq: missing.seq,
      stateVector: log.stateVector,
      updates: isLarge ? [] : missing.updates,
      load: isLarge ? 'http' : 'here',
      mayWrite: seat.judgement.mayWrite,
      side: seat.judgement.side,
      people: Array.from(this.seats, presentPerson),
      foreignClientIds: earlier.filter(isForeign),
    };
  }

  /** Takes a seat out; `code` is told to its connection, null when it knows or is gone. */
  leave(seat: Seat, code: ErrorCode | null): void {
    if (seat.isGone) return;
    seat.isGone = true;
    this.seats.delete(seat);
    seat.left();
    if (code !== null) seat.wire.send(prepareFrame('closed', { document: this.document, code }));
    if (this.#state.kind !== 'open') return;
    this.#state.log.release(seat.claims);
    this.#presence.left(seat);
    this.#watchIdle();
  }

  /** @throws input.tooLarge, input.invalid */
  move(seat: Seat, place: Place | null): void {
    this.#presence.moved(seat, place);
  }

  /**
   * Takes a push in, and answers when it is durable. Pushes of one seat are judged in the order they came.
   * @throws thing.absent, live.readOnly, rate.limited, live.storageFailed, and as `admit`
   */
  async push(seat: Seat, update: Uint8Array): Promise<Pushed> {
    this.#pushes.enter(seat.actor.memberId);
    try {
      if (seat.held === null && this.#world.rights.isFresh(seat)) return await this.#take(seat, update);
      return await this.#hold(seat, update);
    } finally {
      this.#pushes.exit(seat.actor.memberId);
    }
  }

  /** Asks again what a seat may do, and acts on it at once. @throws thing.absent when it may no longer read */
  async judgeAgain(seat: Seat): Promise<void> {
    const askedAtMs = this.#world.now().getTime();
    const judgement = await this.#world.rights.judgeAgain(seat).catch((error: unknown) => {
      this.#world.log.error({ err: error, document: this.document }, 'rights could not be judged');
      this.leave(seat, 'internal');
      return fail('internal');
    });
    if (seat.isGone) fail('live.notJoined');
    if (judgement === null) {
      this.leave(seat, 'thing.absent');
      fail('thing.absent');
    }
    const before = seat.judgement;
    seat.judgement = judgement;
    seat.judgedAtMs = askedAtMs;
    if (before.mayWrite === judgement.mayWrite) return;
    seat.wire.send(prepareFrame('rights', { document: this.document, mayWrite: judgement.mayWrite }));
  }

  take(): CommitPart | null {
    return this.#state.kind === 'open' ? this.#state.log.take() : null;
  }

  committed(batch: LogBatch | null): void {
    if (this.#state.kind !== 'open' || batch === null) return;
    const { log } = this.#state;
    log.committed(batch);
    const author = this.#pushes.onlyAuthor(batch);
    if (this.seats.size > (author !== null && this.seats.has(author) ? 1 : 0)) {
      const updates = batch.entries.map((entry) => entry.update);
      const frame = prepareFrame('updates', { document: this.document, seq: log.storedSeq, updates });
      for (const seat of this.seats) if (seat !== author) seat.wire.send(frame);
    }
    this.#pushes.confirm(log.storedSeq, batch);
    if (log.tailBytes > Math.max(snapshotBytes, log.snapshotBytes)) void this.#snapshot(log);
    const last = batch.entries.at(-1);
    if (last !== undefined) this.#notice.tell({ seq: last.seq, at: last.at, memberId: last.memberId });
    this.#watchIdle();
  }

  /** What is stored and what was assumed cannot be told apart now: the room ends, and the next one reads it again. */
  failed(error: unknown): void {
    this.#world.log.error({ err: error, document: this.document }, 'live storage failed');
    this.end('live.storageFailed');
  }

  /** Ends the room for everyone; nothing that waits is acknowledged. */
  end(code: ErrorCode): void {
    if (this.#state.kind === 'closed') return;
    for (const seat of [...this.seats]) this.leave(seat, code);
    this.#pushes.refuse(new AppError(code));
    this.#cancelIdle();
    this.#state = { kind: 'closed' };
    this.#world.closed(this);
  }

  async #load(): Promise<DocumentLog> {
    try {
      const log = new DocumentLog(this.document, await this.#world.storage.open(this.document));
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

  /** One seat for a connection, and one connection for a client id: two writers under one id would diverge. */
  #unseatBefore(newcomer: Seat): void {
    for (const seat of this.seats) {
      if (seat.wire === newcomer.wire) this.leave(seat, null);
      else if (seat.clientId === newcomer.clientId) this.leave(seat, 'live.superseded');
    }
  }

  #claim(log: DocumentLog, seat: Seat, earlier: readonly number[]): void {
    const { memberId } = seat.actor;
    for (const clientId of earlier) log.claim(clientId, memberId);
    seat.claims = [...earlier];
    if (seat.judgement.mayWrite) {
      log.bind(seat.clientId, memberId);
      this.#world.commits.submit(this);
    } else {
      log.claim(seat.clientId, memberId);
      seat.claims.push(seat.clientId);
    }
  }

  #take(seat: Seat, update: Uint8Array): Promise<Pushed> {
    if (seat.isGone) fail('live.notJoined');
    const { mayWrite, side } = seat.judgement;
    if (!mayWrite) fail('live.readOnly');
    const log = this.#openLog();
    const author = { memberId: seat.actor.memberId, side, at: this.#world.now() };
    const taken = log.push(update, author);
    if (taken.isDurable) return Promise.resolve({ ok: true, seq: taken.seq });
    if (taken.isNew) this.#world.commits.submit(this);
    return this.#pushes.wait(seat, taken.seq, taken.isNew);
  }

  /** Waits behind the pushes that came before, and for a fresh answer about rights. */
  async #hold(seat: Seat, update: Uint8Array): Promise<Pushed> {
    const turn = (seat.held ?? Promise.resolve()).then(async () => {
      if (!seat.isGone && !this.#world.rights.isFresh(seat)) await this.judgeAgain(seat);
      // In an object, so that the next push waits for this one's admission and not for its commit.
      return { pushed: this.#take(seat, update) };
    });
    const settled = turn.catch(() => undefined);
    seat.held = settled;
    void settled.then(() => {
      if (seat.held === settled) seat.held = null;
    });
    return (await turn).pushed;
  }

  #watchIdle(): void {
    this.#cancelIdle();
    if (this.seats.size > 0 || this.#state.kind !== 'open') return;
    this.#cancelIdle = this.#world.schedule(idleMs, () => void this.#close());
  }

  /** Whatever was admitted is committed before this, because its author would still wait for the answer. */
  async #close(): Promise<void> {
    if (this.#state.kind !== 'open' || this.seats.size > 0 || this.#joining > 0) return this.#watchIdle();
    const { log } = this.#state;
    if (log.hasWaiting || this.#isSnapshotting) return this.#watchIdle();
    const done = log.tailBytes > snapshotOnCloseBytes ? this.#snapshot(log) : Promise.resolve();
    this.#state = { kind: 'closing', done };
    await done;
    this.#state = { kind: 'closed' };
    this.#world.closed(this);
  }

  async #snapshot(log: DocumentLog): Promise<void> {
    if (this.#isSnapshotting) return;
    this.#isSnapshotting = true;
    try {
      const snapshot = log.makeSnapshot();
      await this.#world.storage.saveSnapshot(this.document, snapshot);
      log.adoptSnapshot(snapshot);
    } catch (error) {
      // The log has everything; the next snapshot takes in what this one did not.
      this.#world.log.warn({ err: error, document: this.document }, 'snapshot not stored');
    } finally {
      this.#isSnapshotting = false;
    }
  }
}
