// Key bytes against the order of values.
import { describe, expect, test, vi } from 'vitest';
import { show } from '../bson/show.ts';
import type { Value } from '../bson/value.ts';
import { type Random, randomValue } from '../test-support/random-values.ts';
import { docOf, seededRandom } from '../test-support/test-database.ts';
import { compareValues } from './compare.ts';
import { compoundKey, partKey } from './key.ts';

// Many thousand comparisons take a while on a machine under load.
vi.setConfig({ testTimeout: 30_000 });

function value(random: Random): Value {
  return docOf({ v: randomValue(random) }).get('v') ?? null;
}

describe('index keys', () => {
  test('[DB18] bytes of one part sort as the values do', () => {
    const random = seededRandom(1);
    for (let i = 0; i < 5_000; i++) {
      const [a, b] = [value(random), value(random)];
      const expected = Math.sign(compareValues(a, b));
      expect(Buffer.compare(partKey(a), partKey(b)), `${i}: ${show(a)} and ${show(b)}`).toBe(expected);
    }
  });

  test('[DB18] compound keys sort field by field, descending fields reversed', () => {
    const random = seededRandom(2);
    for (let i = 0; i < 5_000; i++) {
      const [a, b, c, d] = [value(random), value(random), value(random), value(random)];
      const found = Buffer.compare(compoundKey([a, b], [1, -1]), compoundKey([c, d], [1, -1]));
      const expected = Math.sign(compareValues(a, c)) || -Math.sign(compareValues(b, d)) + 0;
      expect(found, `${i}: ${show([a, b])} and ${show([c, d])}`).toBe(expected);
    }
  });

  test('[DB18] texts that begin with one another sort right in both directions, whatever bytes follow', () => {
    const texts = ['a', 'a\0', 'a\0b', 'a\u0001', 'a\u0001\0', 'a\u0002', 'ab', '', '\0', '\u0001'];
    const compare = (a: string, b: string, direction: 1 | -1) =>
      Buffer.compare(compoundKey([a], [direction]), compoundKey([b], [direction]));
    for (const a of texts) {
      for (const b of texts) {
        const expected = Math.sign(compareValues(a, b)) + 0;
        expect(compare(a, b, 1), show([a, b])).toBe(expected);
        expect(compare(a, b, -1), show([a, b])).toBe(-expected + 0);
        expect(a !== b && partKey(b).subarray(0, partKey(a).length).equals(partKey(a))).toBe(false);
      }
    }
  });

  test('[DB18] the order of values is a total one', () => {
    const random = seededRandom(3);
    for (let i = 0; i < 5_000; i++) {
      const [a, b, c] = [value(random), value(random), value(random)];
      expect(Math.sign(compareValues(a, b)) + Math.sign(compareValues(b, a))).toBe(0);
      if (compareValues(a, b) <= 0 && compareValues(b, c) <= 0)
        expect(compareValues(a, c)).toBeLessThanOrEqual(0);
    }
  });

  test('[DB18] equal numbers of different types have one key, close ones do not', () => {
    const key = (source: unknown) => partKey(docOf({ v: source }).get('v')).toString('hex');
    expect(key(1)).toBe(key(1n));
    expect(key(2n ** 53n)).not.toBe(key(2n ** 53n + 1n));
    expect(key(-0)).toBe(key(0));
  });
});
