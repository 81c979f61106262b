/** Pace: how often calls may be made, counted in memory over sliding windows with the hub's clock. */
import { ipKeyGenerator } from 'express-rate-limit';
import type { CallLimits } from '#server/base/env.ts';
import { fail } from '#shared/base/errors.ts';
import { minuteMs, secondMs } from '#shared/base/units.ts';

/** Counts calls and refuses with `rate.limited` (`details.retryAfterS`) above the limits. */
export interface Pace {
  /** Any call of this address. */
  call(ip: string): void;
  /** A call that guesses could abuse, by address. */
  strictCall(ip: string): void;
  /**
   * A try at an account (an e-mail address or a member).
   * @returns gives the try back; called when the try succeeded, so that only refused ones count
   */
  accountTry(account: string): () => void;
}

/** Length of the window for strict calls. */
export const strictWindowMs = 15 * minuteMs;

/** Most keys remembered per counter; filling it takes far more calls than one address is allowed. */
const maxKeys = 100_000;

/** Makes the counters of one hub. @param now - the hub's clock */
export function createPace(limits: CallLimits, now: () => Date): Pace {
  const calls = createWindow(limits.callsPerIp, minuteMs, now);
  const strictByIp = createWindow(limits.strictPerIp, strictWindowMs, now);
  const strictByAccount = createWindow(limits.strictPerAccount, strictWindowMs, now);
  return {
    call(ip) {
      calls(addressKey(ip));
    },
    strictCall(ip) {
      strictByIp(addressKey(ip));
    },
    accountTry: strictByAccount,
  };
}

/** One person's address: an IPv4 address, or the /56 an IPv6 customer gets. */
function addressKey(ip: string): string {
  return ipKeyGenerator(ip.replace(/^::ffff:(?=\d+\.)/i, ''), 56);
}

/** A sliding window: no span of `windowMs` holds more than `limit` tries of one key. */
function createWindow(limit: number, windowMs: number, now: () => Date): (key: string) => () => void {
  const triesByKey = new Map<string, number[]>();
  return (key) => {
    const present = now().getTime();
    const tries = (triesByKey.get(key) ?? []).filter((at) => at > present - windowMs);
    const oldest = tries[0];
    if (oldest !== undefined && tries.length >= limit) {
      fail('rate.limited', { retryAfterS: Math.ceil((oldest + windowMs - present) / secondMs) });
    }
    tries.push(present);
    // Deleted first, so that the map stays in order of last use and the stalest key is dropped.
    triesByKey.delete(key);
    triesByKey.set(key, tries);
    if (triesByKey.size > maxKeys) triesByKey.delete(triesByKey.keys().next().value ?? key);
    return () => {
      const current = triesByKey.get(key);
      const at = current?.indexOf(present) ?? -1;
      if (at >= 0) current?.splice(at, 1);
    };
  };
}
