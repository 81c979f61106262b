import { expect, test } from 'vitest';
import { ClockRuns, ClockSet } from '#server/base/live/admission/clock-ranges.ts';

test('[LV14] a set of ranges covers what was added, in whatever order and overlap, and nothing else', () => {
  let seed = 7;
  const next = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let round = 0; round < 200; round += 1) {
    const set = new ClockSet();
    const plain = new Set<number>();
    for (let times = 0; times < 12; times += 1) {
      const from = next(60);
      const to = from + 1 + next(8);
      set.add(1, from, to);
      for (let clock = from; clock < to; clock += 1) plain.add(clock);
      const [low, high] = [next(60), next(8) + 1];
      const isIn = Array.from({ length: high }, (_, at) => plain.has(low + at)).every(Boolean);
      expect(set.covers(1, low, low + high)).toBe(isIn);
    }
  }
  expect(new ClockSet().covers(1, 0, 1)).toBe(false);
});

test('[LV16] runs answer with the value that holds at a clock, per client', () => {
  const runs = new ClockRuns();
  for (const [from, value] of [
    [0, 1],
    [4, 1],
    [5, 2],
    [9, 1],
  ] as const) {
    runs.append(7, from, value);
  }
  expect([0, 4, 5, 8, 9, 100].map((clock) => runs.at(7, clock))).toEqual([1, 1, 2, 2, 1, 1]);
  expect(runs.at(8, 0)).toBe(0);
});
