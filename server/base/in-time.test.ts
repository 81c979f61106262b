import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { endsWithin } from '#server/base/in-time.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('[BA21] what never ends is waited for no longer than said', async () => {
  const waited = endsWithin(500, new Promise(() => undefined));
  await vi.advanceTimersByTimeAsync(500);
  expect(await waited).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

test('[BA21] what ends in time is waited for, and its failure is told', async () => {
  expect(await endsWithin(500, Promise.resolve())).toBe(true);
  await expect(endsWithin(500, Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(vi.getTimerCount()).toBe(0);
});
