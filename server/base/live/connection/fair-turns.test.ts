import { expect, test } from 'vitest';
import { bytesPerMessage, FairTurns, messagesPerTurn } from '#server/base/live/connection/fair-turns.ts';

function setUp() {
  const turns: (() => void)[] = [];
  const held = new Map<string, boolean>();
  const served: string[] = [];
  const pace = { left: Number.POSITIVE_INFINITY };
  const later: (() => void)[] = [];
  const fair = new FairTurns({
    nextTurn: (work) => turns.push(work),
    later: (work) => later.push(work),
    allows: () => {
      pace.left -= 1;
      return pace.left >= 0;
    },
    hold: (memberId, isHeld) => held.set(memberId, isHeld),
  });
  return {
    held,
    served,
    send: (companyId: string, count: number, bytes = 0, memberId = companyId) => {
      for (let at = 0; at < count; at += 1)
        fair.take({ companyId, memberId }, bytes, () => served.push(`${memberId}${at}`));
    },
    turn: () => {
      for (const work of turns.splice(0)) work();
    },
    waits: () => turns.length > 0,
    pace,
    later,
  };
}

test('[LV78] whoever is within their share is served at once', () => {
  const { send, served, turn, waits } = setUp();
  send('a', messagesPerTurn);
  expect(served).toHaveLength(messagesPerTurn);
  turn();
  send('a', messagesPerTurn);
  expect(served).toHaveLength(2 * messagesPerTurn);
  turn();
  expect(waits()).toBe(false);
});

test('[LV78] a flood of one company is served a turn at a time, in order, and others at once between', () => {
  const { send, served, turn } = setUp();
  send('flood', 10_000);
  for (let round = 1; round <= 20; round += 1) {
    const before = served.length;
    send('b', 5);
    expect(served.slice(before)).toEqual(['b0', 'b1', 'b2', 'b3', 'b4']);
    turn();
    expect(served.length - before).toBeLessThanOrEqual(5 + messagesPerTurn);
  }
  const flood = served.filter((one) => one.startsWith('flood'));
  expect(flood).toEqual(flood.map((_, at) => `flood${at}`));
});

test('[LV78] those who flood share a turn between them', () => {
  const { send, served, turn } = setUp();
  for (const companyId of ['a', 'b', 'c', 'd']) send(companyId, 1_000);
  served.length = 0;
  turn();
  expect(served.length).toBe(messagesPerTurn);
  for (const companyId of ['a', 'b', 'c', 'd'])
    expect(served.filter((one) => one.startsWith(companyId))).toHaveLength(messagesPerTurn / 4);
});

test('[LV78] bytes count too', () => {
  const { send, served } = setUp();
  send('a', 100, 127 * bytesPerMessage);
  expect(served).toEqual(['a0']);
});

test('[LV78] a person whose line is long is not read from until it is served, and forgotten then', () => {
  const { send, held, served, turn, waits } = setUp();
  send('a', 100);
  expect(held.size).toBe(0);
  send('a', 1_000);
  expect(held.get('a')).toBe(true);
  for (let round = 0; waits(); round += 1) {
    expect(round).toBeLessThan(20);
    turn();
  }
  expect(held.get('a')).toBe(false);
  expect(served).toHaveLength(1_100);
});

test('[LV78] who is past the pace waits for it to grow, and nothing runs meanwhile', () => {
  const { send, served, turn, waits, pace, later } = setUp();
  pace.left = 10;
  send('a', 30);
  expect(served).toHaveLength(10);
  turn();
  expect(waits()).toBe(false);
  expect(later).toHaveLength(1);
  pace.left = 15;
  later.splice(0)[0]?.();
  expect(served).toHaveLength(25);
  pace.left = 15;
  later.splice(0)[0]?.();
  expect(served).toEqual(Array.from({ length: 30 }, (_, at) => `a${at}`));
  expect([waits(), later.length]).toEqual([false, 0]);
});

test('[LV78] whoever has large messages waiting is not read from at once', () => {
  const { send, held } = setUp();
  send('a', 10, 60_000);
  expect(held.get('a')).toBe(true);
});

test('[LV78] a colleague waits behind nobody: of a company past its pace, its people are served in turn', () => {
  const { send, served, pace, later, held, turn } = setUp();
  pace.left = 0;
  send('a', 500, 0, 'flood');
  send('a', 2, 0, 'ann');
  send('a', 1, 0, 'bob');
  turn();
  expect(held).toEqual(new Map([['flood', true]]));
  pace.left = 3;
  later.splice(0)[0]?.();
  expect(served).toEqual(['flood0', 'ann0', 'bob0']);
  pace.left = 2;
  later.splice(0)[0]?.();
  expect(served.slice(3)).toEqual(['flood1', 'ann1']);
  expect(held).toEqual(new Map([['flood', true]]));
});
