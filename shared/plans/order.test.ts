import { describe, expect, test } from 'vitest';
import { isOrderKey, orderKeyBetween } from '#shared/plans/order.ts';

/** A small deterministic stream of numbers (source: mulberry32). */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('order keys', () => {
  test('[PL10] a key stands strictly between its neighbours, for 2,000 random inserts', () => {
    const chance = chanceOf(7);
    const keys: string[] = [];
    for (let round = 0; round < 2_000; round += 1) {
      const at = Math.floor(chance() * (keys.length + 1));
      const key = orderKeyBetween(keys[at - 1] ?? null, keys[at] ?? null, chance);
      keys.splice(at, 0, key);
      expect(isOrderKey(key)).toBe(true);
    }
    expect(keys).toEqual([...keys].sort());
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('[PL10] appending and prepending thousands of rows keeps keys short', () => {
    const chance = chanceOf(11);
    let last: string | null = null;
    let first: string | null = null;
    for (let round = 0; round < 3_000; round += 1) {
      const next = orderKeyBetween(last, null, chance);
      expect(last === null || next > last).toBe(true);
      last = next;
      first ??= next;
    }
    expect(last?.length).toBeLessThanOrEqual(6);
    for (let round = 0; round < 100; round += 1) {
      const before: string = orderKeyBetween(null, first, chance);
      expect(before < (first ?? '')).toBe(true);
      first = before;
    }
    expect(first?.length).toBeLessThan(100);
  });

  test('[PL10] two inserts at one place get different keys', () => {
    expect(orderKeyBetween('b1', 'b2', chanceOf(1))).not.toBe(orderKeyBetween('b1', 'b2', chanceOf(2)));
  });

  test('[PL8] equal or reversed neighbours give a key after the first, never an exception', () => {
    expect(orderKeyBetween('k1', 'k1') > 'k1').toBe(true);
    expect(orderKeyBetween('k9', 'k1') > 'k9').toBe(true);
    expect(isOrderKey('')).toBe(false);
    expect(isOrderKey('a0')).toBe(false);
    expect(isOrderKey('é')).toBe(false);
  });
});
