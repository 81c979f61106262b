import { describe, expect, test } from 'vitest';
import { workingDay } from '#server/demo/days.ts';

describe('working days of the demo', () => {
  test.each([
    ['2026-11-23', 0, '2026-11-23'],
    ['2026-11-23', 5, '2026-11-30'],
    ['2026-11-23', -1, '2026-11-20'],
    ['2026-11-21', 0, '2026-11-23'],
    ['2026-11-27', 1, '2026-11-30'],
  ])('[DE3] %s and %i working days is %s', (from, days, day) => {
    expect(workingDay(from, days)).toBe(day);
  });
});
