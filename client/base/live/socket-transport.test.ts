/** One link over a socket that says and does what a test wants. */
import { describe, expect, test } from 'vitest';
import { SocketLink } from '#client/base/live/socket-transport.ts';
import type { ErrorCode } from '#shared/base/errors.ts';
import { ManualClock, settle } from '#tests/live/manual-clock.ts';

const document = 'plan/0123456789abcdefghjk/shared';

/** `replies` are the acknowledgements of what was emitted, in order. */
function setUp() {
  const replies: ((answer: unknown) => void)[] = [];
  const closed: (ErrorCode | undefined)[] = [];
  const clock = new ManualClock();
  const ignore = () => undefined;
  const socket = {
    on: ignore,
    volatile: { emit: ignore },
    disconnect: ignore,
    emit: (_name: string, _message: unknown, reply: (answer: unknown) => void) => replies.push(reply),
  };
  const link = new SocketLink(socket as never, {
    token: 'token',
    address: '',
    clock,
    events: {
      opened: ignore,
      closed: (code) => closed.push(code),
      updates: ignore,
      presence: ignore,
      documentClosed: ignore,
      rights: ignore,
      roomEvent: ignore,
    },
  });
  return { link, replies, closed, clock };
}

describe('a link over a socket', () => {
  test.each([{ ok: false, code: 'live.notInventedYet' }, { ok: false }, 'what?', undefined])(
    '[LV43] the answer %j of a newer hub is a fault that passes, not silence',
    async (answer) => {
      const { link, replies, closed } = setUp();
      const pushed = link.push(document, new Uint8Array(3));
      replies[0]?.(answer);
      expect(await pushed).toEqual({ ok: false, code: 'internal' });
      expect(closed).toEqual([]);
    },
  );

  test('[LV57] a hub that leaves a question open for 15 s is taken for gone', async () => {
    const { link, closed, clock } = setUp();
    const pushed = link.push(document, new Uint8Array(3));
    clock.advance(14_900);
    expect(closed).toHaveLength(0);
    clock.advance(200);
    expect(closed).toHaveLength(1);
    expect(await pushed).toEqual({ ok: false, code: 'lost' });
  });

  test('[LV57] what is still on its way up a slow line gets the time it needs', async () => {
    const { link, replies, closed, clock } = setUp();
    const first = link.push(document, new Uint8Array(128 * 1024));
    const second = link.push(document, new Uint8Array(128 * 1024));
    clock.advance(25_000);
    replies[0]?.({ ok: true, seq: 1 });
    expect(await first).toEqual({ ok: true, seq: 1 });
    clock.advance(15_000);
    await settle();
    expect(closed).toHaveLength(0);
    replies[1]?.({ ok: true, seq: 2 });
    expect(await second).toEqual({ ok: true, seq: 2 });
    const small = link.push(document, new Uint8Array(3));
    clock.advance(15_100);
    expect(await small).toEqual({ ok: false, code: 'lost' });
  });
});
