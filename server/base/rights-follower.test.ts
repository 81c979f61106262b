import { expect, test } from 'vitest';
import { believedMs, followedMs, RightsFollower } from '#server/base/rights-follower.ts';
import type { RightsNews } from '#server/base/rights-revision.ts';
import { createSignals, type RightsSignal } from '#server/base/signals.ts';
import { createHandTime } from '#tests/support/hand-time.ts';

const ended = { kind: 'sessionEnded', sessionId: 's' } as const;

function setUp() {
  const time = createHandTime();
  const signals = createSignals();
  const heard: RightsSignal[] = [];
  signals.listen((signal) => heard.push(signal));
  const looks: (number | null)[] = [];
  const source = { news: null as RightsNews | null, isAway: false, before: async () => {} };
  const follower = new RightsFollower({
    readNews: async (known) => {
      looks.push(known);
      await source.before();
      if (source.isAway) throw new Error('away');
      return known === null ? { revision: 7, changes: [] } : source.news;
    },
    signals,
    now: time.now,
  });
  return { time, heard, looks, source, follower };
}

test('[LV75] an answer is believed for a minute while the revision was read within a second', async () => {
  const { time, follower, looks } = setUp();
  await follower.look();
  const asked = follower.ask();
  expect(follower.vouchesFor(asked)).toBe(true);
  time.advance(followedMs + 1);
  expect(follower.vouchesFor(asked)).toBe(false);
  expect(await follower.confirms(asked)).toBe(true);
  expect(looks).toEqual([null, 7]);
  time.advance(believedMs);
  expect(await follower.confirms(asked)).toBe(false);
  expect(looks).toHaveLength(2);
});

test('[LV75] what was asked before the first look, or in a time to come, is not believed', async () => {
  const { time, follower } = setUp();
  const before = follower.ask();
  await follower.look();
  expect(follower.vouchesFor(before)).toBe(false);
  const asked = follower.ask();
  time.advance(-1);
  expect(await follower.confirms(asked)).toBe(false);
});

test('[LV75] when the revision cannot be read nothing is believed for longer than a second', async () => {
  const { time, follower, source } = setUp();
  await follower.look();
  const asked = follower.ask();
  source.isAway = true;
  time.advance(followedMs + 1);
  expect(await follower.confirms(asked)).toBe(false);
  source.isAway = false;
  expect(await follower.confirms(asked)).toBe(true);
});

test('[LV75] a look is dated by its beginning', async () => {
  const { time, follower, source } = setUp();
  await follower.look();
  const asked = follower.ask();
  time.advance(followedMs + 1);
  source.before = async () => time.advance(followedMs + 1);
  expect(await follower.confirms(asked)).toBe(false);
});

test('[LV76] what changed elsewhere is heard here, and everything when nobody knows what', async () => {
  const { follower, source, heard, looks } = setUp();
  await follower.look();
  expect(heard).toEqual([]);
  source.news = { revision: 8, changes: [ended] };
  await Promise.all([follower.look(), follower.look()]);
  expect(heard).toEqual([ended]);
  source.news = { revision: 900, changes: null };
  await follower.look();
  expect(heard).toEqual([ended, { kind: 'everythingChanged' }]);
  expect(looks).toEqual([null, 7, 8]);
});
