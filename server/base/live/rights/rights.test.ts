import { expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import { Rights } from '#server/base/live/rights/rights.ts';
import type { Seat } from '#server/base/live/room/seat.ts';
import { RightsFollower } from '#server/base/rights-follower.ts';
import { createSignals } from '#server/base/signals.ts';
import { createHandTime } from '#tests/support/hand-time.ts';
import { createGate } from '#tests/support/test-storage.ts';

test('[LV6] an answer is as old for those who joined its question as for the one who asked', async () => {
  const time = createHandTime();
  const gate = createGate();
  let asked = 0;
  const judge = async () => {
    asked += 1;
    await gate.opened;
    return { mayWrite: true, side: 'buyer', relationshipId: 'r' } as const;
  };
  const rights = new Rights([{ kind: 'test', judge }], time.now);
  const seat = { document: 'test/x', judgedAtMs: Number.NEGATIVE_INFINITY } as unknown as Seat;
  const askedAtMs = time.now().getTime();
  const first = rights.judgeAgain(seat);
  time.advance(900);
  const second = rights.judgeAgain(seat);
  gate.open();
  expect((await first).askedAtMs).toBe(askedAtMs);
  expect((await second).askedAtMs).toBe(askedAtMs);
  expect(asked).toBe(1);
  time.advance(200);
  seat.judgedAtMs = (await second).askedAtMs;
  expect(rights.isFresh(seat)).toBe(false);
});

const ada = { sessionId: 's', memberId: 'm' } as Actor;

function followed() {
  const time = createHandTime();
  const signals = createSignals();
  const counts = { asked: 0, looks: 0 };
  const follower = new RightsFollower({
    readNews: async (known) => {
      counts.looks += 1;
      return known === null ? { revision: 1, changes: [] } : null;
    },
    signals,
    now: time.now,
  });
  const judge = async () => {
    counts.asked += 1;
    return { mayWrite: true, side: 'buyer', relationshipId: 'r' } as const;
  };
  const rights = new Rights([{ kind: 'test', judge }], time.now, follower);
  return { time, follower, rights, counts };
}

test('[LV77] five hundred who come back while nothing has changed cost one look and no question', async () => {
  const { time, follower, rights, counts } = followed();
  await follower.look();
  const actors = Array.from({ length: 500 }, (_, at) => ({
    ...ada,
    sessionId: `s${at}`,
    memberId: `m${at}`,
  }));
  for (const actor of actors) await rights.judge(actor, 'test/x');
  expect(counts).toEqual({ asked: 500, looks: 1 });
  time.advance(20_000);
  const again = await Promise.all(actors.map((actor) => rights.judgeDated(actor, 'test/x')));
  expect(counts).toEqual({ asked: 500, looks: 2 });
  expect(again.every((dated) => rights.isGood(dated))).toBe(true);
});

test.each([
  { kind: 'memberChanged', memberId: 'm' },
  { kind: 'sessionEnded', sessionId: 's' },
  { kind: 'relationshipChanged', relationshipId: 'r' },
  { kind: 'everythingChanged' },
] as const)('[LV77] an answer is kept no longer than until $kind is heard about it', async (signal) => {
  const { follower, rights, counts } = followed();
  await follower.look();
  await rights.judge(ada, 'test/x');
  rights.noteSignal({ kind: 'sessionEnded', sessionId: 'another' });
  await rights.judge(ada, 'test/x');
  expect(counts.asked).toBe(1);
  rights.noteSignal(signal);
  await rights.judge(ada, 'test/x');
  expect(counts.asked).toBe(2);
});

test('[LV9] a signal that comes while the revision is looked at makes the kept answer too old', async () => {
  const { time, follower, rights, counts } = followed();
  await follower.look();
  await rights.judge(ada, 'test/x');
  time.advance(2_000);
  const answer = rights.judgeDated(ada, 'test/x');
  rights.noteSignal({ kind: 'memberChanged', memberId: 'm' });
  await answer;
  expect(counts.asked).toBe(2);
});

test('[LV75] a seat is fresh after one look, and asked about again after a minute', async () => {
  const { time, follower, rights, counts } = followed();
  await follower.look();
  const { askedAtMs, isFollowed } = await rights.judgeDated(ada, 'test/x');
  const seat = { actor: ada, document: 'test/x', judgedAtMs: askedAtMs, isFollowed } as unknown as Seat;
  time.advance(2_000);
  expect(rights.isFresh(seat)).toBe(false);
  expect(await rights.isFreshOnLook(seat)).toBe(true);
  time.advance(59_000);
  expect(await rights.isFreshOnLook(seat)).toBe(false);
  expect(counts.asked).toBe(1);
});
