import { describe, expect, test } from 'vitest';
import { dayBreaks, stopAt, stopByDay, stopsOf } from '#client/history/stops.ts';
import { aChange, aVersion } from '#tests/support/factories/history.ts';

const dayOf = (atMs: number) => new Date(atMs).toISOString().slice(0, 10);
const at = (text: string) => Date.parse(`2026-11-${text}:00.000Z`);
const changes = ['04T10:00', '03T15:00', '03T09:00', '01T08:00'].map((to) =>
  aChange({ to: `2026-11-${to}:00.000Z` }),
);
const stops = stopsOf(changes, [aVersion({ at: '2026-11-03T12:00:00.000Z' })]);

describe('the stops of the slider', () => {
  test('[HI21] are the ends of stretches of work and the named versions, oldest first, and the present', () => {
    expect(stops.map(({ atMs }) => atMs)).toEqual([
      at('01T08:00'),
      at('03T09:00'),
      at('03T12:00'),
      at('03T15:00'),
      at('04T10:00'),
      null,
    ]);
    expect(stops[2]?.versions).toHaveLength(1);
    expect(stopsOf([], [])).toHaveLength(1);
  });

  test('[HI21] a moment between two stops is at the earlier one, one before all at the first', () => {
    expect(stopAt(stops, at('03T13:00'))).toBe(2);
    expect(stopAt(stops, at('01T07:00'))).toBe(0);
    expect(stopAt(stops, null)).toBe(5);
  });

  test('[HI21] Page Up goes to the last stop of the day before, Page Down to that of the next day with work', () => {
    expect(stopByDay(stops, 5, 'back', dayOf)).toBe(4);
    expect(stopByDay(stops, 4, 'back', dayOf)).toBe(3);
    expect(stopByDay(stops, 3, 'back', dayOf)).toBe(0);
    expect(stopByDay(stops, 0, 'back', dayOf)).toBe(0);
    expect(stopByDay(stops, 0, 'on', dayOf)).toBe(3);
    expect(stopByDay(stops, 4, 'on', dayOf)).toBe(5);
  });

  test('[HI21] the slider is marked where the days change', () => {
    expect(dayBreaks(stops, dayOf)).toEqual([0.1, 0.7]);
  });
});
