/** Which entries of a log become one: consecutive work without a long pause, never across a moment to keep. */
import type { ClockRange } from '#server/base/live/admission/document-index.ts';
import type { LogEntry } from '#server/base/live/log/storage.ts';
import { minuteMs } from '#shared/base/units.ts';

/** Longest pause within a stretch. */
export const pauseMs = 5 * minuteMs;
/** A stretch is no longer than this, so that it stays known roughly when something was written. */
export const longestMs = 15 * minuteMs;
/** Most numbers in a stretch. */
export const mostNumbers = 4_096;
const mostBytes = 1024 * 1024;

/** What merging leaves exact. */
export interface KeptPlaces {
  /** Moments that must stay reachable, in any order. */
  moments: readonly Date[];
  /** Numbers that a stretch may end with, and never go past. */
  numbers: readonly number[];
}

/** What one author did in a stretch, still to be merged. */
export interface AuthorsPart {
  /** All but `update`. */
  entry: LogEntry;
  updates: Uint8Array[];
}

/** Cuts entries into stretches, in order. What is merged already stands alone. */
export function cutStretches(entries: readonly LogEntry[], keep: KeptPlaces): LogEntry[][] {
  const stretches: LogEntry[][] = [];
  let open: LogEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const [first] = open;
    const last = open.at(-1);
    const fits =
      first !== undefined &&
      last !== undefined &&
      goesOn(first, last, entry) &&
      bytes + entry.update.length <= mostBytes;
    if (!fits || isKept(last, entry, keep)) {
      open = [];
      bytes = 0;
      stretches.push(open);
    }
    open.push(entry);
    bytes += entry.update.length;
  }
  return stretches;
}

function isKept(last: LogEntry, next: LogEntry, { moments, numbers }: KeptPlaces): boolean {
  if (numbers.some((seq) => last.seq <= seq && seq < next.first)) return true;
  return moments.some((moment) => last.at <= moment && moment < next.at);
}

/** A stretch by author, ordered by each one's last moment; the numbers are those of the whole stretch. */
export function partsOf(stretch: readonly LogEntry[]): AuthorsPart[] {
  const first = stretch[0]?.first ?? 0;
  const seq = stretch.at(-1)?.seq ?? 0;
  const parts = new Map<string, AuthorsPart>();
  for (const entry of stretch) {
    const key = `${entry.side} ${entry.memberId}`;
    const part = parts.get(key) ?? { entry: { ...entry, first, seq, clocks: [] }, updates: [] };
    part.entry.at = entry.at;
    part.entry.clocks = withRanges(part.entry.clocks, entry.clocks);
    part.updates.push(entry.update);
    parts.set(key, part);
  }
  return [...parts.values()].sort((a, b) => a.entry.at.getTime() - b.entry.at.getTime());
}

function goesOn(first: LogEntry, last: LogEntry, next: LogEntry): boolean {
  const isSingle = (entry: LogEntry) => entry.first === entry.seq;
  // Entries of a merged stretch share its numbers and stay together.
  if (last.seq === next.seq) return true;
  if (!isSingle(last) || !isSingle(next)) return false;
  const pausedMs = next.since.getTime() - last.at.getTime();
  const lastedMs = next.at.getTime() - first.since.getTime();
  return pausedMs <= pauseMs && lastedMs <= longestMs && next.seq - first.first < mostNumbers;
}

/** Joins what touches; the clocks of one client go on without holes. */
function withRanges(ranges: readonly ClockRange[], more: readonly ClockRange[]): ClockRange[] {
  const joined = [...ranges];
  for (const range of more) {
    const at = joined.findIndex(({ client, to }) => client === range.client && to === range.from);
    const before = joined[at];
    if (before === undefined) joined.push({ ...range });
    else joined[at] = { ...before, to: range.to };
  }
  return joined;
}
