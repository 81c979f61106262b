// Collations by themselves: what is read, how strings compare, and that keys agree with the comparison.
import { describe, expect, test } from 'vitest';
import type { DatabaseError } from '../database-error.ts';
import { randomText } from '../test-support/random-text.ts';
import { docOf, seededRandom } from '../test-support/test-database.ts';
import { type Collation, readCollation } from './collation.ts';

function collation(spec: object): Collation {
  const found = readCollation(docOf(spec));
  if (!found) throw new Error('simple');
  return found;
}

function codeOf(spec: object): number | null {
  try {
    readCollation(docOf(spec));
    return null;
  } catch (error) {
    return (error as DatabaseError).code;
  }
}

/** Languages with rules of their own for what is equal; the rest follow the root. */
const LOCALES = [
  ...['en', 'de', 'de@collation=phonebook', 'da', 'sv', 'nb', 'fi', 'is', 'hu', 'cs', 'pl', 'et', 'lv', 'lt'],
  ...[
    'tr',
    'az',
    'es',
    'fr',
    'fr_CA',
    'vi',
    'ru',
    'el',
    'ar',
    'fa',
    'ur',
    'hi',
    'th',
    'lo',
    'ja',
    'ko',
    'zh',
  ],
];

describe('a collation', () => {
  test('[DB40] equal strings have one index key, in every language and at every strength', () => {
    const random = seededRandom(5);
    let equal = 0;
    for (const locale of LOCALES) {
      for (const numericOrdering of [false, true]) {
        const { indexOrder } = collation({ locale, strength: 1, numericOrdering });
        const texts = Array.from({ length: 700 }, () => randomText(random)).sort(indexOrder.compare);
        for (let i = 1; i < texts.length; i++) {
          const [a, b] = [texts[i - 1] as string, texts[i] as string];
          if (indexOrder.compare(a, b) !== 0) continue;
          equal++;
          expect(indexOrder.key(a), JSON.stringify([locale, a, b])).toBe(indexOrder.key(b));
        }
      }
    }
    // Otherwise the texts would prove nothing.
    expect(equal).toBeGreaterThan(5_000);
  });

  test('[DB40] exact keys are equal just where strings are', () => {
    const random = seededRandom(6);
    for (const locale of ['en', 'sv', 'ja']) {
      const order = collation({ locale, strength: 2 }).exactOrder();
      const texts = Array.from({ length: 60 }, () => randomText(random));
      for (const a of texts) {
        for (const b of texts) {
          expect(order.key(a) === order.key(b), JSON.stringify([a, b])).toBe(order.compare(a, b) === 0);
        }
      }
    }
  });

  test('[DB40] strength, case level and numbers compare as ICU does', () => {
    const compare = (spec: object, a: string, b: string) =>
      Math.sign(collation({ locale: 'en', ...spec }).indexOrder.compare(a, b));
    expect(compare({ strength: 1 }, 'Résumé', 'resume')).toBe(0);
    expect(compare({ strength: 2 }, 'Résumé', 'résumé')).toBe(0);
    expect(compare({ strength: 2 }, 'Résumé', 'resume')).toBe(1);
    expect(compare({ strength: 3 }, 'a', 'A')).toBe(-1);
    expect(compare({ strength: 3, caseFirst: 'upper' }, 'a', 'A')).toBe(1);
    expect(compare({ strength: 1, caseLevel: true }, 'é', 'e')).toBe(0);
    expect(compare({ strength: 1, caseLevel: true }, 'E', 'e')).toBe(1);
    expect(compare({}, 'item 10', 'item 9')).toBe(-1);
    expect(compare({ numericOrdering: true }, 'item 10', 'item 9')).toBe(1);
    expect(compare({ alternate: 'shifted' }, 'black-bird', 'blackbird')).toBe(0);
  });

  test('[DB40] all fields are shown with the defaults of the language', () => {
    expect([...collation({ locale: 'en', strength: 2 }).spec.keys()]).toEqual([
      ...['locale', 'caseLevel', 'caseFirst', 'strength', 'numericOrdering', 'alternate', 'maxVariable'],
      ...['normalization', 'backwards', 'version'],
    ]);
    expect(collation({ locale: 'da' }).spec.get('caseFirst')).toBe('upper');
    expect(collation({ locale: 'th' }).spec.get('alternate')).toBe('shifted');
    expect(readCollation(docOf({ locale: 'simple' }))).toBeNull();
  });

  test('[DB40] malformed collations are refused with the server’s codes, what Intl cannot do with 115', () => {
    const refused: readonly (readonly [object, number])[] = [
      [{ strength: 2 }, 40414],
      [{ locale: 'en', strenght: 2 }, 40415],
      [{ locale: 'en', strength: 7 }, 2],
      [{ locale: 'en', strength: 'x' }, 14],
      [{ locale: 'en', caseLevel: 1 }, 14],
      [{ locale: 'en', caseFirst: 'first' }, 2],
      [{ locale: 5 }, 14],
      [{ locale: 'tlh' }, 2],
      [{ locale: 'x_invalid' }, 2],
      [{ locale: 'en@collation=phonebook' }, 2],
      [{ locale: 'en', version: '1' }, 161],
      [{ locale: 'en', strength: 4 }, 115],
      [{ locale: 'en', backwards: true }, 115],
      [{ locale: 'en', strength: 2, caseLevel: true }, 115],
    ];
    for (const [spec, code] of refused) expect(codeOf(spec), JSON.stringify(spec)).toBe(code);
  });
});
