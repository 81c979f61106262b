/** One reading of a log: so many numbers and bytes at most, one number at least, and a merged stretch whole. */
import type { LogEntry } from '#server/base/live/log/storage.ts';

/** Takes entries in order until it is full. */
export class EntryPage {
  readonly entries: LogEntry[] = [];
  #limit: number;
  #mostBytes: number;
  #numbers = 0;
  #bytes = 0;

  /** @param limit - most numbers @param mostBytes - of updates; from so many on no further number is taken */
  constructor(limit: number, mostBytes = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
    this.#mostBytes = mostBytes;
  }

  /** @returns false, and takes nothing, once it is full */
  take(entry: LogEntry): boolean {
    if (entry.seq !== this.entries.at(-1)?.seq) {
      const isFull = this.#numbers > 0 && this.#bytes >= this.#mostBytes;
      if (isFull || this.#numbers === this.#limit) return false;
      this.#numbers += 1;
    }
    this.entries.push(entry);
    this.#bytes += entry.update.length;
    return true;
  }
}
