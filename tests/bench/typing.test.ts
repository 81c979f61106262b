/** The first scenario played for a moment against our own hub, with nothing pinned. */
import { expect, test } from 'vitest';
import { playTyping } from '#tests/bench/scenarios/typing.ts';

test('[HO34] three people type in our own hub, and the load sees every edit, acknowledged and the same everywhere', async () => {
  const figures = await playTyping('hub', { people: 3, carets: true, seconds: 1, warmUp: 0.4 });
  expect(figures.wrong).toEqual([]);
  // Five characters a second of each of three, seen by the two others.
  expect(figures.deliveries).toBe(30);
  expect(figures.delays.p50).toBeGreaterThan(0);
  expect(figures.ackDelays?.p50).toBeGreaterThan(0);
  expect(figures.cpuUsPerDelivery).toBeGreaterThan(0);
});
