import { expect, test } from 'vitest';
import { Pace } from '#server/base/live/connection/pace.ts';

test('[LV35] a pace allows a burst, then so much a second, and what is refused costs nothing', () => {
  const pace = new Pace({ burst: 3, perSecond: 2 }, 0);
  expect([1, 1, 1, 1].map((amount) => pace.take(amount, 0))).toEqual([true, true, true, false]);
  expect(pace.take(1, 499)).toBe(false);
  expect(pace.take(1, 500)).toBe(true);
  expect(pace.take(4, 60_000)).toBe(false);
  expect(pace.take(3, 60_000)).toBe(true);
  expect(pace.take(1, 1_000)).toBe(false);
});
