/** 150,000 frames here; `npm run prove -- malformed --times 1000000` for more. */
import { expect, test } from 'vitest';
import { floodWithMalformed } from '#tests/live/faults/malformed.ts';

test('[LV122] 150,000 malformed frames: every one refused or its connection cut, and two people go on typing', async () => {
  const figures = await floodWithMalformed(150_000, Date.now());
  expect(figures.exits).toBe(0);
  expect(figures.longestTurnMs).toBeLessThan(250);
  expect(figures.grownBytes).toBeLessThan(64 * 1024 * 1024);
  expect(figures.grownHeldBytes).toBeLessThan(24 * 1024 * 1024);
  expect(figures.frames).toBeGreaterThanOrEqual(150_000);
  // Answers come from deep inside, not from the first limit on the way.
  for (const code of [
    'input.invalid',
    'live.malformed',
    'live.foreignClient',
    'live.unknownReference',
    'ok',
  ]) {
    expect(figures.codes[code] ?? 0, code).toBeGreaterThan(500);
  }
  expect(figures.codes['internal']).toBeUndefined();
  expect(figures.codes['rate.limited']).toBeUndefined();
});
