/** The moments that the slider of a history stops at, and which of them a key leads to. */
import type { Change, Version } from '#shared/history/shape.ts';

/** One stop; `atMs` is null for the present, which is always the last one. */
export interface Stop {
  atMs: number | null;
  /** Stretches of work that ended here. */
  changes: readonly Change[];
  versions: readonly Version[];
}

/** The end of every stretch of work and every named version, oldest first, then the present. */
export function stopsOf(changes: readonly Change[], versions: readonly Version[]): Stop[] {
  const ended = Map.groupBy(changes, ({ to }) => Date.parse(to));
  const named = Map.groupBy(versions, ({ at }) => Date.parse(at));
  const moments = [...new Set([...ended.keys(), ...named.keys()])].sort((one, other) => one - other);
  return [
    ...moments.map((atMs) => ({
      atMs,
      changes: ended.get(atMs) ?? [],
      versions: named.get(atMs) ?? [],
    })),
    { atMs: null, changes: [], versions: [] },
  ];
}

/** The stop of a moment, or the last one before it; the first one for a moment before all of them. */
export function stopAt(stops: readonly Stop[], atMs: number | null): number {
  if (atMs === null) return stops.length - 1;
  const found = stops.findLastIndex((stop) => stop.atMs !== null && stop.atMs <= atMs);
  return Math.max(0, found);
}

/**
 * Where Page Up and Page Down lead: the last stop of the day before, or of the next day on which anything happened.
 * @param dayOf - the reader's calendar day of a moment
 * @returns the index of the stop
 */
export function stopByDay(
  stops: readonly Stop[],
  from: number,
  way: 'back' | 'on',
  dayOf: (atMs: number) => string,
): number {
  const dayAt = (index: number): string | null => {
    const atMs = stops[index]?.atMs ?? null;
    return atMs === null ? null : dayOf(atMs);
  };
  const here = dayAt(from);
  if (way === 'back') {
    // From the present the last day of work is one step; from within a day, the day before it.
    const found = stops.findLastIndex((_, index) => index < from && dayAt(index) !== here);
    return Math.max(0, found);
  }
  const next = stops.findIndex((_, index) => index > from && dayAt(index) !== here);
  if (next < 0) return stops.length - 1;
  const day = dayAt(next);
  return stops.findLastIndex((_, index) => dayAt(index) === day);
}

/** Where on the slider the days change, as parts of its length from 0 to 1; the first day is not marked. */
export function dayBreaks(stops: readonly Stop[], dayOf: (atMs: number) => string): number[] {
  const last = stops.length - 1;
  return stops.flatMap(({ atMs }, index) => {
    const before = stops[index - 1]?.atMs ?? null;
    if (atMs === null || before === null || dayOf(atMs) === dayOf(before)) return [];
    return [(index - 0.5) / last];
  });
}
