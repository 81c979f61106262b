/** Reads one document's log from a moment back, a few entries at a time. */
import type { LiveArchive } from '#server/base/live/archive.ts';
import type { LogEntry } from '#server/base/live/log/storage.ts';

const entriesPerRead = 512;

/** A place in a log, going back. */
export class BackwardReader {
  readonly document: string;
  #archive: LiveArchive;
  #beforeMs: number;
  /** Everything up to this number is still to be read. */
  #seq: number;
  /** Read and not gone past; the newest last. */
  #entries: LogEntry[] = [];
  /** How many entries share their numbers, by number. */
  #sharing = new Map<number, number>();

  private constructor(archive: LiveArchive, document: string, seq: number, beforeMs: number) {
    this.#archive = archive;
    this.document = document;
    this.#seq = seq;
    this.#beforeMs = beforeMs;
  }

  /** Stands on the last entry before a moment. @param beforeMs - infinite for the end of the log */
  static async open(archive: LiveArchive, document: string, beforeMs: number): Promise<BackwardReader> {
    const latestMs = Math.min(beforeMs - 1, farMs);
    const seq = await archive.numberAt(document, new Date(latestMs));
    // A merged stretch that goes on past the moment has entries before it, too.
    const ahead = Number.isFinite(beforeMs) ? await archive.entriesAfter(document, seq, 1) : [];
    const reader = new BackwardReader(archive, document, ahead.at(-1)?.seq ?? seq, beforeMs);
    await reader.#fill();
    return reader;
  }

  /** The entry it stands on; undefined at the beginning of the log. */
  get front(): LogEntry | undefined {
    return this.#entries.at(-1);
  }

  /** How many updates an entry counts for: about its part, when several share their numbers. */
  shareOf({ first, seq }: LogEntry): number {
    return Math.ceil((seq - first + 1) / (this.#sharing.get(seq) ?? 1));
  }

  /** Goes one entry back. */
  async step(): Promise<void> {
    this.#entries.pop();
    if (this.#entries.length === 0) await this.#fill();
  }

  /** The entries before a number and itself, as many as are read at once. */
  async #readUpTo(seq: number): Promise<{ from: number; read: LogEntry[] }> {
    for (let span = Math.min(entriesPerRead, seq); ; span = Math.ceil(span / 2)) {
      const from = seq - span;
      const read = await this.#archive.entriesAfter(this.document, from, span);
      // Large ones are given fewer at once; those at the end are what is wanted first.
      if (span === 1 || (read.at(-1)?.seq ?? 0) >= seq) return { from, read };
    }
  }

  async #fill(): Promise<void> {
    while (this.#entries.length === 0 && this.#seq > 0) {
      const { from, read } = await this.#readUpTo(this.#seq);
      const entries = read.filter(({ seq }) => seq <= this.#seq);
      this.#seq = Math.min(from, ...entries.map(({ first }) => first - 1));
      this.#sharing.clear();
      for (const { seq } of entries) this.#sharing.set(seq, (this.#sharing.get(seq) ?? 0) + 1);
      const before = entries.filter(({ at }) => at.getTime() < this.#beforeMs);
      this.#entries = before.sort((one, two) => one.at.getTime() - two.at.getTime() || one.seq - two.seq);
    }
  }
}

/** The last moment a date can be. */
const farMs = 8_640_000_000_000_000;
