import { expect, test } from 'vitest';
import { Rights } from '#server/base/live/rights.ts';
import type { Seat } from '#server/base/live/seat.ts';
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
