/** The lives of a document: each begins where it was taken back to what could be read, and holds none of what broke it. */
import type { LiveArchive } from '#server/base/live/archive.ts';
import type { LogEntry } from '#server/base/live/log/storage.ts';

/** One life, as it is read from the log. */
export interface DocumentLife {
  document: string;
  /** Of this life alone. */
  name: string;
  /** Whether an entry is part of it. */
  holds(entry: Pick<LogEntry, 'first' | 'seq'>): boolean;
  /** After which number to read on, for one who has everything up to a number. */
  nextAfter(seq: number): number;
}

/** The life a document had at a moment. */
export async function lifeAt(
  archive: Pick<LiveArchive, 'numberAt' | 'listCuts'>,
  document: string,
  moment: Date,
): Promise<DocumentLife> {
  const all = await archive.listCuts(document);
  const seq = all.length === 0 ? 0 : await archive.numberAt(document, moment);
  const cuts = all.filter(({ upTo }) => upTo <= seq);
  return {
    document,
    name: `${document}#${cuts.length}`,
    // The entry `upTo` says who took the document back; it is the first of the new life.
    holds: (entry) => !cuts.some(({ after, upTo }) => entry.first > after && entry.seq < upTo),
    nextAfter: (had) =>
      cuts.reduce((from, { after, upTo }) => (from >= after && from < upTo - 1 ? upTo - 1 : from), had),
  };
}

/** Whether a document began a new life after one moment, and at or before another. */
export async function beginsNewLife(
  archive: Pick<LiveArchive, 'numberAt' | 'listCuts'>,
  document: string,
  from: Date,
  to: Date,
): Promise<boolean> {
  const cuts = await archive.listCuts(document);
  if (cuts.length === 0) return false;
  const [after, last] = [await archive.numberAt(document, from), await archive.numberAt(document, to)];
  return cuts.some(({ upTo }) => after < upTo && upTo <= last);
}
