/** The pushes of one room: judged in the order they came, answered in the order they became durable. */
import type { DocumentLog } from '#server/base/live/log/document-log.ts';
import type { LogBatch } from '#server/base/live/log/storage.ts';
import type { Rights } from '#server/base/live/rights/rights.ts';
import type { Seat } from '#server/base/live/room/seat.ts';
import { type AppError, fail } from '#shared/base/errors.ts';
import { liveLimits, type Pushed } from '#shared/base/live.ts';

/** The outside world of a room's pushes. */
export interface PushWorld {
  rights: Rights;
  now: () => Date;
  /** The open log. @throws live.storageFailed when there is none any more */
  openLog: () => DocumentLog;
  /** Makes sure of what a seat may do now. @throws thing.absent */
  freshen: (seat: Seat) => Promise<void>;
  /** Says that something waits for the next commit. */
  submit: () => void;
}

interface WaitingPush {
  answer: Pushed;
  resolve: (answer: Pushed) => void;
  reject: (error: AppError) => void;
}

/** Rules LV6, LV21 to LV23. */
export class PushLine {
  #world: PushWorld;
  #waiting: WaitingPush[] = [];
  /** Whose each waiting entry is. */
  #authors = new Map<number, Seat>();
  #countOfMember = new Map<string, number>();

  constructor(world: PushWorld) {
    this.#world = world;
  }

  /**
   * Takes a push in, and answers when it is durable.
   * @throws thing.absent, live.notJoined, live.readOnly, rate.limited, live.storageFailed, and as `admit`
   */
  async push(seat: Seat, update: Uint8Array): Promise<Pushed> {
    const { memberId } = seat.actor;
    const count = this.#countOfMember.get(memberId) ?? 0;
    if (count >= liveLimits.pendingPushes) fail('rate.limited');
    this.#countOfMember.set(memberId, count + 1);
    try {
      if (seat.held === null && this.#world.rights.isFresh(seat)) return await this.#take(seat, update);
      return await this.#hold(seat, update);
    } finally {
      this.#release(memberId);
    }
  }

  /** The one seat a whole batch is from; null when it is from several. */
  onlyAuthor(batch: LogBatch): Seat | null {
    const authors = new Set(batch.entries.map((entry) => this.#authors.get(entry.seq) ?? null));
    const [first = null] = authors;
    return authors.size === 1 ? first : null;
  }

  /** Answers everything up to a number. */
  confirm(storedSeq: number, batch: LogBatch): void {
    for (const entry of batch.entries) this.#authors.delete(entry.seq);
    let count = 0;
    for (const push of this.#waiting) {
      if (push.answer.seq > storedSeq) break;
      push.resolve(push.answer);
      count += 1;
    }
    this.#waiting.splice(0, count);
  }

  /** Refuses everything that waits. */
  refuse(error: AppError): void {
    this.#authors.clear();
    for (const push of this.#waiting.splice(0)) push.reject(error);
  }

  #take(seat: Seat, update: Uint8Array): Promise<Pushed> {
    if (seat.isGone) fail('live.notJoined');
    const { judgement } = seat;
    const { mayWrite, side } = judgement;
    if (!mayWrite) fail(seat.judgement.quarantined === true ? 'live.quarantined' : 'live.readOnly');
    const author = { memberId: seat.actor.memberId, side, at: this.#world.now() };
    const { seq, receipt, ...taken } = this.#world.openLog().push(update, author, judgement);
    const answer: Pushed = receipt === undefined ? { ok: true, seq } : { ok: true, seq, receipt };
    if (taken.isDurable) return Promise.resolve(answer);
    if (taken.isNew) {
      this.#authors.set(seq, seat);
      this.#world.submit();
    }
    return new Promise((resolve, reject) => this.#waiting.push({ answer, resolve, reject }));
  }

  /** Waits behind the pushes that came before, and for a fresh answer about rights. */
  async #hold(seat: Seat, update: Uint8Array): Promise<Pushed> {
    const turn = (seat.held ?? Promise.resolve()).then(async () => {
      if (!seat.isGone && !this.#world.rights.isFresh(seat)) await this.#world.freshen(seat);
      // In an object, so that the next push waits for this one's admission and not for its commit.
      return { pushed: this.#take(seat, update) };
    });
    const settled = turn.catch(() => undefined);
    seat.held = settled;
    const { pushed } = await turn.finally(() => {
      if (seat.held === settled) seat.held = null;
    });
    return await pushed;
  }

  #release(memberId: string): void {
    const count = this.#countOfMember.get(memberId) ?? 0;
    if (count > 1) this.#countOfMember.set(memberId, count - 1);
    else this.#countOfMember.delete(memberId);
  }
}
