/** The pushes of one room that wait for their commit, and whom each is from. */
import type { Seat } from '#server/base/live/seat.ts';
import type { LogBatch } from '#server/base/live/storage.ts';
import { type AppError, fail } from '#shared/base/errors.ts';
import { liveLimits, type Pushed } from '#shared/base/live.ts';

interface WaitingPush {
  seq: number;
  seat: Seat;
  resolve: (answer: Pushed) => void;
  reject: (error: AppError) => void;
}

/** Answers pushes in order, when what they were answered with is durable. */
export class PushLine {
  #waiting: WaitingPush[] = [];
  /** Whose new entry each number is; a repeat of a known update is nobody's. */
  #authors = new Map<number, Seat>();
  #countOfMember = new Map<string, number>();

  /** Counts a push of a person as waiting. @throws rate.limited when too many are */
  enter(memberId: string): void {
    const count = this.#countOfMember.get(memberId) ?? 0;
    if (count >= liveLimits.pendingPushes) fail('rate.limited');
    this.#countOfMember.set(memberId, count + 1);
  }

  /** Counts a push of a person as answered. */
  exit(memberId: string): void {
    const count = this.#countOfMember.get(memberId) ?? 0;
    if (count > 1) this.#countOfMember.set(memberId, count - 1);
    else this.#countOfMember.delete(memberId);
  }

  /** Waits until a number is durable. @param isAuthor - whether the push made the entry of this number */
  wait(seat: Seat, seq: number, isAuthor: boolean): Promise<Pushed> {
    if (isAuthor) this.#authors.set(seq, seat);
    return new Promise((resolve, reject) => this.#waiting.push({ seq, seat, resolve, reject }));
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
      if (push.seq > storedSeq) break;
      push.resolve({ ok: true, seq: push.seq });
      count += 1;
    }
    this.#waiting.splice(0, count);
  }

  /** Refuses everything that waits. */
  refuse(error: AppError): void {
    this.#authors.clear();
    for (const push of this.#waiting.splice(0)) push.reject(error);
  }
}
