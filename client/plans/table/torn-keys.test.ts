import { describe, expect, test } from 'vitest';
import { createTornKeys } from '#client/plans/table/torn-keys.ts';

describe('typing on after the row went away', () => {
  test('[PL28] the keys of one go are swallowed, and heard again after a pause', () => {
    const keys = createTornKeys();
    expect(keys.swallows(0)).toBe(false);
    keys.begin(100);
    expect(keys.swallows(900)).toBe(true);
    expect(keys.swallows(2_000)).toBe(true);
    expect(keys.swallows(3_201)).toBe(false);
    expect(keys.swallows(3_300)).toBe(false);
  });

  test('[PL28] a press of the mouse ends the silence', () => {
    const keys = createTornKeys();
    keys.begin(100);
    keys.end();
    expect(keys.swallows(200)).toBe(false);
  });
});
