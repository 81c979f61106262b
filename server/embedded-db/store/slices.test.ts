// Long work in slices.
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../test-support/test-database.ts';
import { PAUSE } from './row.ts';
import { paced, sortInSlices } from './slices.ts';

interface Item {
  readonly key: number;
  readonly at: number;
}

function sort(items: readonly Item[]): { sorted: readonly Item[]; worst: number } {
  let compared = 0;
  let worst = 0;
  const slices = sortInSlices(items, (a, b) => {
    compared++;
    return a.key - b.key;
  });
  for (;;) {
    const next = slices.next();
    worst = Math.max(worst, compared);
    compared = 0;
    if (next.done) return { sorted: next.value, worst };
  }
}

describe('slices', () => {
  test('[DB33] a sort in slices gives what a sort at once gives, equal items in their order', () => {
    const random = seededRandom(6);
    for (const length of [0, 1, 2, 511, 512, 513, 1_024, 1_500, 2_049, 10_000]) {
      const items = Array.from({ length }, (_, at) => ({ key: Math.floor((random() * length) / 3), at }));
      expect(sort(items).sorted).toEqual(items.toSorted((a, b) => a.key - b.key));
    }
  });

  test('[DB33] no slice of a sort grows with the number of items', () => {
    const random = seededRandom(7);
    const items = Array.from({ length: 50_000 }, (_, at) => ({ key: random(), at }));
    expect(sort(items).worst).toBeLessThan(6_000);
  });

  test('[DB33] items all there at once come with pauses between them', () => {
    const out = [...paced(Array.from({ length: 1_000 }, (_, i) => i))];
    expect(out.filter((each) => each !== PAUSE)).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
    expect(out.filter((each) => each === PAUSE).length).toBeGreaterThan(10);
  });
});
