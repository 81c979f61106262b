/** Compaction in the background: old entries of a log are merged per author and stretch, one document at a time. */
import type { Logger } from 'pino';
import type { MergeThread } from '#server/base/live/log/merge-thread.ts';
import {
  type DueDocument,
  fullDetailMs,
  type LiveStorage,
  type LogEntry,
} from '#server/base/live/log/storage.ts';
import { type AuthorsPart, cutStretches, mostNumbers, partsOf } from '#server/base/live/log/stretches.ts';
import type { Rights } from '#server/base/live/rights/rights.ts';
import { dayMs, minuteMs } from '#shared/base/units.ts';

/** The outside world of compaction. */
export interface CompactionWorld {
  storage: LiveStorage;
  merges: Pick<MergeThread, 'merge'>;
  log: Logger;
  now: () => Date;
  schedule: (delayMs: number, work: () => void) => () => void;
  /** Whether the entries of a document are Yjs updates; others stay as they are. */
  mayMerge: (document: string) => boolean;
  /** Moments of a document that must stay reachable exactly, as those of named versions. */
  keepMoments: (document: string) => Promise<readonly Date[]>;
  /** Numbers of a document after which something else begins, as a new life; [] for none. */
  keepNumbers: (document: string) => Promise<readonly number[]>;
}

/** How often documents are looked for, and how long one that failed, or has more to come, waits. */
const everyMs = 10 * minuteMs;
const againMs = dayMs;
const documentsAtOnce = 100;

/** Rule LV84. */
export class Compaction {
  #world: CompactionWorld;
  #cancel: () => void;
  #isStopped = false;

  constructor(world: CompactionWorld) {
    this.#world = world;
    this.#cancel = world.schedule(everyMs, () => void this.#turn());
  }

  /** Nothing is begun any more; a stretch on its way is replaced or not. */
  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  /** Compacts what is due now. @returns how many documents were gone through */
  async run(): Promise<number> {
    const { storage, log, now } = this.#world;
    const due = await storage.compactionDue(now(), documentsAtOnce);
    for (const one of due) {
      if (this.#isStopped) break;
      try {
        await this.#compact(one);
      } catch (error) {
        log.warn({ err: error, document: one.document }, 'log not compacted');
        // Tried again another day, so that one that always fails holds up no others.
        await storage.planCompaction(one.document, { ...one, at: new Date(now().getTime() + againMs) });
      }
    }
    return due.length;
  }

  async #turn(): Promise<void> {
    try {
      await this.run();
    } catch (error) {
      this.#world.log.warn({ err: error }, 'compaction not possible');
    }
    if (!this.#isStopped) this.#cancel = this.#world.schedule(everyMs, () => void this.#turn());
  }

  async #compact({ document, from, upTo }: DueDocument): Promise<void> {
    const { storage, now, mayMerge, keepMoments, keepNumbers } = this.#world;
    if (!mayMerge(document)) return storage.planCompaction(document, { at: null, from });
    const keep = { moments: await keepMoments(document), numbers: await keepNumbers(document) };
    const old = new Date(now().getTime() - fullDetailMs);
    const isReady = (entry: LogEntry) => entry.seq <= upTo && entry.at <= old;
    let after = from;
    for (let isEnd = false; !isEnd && !this.#isStopped; ) {
      const page = await storage.entriesAfter(document, after, mostNumbers);
      const ready = page.filter(isReady);
      isEnd = ready.length < page.length || new Set(page.map(({ seq }) => seq)).size < mostNumbers;
      after = await this.#replaceAll(document, wholeOf(cutStretches(ready, keep), isEnd), after);
      const left = page.find((entry) => entry.seq > after && entry.seq <= upTo);
      await storage.planCompaction(document, { at: isEnd ? this.#nextTime(left) : now(), from: after });
    }
  }

  /** @returns the last number gone through */
  async #replaceAll(document: string, stretches: readonly LogEntry[][], from: number): Promise<number> {
    let after = from;
    for (const stretch of stretches) {
      if (this.#isStopped) break;
      await this.#replace(document, stretch);
      after = stretch.at(-1)?.seq ?? after;
    }
    return after;
  }

  async #replace(document: string, stretch: readonly LogEntry[]): Promise<void> {
    const { storage, merges } = this.#world;
    if (stretch.length < 2 || stretch[0]?.seq !== stretch[0]?.first) return;
    const parts = partsOf(stretch);
    const merge = async ({ entry, updates }: AuthorsPart): Promise<LogEntry> => {
      if (updates.length === 1) return entry;
      const { update } = await merges.merge({ snapshot: null, tail: updates, withDetails: false });
      return { ...entry, update };
    };
    const merged: LogEntry[] = [];
    for (const part of parts) merged.push(await merge(part));
    if (!(await storage.replaceEntries(document, merged))) throw new Error('the log is not as it was read');
  }

  /** @returns null when nothing is left before the next snapshot */
  #nextTime(next: LogEntry | undefined): Date | null {
    if (next === undefined) return null;
    const { now } = this.#world;
    return new Date(Math.max(next.at.getTime() + fullDetailMs, now().getTime() + againMs));
  }
}

/** The last stretch of a page may go on with the next page. */
function wholeOf(stretches: LogEntry[][], isEnd: boolean): LogEntry[][] {
  return isEnd || stretches.length < 2 ? stretches : stretches.slice(0, -1);
}

/**
 * What is merged and what is kept, as the kinds of documents say: grids and unknown kinds are never merged.
 * @param keptMoments - moments somebody named of a subject, which is the document itself where its kind names none
 */
export function compactedByKind(
  rights: Pick<Rights, 'find'>,
  keptMoments: (subject: string) => Promise<readonly Date[]> = async () => [],
): Pick<CompactionWorld, 'mayMerge' | 'keepMoments'> {
  return {
    mayMerge(document) {
      const found = rights.find(document);
      return found !== null && found.kind.grid === undefined;
    },
    keepMoments(document) {
      const found = rights.find(document);
      return keptMoments(found?.kind.subject?.(found.key) ?? document);
    },
  };
}
