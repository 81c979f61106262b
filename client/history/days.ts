/** Changes and named versions as the list shows them: newest first, under the day they happened on. */
import type { Change, Version } from '#shared/history/shape.ts';

/** One line of the list. */
export type Entry =
  | { what: 'change'; key: string; atMs: number; change: Change }
  | { what: 'version'; key: string; atMs: number; version: Version };

/** A day with its lines, newest first. */
export interface Day {
  /** As `dayOf` writes it. */
  day: string;
  entries: readonly Entry[];
}

/** What tells one stretch of work from all others of a subject. */
export function changeKey({ memberId, from, to }: Change): string {
  return `${memberId} ${from} ${to}`;
}

/** @param dayOf - the reader's calendar day of a moment; two moments of one day must give the same text */
export function daysOf(
  changes: readonly Change[],
  versions: readonly Version[],
  dayOf: (atMs: number) => string,
): Day[] {
  const entries: Entry[] = [
    ...versions.map((version) => ({
      what: 'version' as const,
      key: version.id,
      atMs: Date.parse(version.at),
      version,
    })),
    ...changes.map((change) => ({
      what: 'change' as const,
      key: changeKey(change),
      atMs: Date.parse(change.to),
      change,
    })),
  ];
  // The sort is steady: a version stands above the change that it names the end of.
  entries.sort((one, other) => other.atMs - one.atMs);
  const days = Map.groupBy(entries, ({ atMs }) => dayOf(atMs));
  return [...days].map(([day, ofDay]) => ({ day, entries: ofDay }));
}
