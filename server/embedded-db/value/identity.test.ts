// Identities of values against their order.
import { describe, expect, test } from 'vitest';
import { show } from '../bson/show.ts';
import type { Value } from '../bson/value.ts';
import { type Random, randomValue } from '../test-support/random-values.ts';
import { docOf, seededRandom } from '../test-support/test-database.ts';
import { compareValues } from './compare.ts';
import { identityOf } from './identity.ts';

function value(random: Random): Value {
  return docOf({ v: randomValue(random) }).get('v') ?? null;
}

describe('identities', () => {
  test('[DB31] two values share an identity exactly when they compare as equal', () => {
    const random = seededRandom(5);
    const values = Array.from({ length: 400 }, () => value(random));
    let equal = 0;
    for (const a of values) {
      for (const b of values) {
        const isEqual = compareValues(a, b) === 0;
        if (isEqual) equal++;
        if ((identityOf(a) === identityOf(b)) !== isEqual) {
          expect.fail(`${show(a)} and ${show(b)}: ${identityOf(a)} and ${identityOf(b)}`);
        }
      }
    }
    expect(equal).toBeGreaterThan(values.length);
  });
});
