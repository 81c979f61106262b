// Documents decoded field by field against the same documents decoded at once.
import { describe, expect, test } from 'vitest';
import { DatabaseError } from '../database-error.ts';
import { type Random, randomDocument } from '../test-support/random-values.ts';
import { docOf, seededRandom } from '../test-support/test-database.ts';
import { decodeDoc } from './decode.ts';
import { encodeDoc, valueBytes } from './encode.ts';
import { LazyDoc } from './lazy-doc.ts';
import { show } from './show.ts';
import { type Doc, Int32, type Value } from './value.ts';

function randomBytesOf(random: Random): Buffer {
  return encodeDoc(docOf(randomDocument(random)));
}

function shuffled<T>(values: readonly T[], random: Random): T[] {
  return values
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

function outcome(run: () => Value | Doc | undefined): string {
  try {
    const value = run();
    return value === undefined ? 'missing' : valueBytes(value).toString('hex');
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return `refused with ${error.code}`;
  }
}

describe('lazy documents', () => {
  test('[DB31] every field is as in the whole document, in whatever order they are asked for', () => {
    const random = seededRandom(3);
    for (let i = 0; i < 1_000; i++) {
      const bytes = randomBytesOf(random);
      const whole = decodeDoc(bytes);
      const lazy = new LazyDoc(bytes);
      for (const name of shuffled([...whole.keys(), 'none'], random)) {
        expect(lazy.has(name)).toBe(whole.has(name));
        expect(
          outcome(() => lazy.get(name)),
          `${i}: ${name} of ${show(whole)}`,
        ).toBe(outcome(() => whole.get(name)));
      }
      expect(encodeDoc(new Map(lazy)).equals(bytes)).toBe(true);
    }
  });

  test('[DB31] walking, changing and counting work as on a map', () => {
    const bytes = encodeDoc(
      new Map<string, Value>([
        ['a', 'text'],
        ['b', new Int32(2)],
        ['c', [null]],
      ]),
    );
    const lazy = () => new LazyDoc(bytes);
    expect(lazy().size).toBe(3);
    expect([...lazy().keys()]).toEqual(['a', 'b', 'c']);
    expect([...lazy().values()]).toEqual(['text', new Int32(2), [null]]);
    expect([...lazy()]).toEqual([...lazy().entries()]);
    const seen: string[] = [];
    lazy().forEach((value, name) => {
      seen.push(`${name}: ${show(value)}`);
    });
    expect(seen).toEqual(['a: "text"', 'b: 2', 'c: [ null ]']);
    const changed = lazy().set('b', null);
    changed.delete('a');
    expect([...changed]).toEqual([
      ['b', null],
      ['c', [null]],
    ]);
    expect([changed.get('b'), changed.has('a')]).toEqual([null, false]);
    expect(encodeDoc(changed).equals(bytes)).toBe(false);
    const cleared = lazy();
    cleared.clear();
    expect(cleared.size).toBe(0);
  });

  test('[DB31] a value handed out is the same object afterwards', () => {
    const lazy = new LazyDoc(encodeDoc(new Map([['a', [new Map([['b', 1]])]]])));
    const before = lazy.get('a');
    expect(lazy.get('a')).toBe(before);
    expect([...lazy.values()][0]).toBe(before);
    expect(lazy.get('a')).toBe(before);
  });

  test('[DB31] what was forgotten is decoded again', () => {
    const bytes = encodeDoc(
      new Map<string, Value>([
        ['a', 'text'],
        ['b', [1]],
      ]),
    );
    const lazy = new LazyDoc(bytes);
    expect(lazy.get('b')).toEqual([1]);
    lazy.forget();
    expect([lazy.get('a'), lazy.get('b'), lazy.has('c')]).toEqual(['text', [1], false]);
    const changed = new LazyDoc(bytes).set('a', 'other');
    changed.forget();
    expect([changed.get('a'), changed.size]).toEqual(['other', 2]);
  });

  test('[DB31] of two fields with one name the last counts, as in the whole document', () => {
    const single = encodeDoc(
      new Map([
        ['a', 'one'],
        ['b', 'two'],
      ]),
    );
    const twice = Buffer.from(single);
    twice[twice.indexOf('b\0')] = 'a'.charCodeAt(0);
    expect(new LazyDoc(twice).get('a')).toBe(decodeDoc(twice).get('a'));
    expect(new LazyDoc(twice).size).toBe(1);
  });

  test('[DB31] malformed bytes are refused when they are met, and never read past', () => {
    const random = seededRandom(4);
    let refused = 0;
    for (let i = 0; i < 5_000; i++) {
      const bytes = randomBytesOf(random);
      const names = [...decodeDoc(bytes).keys()];
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      const whole = outcome(() => new Map(decodeDoc(bytes)));
      expect(outcome(() => new Map(new LazyDoc(bytes)))).toBe(whole);
      const lazy = new LazyDoc(bytes);
      const fields = names.map((name) => outcome(() => lazy.get(name)));
      if (!whole.startsWith('refused')) {
        expect(fields).toEqual(names.map((name) => outcome(() => decodeDoc(bytes).get(name))));
      } else refused++;
      // What follows the document belongs to others.
      const inside = new LazyDoc(Buffer.concat([bytes, Buffer.alloc(64, 1)]).subarray(0, bytes.length));
      expect(names.map((name) => outcome(() => inside.get(name)))).toEqual(fields);
    }
    expect(refused).toBeGreaterThan(500);
  });
});
