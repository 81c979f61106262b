/** Stretches of work, put together from log entries that come newest first. */
import type { LogEntry } from '#server/base/live/log/storage.ts';
import type { Writer } from '#server/history/owned-range.ts';
import { historyLimits } from '#shared/history/shape.ts';

/** One person's work without a longer pause. */
export interface Stretch extends Writer {
  fromMs: number;
  toMs: number;
  edits: number;
  documents: Map<string, { first: number; last: number }>;
}

/** A log entry without its bytes. */
export type EntryNote = Pick<LogEntry, 'seq' | 'first' | 'memberId' | 'side' | 'at' | 'since'>;

/** Rule HI3. */
export class WorkList {
  #done: Stretch[] = [];
  #open = new Map<string, Stretch>();

  /** How many stretches there are. */
  get count(): number {
    return this.#done.length + this.#open.size;
  }

  /** Takes an entry in that is not after the last one. @param edits - how many updates it counts for */
  add(document: string, entry: EntryNote, edits: number): void {
    const { memberId, side, first, seq } = entry;
    const key = `${side} ${memberId}`;
    const [sinceMs, atMs] = [entry.since.getTime(), entry.at.getTime()];
    let open = this.#open.get(key);
    if (open === undefined || open.fromMs - atMs > historyLimits.pauseMs) {
      if (open !== undefined) this.#done.push(open);
      open = { memberId, side, fromMs: sinceMs, toMs: atMs, edits: 0, documents: new Map() };
      this.#open.set(key, open);
    }
    open.fromMs = Math.min(open.fromMs, sinceMs);
    open.edits += edits;
    const place = open.documents.get(document);
    if (place === undefined) open.documents.set(document, { first, last: seq });
    else place.first = Math.min(place.first, first);
  }

  /** Whether no stretch can go on with an entry of this moment. */
  isQuietAt(atMs: number): boolean {
    return [...this.#open.values()].every(({ fromMs }) => fromMs - atMs > historyLimits.pauseMs);
  }

  /** All stretches, the last one that ended first. */
  all(): Stretch[] {
    return [...this.#done, ...this.#open.values()].sort((one, two) => two.toMs - one.toMs);
  }
}
