/** Tests of the counters behind the rate limits. */
import { describe, expect, test } from 'vitest';
import { createPace, strictWindowMs } from '#server/base/pace.ts';
import { AppError } from '#shared/base/errors.ts';

function paceAt(limits: Partial<Parameters<typeof createPace>[0]>) {
  const clock = { at: Date.UTC(2026, 0, 1) };
  const all = { strictPerAccount: 10, strictPerIp: 100, callsPerIp: 1_000, ...limits };
  return { clock, pace: createPace(all, () => new Date(clock.at)) };
}

function countAllowed(times: number, one: (at: number) => void): number {
  let allowed = 0;
  for (let at = 0; at < times; at += 1) {
    try {
      one(at);
      allowed += 1;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'rate.limited') throw error;
    }
  }
  return allowed;
}

describe('pace', () => {
  test('[BA13] ten refused tries per account, then none until the oldest is 15 minutes old', () => {
    const { clock, pace } = paceAt({});
    expect(countAllowed(12, () => pace.accountTry('anna@example.com'))).toBe(10);
    expect(countAllowed(1, () => pace.accountTry('bert@example.com'))).toBe(1);
    clock.at += strictWindowMs - 1;
    expect(countAllowed(1, () => pace.accountTry('anna@example.com'))).toBe(0);
    clock.at += 1;
    expect(countAllowed(20, () => pace.accountTry('anna@example.com'))).toBe(10);
  });

  test('[BA13] no window of 15 minutes holds more than ten, wherever it begins', () => {
    const { clock, pace } = paceAt({});
    const allowedAt: number[] = [];
    for (let minute = 0; minute < 60; minute += 1) {
      clock.at += 60_000;
      for (let n = 0; n < 3; n += 1) {
        countAllowed(1, () => {
          pace.accountTry('a');
          allowedAt.push(clock.at);
        });
      }
    }
    for (const start of allowedAt) {
      const inWindow = allowedAt.filter((at) => at >= start && at < start + strictWindowMs);
      expect(inWindow.length).toBeLessThanOrEqual(10);
    }
  });

  test('[BA13] a try that succeeded is given back', () => {
    const { pace } = paceAt({});
    expect(countAllowed(50, () => pace.accountTry('anna@example.com')())).toBe(50);
  });

  test('[BA13] the refusal says when to come back', () => {
    const { clock, pace } = paceAt({ strictPerAccount: 1 });
    pace.accountTry('a');
    clock.at += 60_000;
    expect(() => pace.accountTry('a')).toThrow(
      expect.objectContaining({ code: 'rate.limited', details: { retryAfterS: 14 * 60 } }),
    );
  });

  test('[BA14] an IPv6 customer counts as one address, and an IPv4 address as itself however it is written', () => {
    const { pace } = paceAt({ strictPerIp: 5 });
    expect(countAllowed(20, (at) => pace.strictCall(`2001:db8:0:${at.toString(16)}::1`))).toBe(5);
    expect(countAllowed(1, () => pace.strictCall('2001:db8:1:100::1'))).toBe(1);
    expect(countAllowed(20, (at) => pace.strictCall(at % 2 === 0 ? '10.0.0.1' : '::ffff:10.0.0.1'))).toBe(5);
    expect(countAllowed(1, () => pace.strictCall('10.0.0.2'))).toBe(1);
  });
});
