import { expect, test } from 'vitest';
import type { People } from '#server/base/live/connection/person.ts';
import { lookEveryMs, RightsRounds } from '#server/base/live/rights/rights-rounds.ts';
import type { LiveRoom } from '#server/base/live/room/room.ts';
import type { Rooms } from '#server/base/live/room/rooms.ts';
import type { Seat } from '#server/base/live/room/seat.ts';
import { RightsFollower } from '#server/base/rights-follower.ts';
import { createSignals } from '#server/base/signals.ts';
import { createHandTime } from '#tests/support/hand-time.ts';

async function setUp(count: number) {
  const time = createHandTime();
  let looks = 0;
  const follower = new RightsFollower({
    readNews: async (known) => {
      looks += 1;
      return known === null ? { revision: 1, changes: [] } : null;
    },
    signals: createSignals(),
    now: time.now,
  });
  await follower.look();
  const seats = Array.from({ length: count }, () => ({ judgedAtMs: time.now().getTime(), isFollowed: true }));
  const judged: number[] = [];
  const room = {
    judgeAgain: async (seat: Seat) => {
      judged.push(time.now().getTime() - seat.judgedAtMs);
      seat.judgedAtMs = time.now().getTime();
    },
  };
  const people = { isEmpty: false };
  const rounds = new RightsRounds({
    people: people as People,
    rooms: {
      seatsWhere: () => seats.map((seat) => [room as unknown as LiveRoom, seat as Seat]),
    } as unknown as Rooms,
    follower,
    ...time,
  });
  await new Promise(setImmediate);
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += lookEveryMs) {
      time.advance(lookEveryMs);
      await new Promise(setImmediate);
    }
  };
  return { pass, people, rounds, judged, looks: () => looks };
}

test('[LV75] the revision is looked at twice a second while anybody is connected, and never else', async () => {
  const { pass, people, rounds, looks } = await setUp(0);
  const before = looks();
  await pass(10_000);
  expect(looks() - before).toBe(20);
  people.isEmpty = true;
  await pass(10_000);
  expect(looks() - before).toBe(20);
  people.isEmpty = false;
  rounds.stop();
  await pass(10_000);
  expect(looks() - before).toBe(20);
});

test('[LV75] every seat of a full hub is judged anew within a minute, some at a time', async () => {
  const { pass, judged } = await setUp(2_000);
  await pass(30_000);
  expect(judged).toEqual([]);
  await pass(lookEveryMs);
  expect(judged).toHaveLength(50);
  await pass(120_000);
  expect(judged.length).toBeGreaterThanOrEqual(4_000);
  expect(Math.max(...judged)).toBeLessThan(60_000);
});
