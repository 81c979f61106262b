/** Brings back from storage what a device has missed, where that is less than everything. Rule LV127. */
import type { DocumentLog } from '#server/base/live/log/document-log.ts';
import type { LiveStorage, LogEntry } from '#server/base/live/log/storage.ts';
import { liveLimits } from '#shared/base/live.ts';

/** Numbers read at once, and in all. */
const pageNumbers = 256;
const mostNumbers = 2_048;

/** Recalls for one document; one after the other, so that those who come back together share what the first one read. */
export class Recall {
  #storage: Pick<LiveStorage, 'entriesAfter'>;
  #last: Promise<void> = Promise.resolve();
  /** Who has no more than this is better given everything. */
  #tooFar = -1;

  constructor(storage: Pick<LiveStorage, 'entriesAfter'>) {
    this.#storage = storage;
  }

  /** Rejects when the log cannot be read. @param seq - up to which a device has everything */
  async since(log: DocumentLog, seq: number): Promise<void> {
    if (this.#gapOf(log, seq) === 0) return;
    const turn = this.#last.then(() => this.#read(log, seq));
    this.#last = turn.catch(() => undefined);
    await turn;
  }

  #gapOf(log: DocumentLog, seq: number): number {
    return seq <= this.#tooFar ? 0 : log.forgottenSince(seq);
  }

  async #read(log: DocumentLog, seq: number): Promise<void> {
    const gap = this.#gapOf(log, seq);
    if (gap === 0) return;
    const most = Math.min(log.everything().bytes, liveLimits.socketLoadBytes);
    let bytes = log.missingSince(seq + gap).bytes;
    const entries: LogEntry[] = [];
    for (let from = seq; from < seq + gap && gap <= mostNumbers && bytes < most; ) {
      const page = await this.#storage.entriesAfter(
        log.document,
        from,
        Math.min(pageNumbers, seq + gap - from),
      );
      for (const entry of page) bytes += entry.update.length;
      entries.push(...page);
      const last = page.at(-1)?.seq;
      if (last === undefined) break;
      from = last;
    }
    if (bytes < most && log.recall(seq, entries)) return;
    this.#tooFar = Math.max(this.#tooFar, seq);
  }
}
