/** The edits of several documents between two moments, in one line, oldest first. */
import type { LiveArchive } from '#server/base/live/archive.ts';
import type { LogEntry } from '#server/base/live/log/storage.ts';
import { historyLimits } from '#shared/history/shape.ts';

/** One entry, and the place of its document. */
export interface FoundStep {
  document: number;
  entry: LogEntry;
}

/** Entries of one stretch; they count from the moment of the last of them on. */
interface Stretch {
  atMs: number;
  entries: LogEntry[];
}

const entriesPerRead = 256;
/** Documents whose logs are opened at the same time. */
const openedAtOnce = 16;

/**
 * @param from - exclusive
 * @param to - inclusive
 * @returns whole moments; `until` is `to`, or the last moment that is whole
 */
export async function collectSteps(
  archive: LiveArchive,
  documents: readonly string[],
  from: Date,
  to: Date,
): Promise<{ steps: FoundStep[]; until: Date }> {
  const open = async (document: string) => {
    const reader = new ForwardReader(archive, document, await archive.numberAt(document, from), to);
    await reader.fill();
    return reader;
  };
  const readers: ForwardReader[] = [];
  for (let at = 0; at < documents.length; at += openedAtOnce) {
    readers.push(...(await Promise.all(documents.slice(at, at + openedAtOnce).map(open))));
  }
  const steps: FoundStep[] = [];
  let bytes = 0;
  let untilMs = from.getTime();
  for (;;) {
    const document = earliest(readers);
    const stretch = readers[document]?.front;
    if (stretch === undefined) return { steps, until: to };
    const isFull = steps.length >= historyLimits.stepsPerRange || bytes >= historyLimits.rangeBytes;
    if (isFull && stretch.atMs > untilMs) return { steps, until: new Date(untilMs) };
    untilMs = stretch.atMs;
    for (const entry of stretch.entries) {
      bytes += entry.update.length;
      steps.push({ document, entry });
    }
    await readers[document]?.step();
  }
}

function earliest(readers: readonly ForwardReader[]): number {
  let found = -1;
  let atMs = Number.POSITIVE_INFINITY;
  for (const [place, { front }] of readers.entries()) {
    if (front === undefined || front.atMs >= atMs) continue;
    found = place;
    atMs = front.atMs;
  }
  return found;
}

/** Reads one log on, a few entries at a time, up to a moment. */
class ForwardReader {
  #archive: LiveArchive;
  #document: string;
  #seq: number;
  #to: Date;
  #stretches: Stretch[] = [];

  constructor(archive: LiveArchive, document: string, seq: number, to: Date) {
    this.#archive = archive;
    this.#document = document;
    this.#seq = seq;
    this.#to = to;
  }

  /** What comes next; undefined at the end. */
  get front(): Stretch | undefined {
    return this.#stretches[0];
  }

  /** Goes past what comes next. */
  async step(): Promise<void> {
    this.#stretches.shift();
    if (this.#stretches.length === 0) await this.fill();
  }

  /** Reads on. */
  async fill(): Promise<void> {
    const entries = await this.#archive.entriesAfter(this.#document, this.#seq, entriesPerRead);
    for (const stretch of stretchesOf(entries)) {
      if (stretch.atMs > this.#to.getTime()) return;
      this.#stretches.push(stretch);
      this.#seq = stretch.entries[0]?.seq ?? this.#seq;
    }
  }
}

/** Entries that share their numbers belong together. */
export function stretchesOf(entries: readonly LogEntry[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const entry of entries) {
    const last = stretches.at(-1);
    const atMs = entry.at.getTime();
    if (last?.entries[0]?.seq === entry.seq) {
      last.entries.push(entry);
      last.atMs = Math.max(last.atMs, atMs);
    } else stretches.push({ atMs, entries: [entry] });
  }
  return stretches;
}
