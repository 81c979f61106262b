/** Ten times here; `npm run prove -- kill --times 100` for more. */
import { expect, test } from 'vitest';
import { killManyTimes } from '#tests/live/faults/kill.ts';

test('[LV120] the hub is killed ten times while twenty people type: nothing acknowledged is lost or there twice', async () => {
  const figures = await killManyTimes(10, Date.now());
  expect(figures).toMatchObject({ kills: 10, lost: 0, twice: 0 });
  expect(figures.acknowledged, 'people really wrote').toBeGreaterThan(200);
  expect(figures.edits).toBeGreaterThanOrEqual(figures.acknowledged);
});
