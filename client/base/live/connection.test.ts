/** One connection kept alive. */
import { describe, expect, test } from 'vitest';
import { backoffMs } from '#client/base/live/backoff.ts';
import { Connection } from '#client/base/live/connection.ts';
import type { LinkEvents, LiveLink } from '#client/base/live/link.ts';
import { isOffline, saveStateOf } from '#client/base/live/save-state.ts';
import { ManualClock, settle } from '#tests/live/manual-clock.ts';

function setUp(
  tokenFor: (refused: string | null) => Promise<string | null> = () => Promise.resolve('token'),
) {
  const clock = new ManualClock(() => 0.999);
  const attempts: { token: string; events: LinkEvents; isClosed: boolean }[] = [];
  const log: string[] = [];
  const ignore = () => undefined;
  const connection = new Connection({
    clock,
    getToken: tokenFor,
    transport: {
      connect(token, events) {
        const attempt = { token, events, isClosed: false };
        attempts.push(attempt);
        const link: Partial<LiveLink> = {
          close: () => {
            attempt.isClosed = true;
          },
        };
        return link as LiveLink;
      },
    },
    opened: () => log.push('opened'),
    lost: () => log.push('lost'),
    hear: {
      updates: () => log.push('updates'),
      presence: ignore,
      documentClosed: ignore,
      rights: ignore,
      roomEvent: ignore,
    },
  });
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  return { connection, attempts, log, pass, clock };
}

describe('connection', () => {
  test('[LV44] pauses grow to 4 s, after a hundred failures to 15 s, anywhere between nothing and all of it', () => {
    expect([1, 2, 3, 4, 5, 99, 100].map((failures) => backoffMs(failures, 0.9999))).toEqual([
      449, 849, 1_649, 3_249, 4_049, 4_049, 15_048,
    ]);
    expect(backoffMs(50, 0)).toBe(50);
  });

  test('[LV44] attempts that fail are repeated with growing pauses, and the pause starts small after a success', async () => {
    const { connection, attempts, log, pass } = setUp();
    connection.wake();
    await pass(0);
    attempts[0]?.events.closed();
    await pass(440);
    expect(attempts).toHaveLength(1);
    await pass(20);
    expect(attempts).toHaveLength(2);
    attempts[1]?.events.closed();
    await pass(800);
    expect(attempts).toHaveLength(2);
    await pass(60);
    attempts[2]?.events.opened();
    attempts[2]?.events.closed();
    await pass(460);
    expect(attempts).toHaveLength(4);
    expect(log).toEqual(['opened', 'lost']);
  });

  test('[LV44] the token that was refused is named when asking for another', async () => {
    const asked: (string | null)[] = [];
    const { connection, attempts, pass } = setUp((refused) => {
      asked.push(refused);
      return Promise.resolve(`token-${asked.length}`);
    });
    connection.wake();
    await pass(0);
    attempts[0]?.events.closed('session.expired');
    await pass(500);
    attempts[1]?.events.opened();
    attempts[1]?.events.closed();
    await pass(500);
    expect(asked).toEqual([null, 'token-1', null]);
  });

  test('[LV44] without a network for the token it is asked again later; signed out it is not', async () => {
    let answer: () => Promise<string | null> = () => Promise.reject(new Error('hub.unreachable'));
    const { connection, attempts, pass, clock } = setUp(() => answer());
    connection.wake();
    await pass(0);
    expect(clock.pending).toBe(1);
    answer = () => Promise.resolve(null);
    await pass(500);
    expect(clock.pending).toBe(0);
    answer = () => Promise.resolve('token');
    connection.wake();
    await pass(0);
    expect(attempts).toHaveLength(1);
  });

  test('[LV44] what an earlier link says late is not heard', async () => {
    const { connection, attempts, log, pass } = setUp();
    connection.wake();
    await pass(0);
    const [first] = attempts;
    first?.events.opened();
    connection.restart();
    await pass(500);
    first?.events.updates({ document: 'd', seq: 1, updates: [] });
    first?.events.opened();
    first?.events.closed();
    expect(first?.isClosed).toBe(true);
    expect(log).toEqual(['opened', 'lost']);
    expect(attempts).toHaveLength(2);
  });

  test('[LV44] a stopped connection neither calls back nor tries again', async () => {
    const { connection, attempts, log, pass } = setUp();
    connection.wake();
    await pass(0);
    attempts[0]?.events.opened();
    connection.stop();
    connection.wake();
    connection.restart();
    await pass(60_000);
    expect(attempts).toHaveLength(1);
    expect(log).toEqual(['opened']);
  });
});

describe('what is said of several documents', () => {
  const fine = { isReady: true, mayWrite: true, waiting: 0, allKept: true };

  test('[LV41] the most pressing state is said, and what waits is summed', () => {
    const waiting = { ...fine, waiting: 2 };
    const reading = { ...fine, mayWrite: false };
    expect(saveStateOf([], false).kind).toBe('loading');
    expect(saveStateOf([fine, reading], false).kind).toBe('saved');
    expect(saveStateOf([reading, reading], false).kind).toBe('viewOnly');
    expect(saveStateOf([fine, { ...fine, isReady: false }], false).kind).toBe('loading');
    expect(saveStateOf([waiting, waiting], false)).toMatchObject({ kind: 'saving', waiting: 4 });
    expect(saveStateOf([waiting, fine], true)).toMatchObject({ kind: 'offline', waiting: 2 });
    expect(saveStateOf([waiting, { ...fine, refusedBy: 'live.readOnly' }], true)).toEqual({
      kind: 'refused',
      code: 'live.readOnly',
      waiting: 2,
      kept: true,
    });
    expect(saveStateOf([{ ...waiting, allKept: false }], false).kept).toBe(false);
  });

  test('[LV47] an open connection is believed more than the browser', () => {
    expect(isOffline({ isOpen: true, isOnline: false, lostForMs: 0 }, 3)).toBe(false);
    expect(isOffline({ isOpen: false, isOnline: true, lostForMs: 4_999 }, 0)).toBe(false);
    expect(isOffline({ isOpen: false, isOnline: true, lostForMs: 5_000 }, 0)).toBe(true);
    expect(isOffline({ isOpen: false, isOnline: true, lostForMs: 0 }, 1)).toBe(true);
    expect(isOffline({ isOpen: false, isOnline: false, lostForMs: 0 }, 0)).toBe(true);
  });
});
