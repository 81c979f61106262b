// Documents as an application has them: about 470 bytes, ten fields, one level of nesting.

import type { Document } from 'bson';
import type { Collection } from 'mongodb';

/** Documents sent in one insertMany. */
const BATCH = 2_000;
const STATES = ['draft', 'open', 'agreed', 'late', 'closed'] as const;

/** Document number `i`; always the same for the same number. `padding` is added to its note. */
export function sampleDocument(i: number, padding = 0): Document {
  return {
    number: i,
    company: `company-${i % 500}`,
    state: STATES[i % STATES.length],
    quantity: (i * 7919) % 1_000,
    price: ((i * 104_729) % 100_000) / 8,
    due: new Date(1_700_000_000_000 + ((i * 7_907) % 100_000) * 60_000),
    tags: [`tag-${i % 13}`, `tag-${i % 29}`],
    address: { street: `Long Street ${i % 997}`, city: `City ${i % 101}`, zip: String(10_000 + (i % 9_000)) },
    note: `Delivery ${i}: ${'to be agreed with the supplier before the week is frozen. '.repeat(2)}`.padEnd(
      190 + padding,
      'x',
    ),
  };
}

/** Fills a collection with the documents below `count`. */
export async function fill(collection: Collection, count: number, padding = 0): Promise<void> {
  for (let from = 0; from < count; from += BATCH) {
    const size = Math.min(BATCH, count - from);
    await collection.insertMany(Array.from({ length: size }, (_, i) => sampleDocument(from + i, padding)));
  }
}
