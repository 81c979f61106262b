// The same random queries with and without indexes: an index may change the cost, never the answer.

import type { Document, IndexSpecification } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { randomDocument, randomFilter } from '../test-support/random-values.ts';
import { openTestDatabase, seededRandom, type TestDatabase } from '../test-support/test-database.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const INDEXES: readonly IndexSpecification[] = [
  { a: 1 },
  { b: -1 },
  { a: 1, b: 1 },
  { 'a.b': 1, c: -1 },
  { 'a.b': 1, 'a.c': 1 },
  { c: 1, a: -1 },
];

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterAll(() => database.close());

async function fill(name: string, documents: Document[]): Promise<void> {
  const collection = database.db.collection<Document>(name);
  for (const each of documents) {
    // Documents with two arrays at once cannot be in every index; both collections leave them out.
    await collection.insertOne(each).catch(() => undefined);
  }
}

describe('the planner', () => {
  test('[DB7] indexed and unindexed collections give the same documents for random filters', async () => {
    const random = seededRandom(11);
    const documents = Array.from({ length: 300 }, (_, i) => ({ _id: i, ...randomDocument(random) }));
    const indexed = database.db.collection<Document>('indexed');
    for (const index of INDEXES) await indexed.createIndex(index);
    await indexed.createIndex({ c: 1 }, { sparse: true, name: 'sparse' });
    await fill('indexed', documents);
    const kept = (await indexed.find({}, { promoteValues: false }).toArray()) as Document[];
    const plain = database.db.collection<Document>('plain');
    await plain.insertMany(kept);
    for (let i = 0; i < 300; i++) {
      const filter = randomFilter(random);
      const [with_, without] = await Promise.all([
        indexed.find(filter).project({ _id: 1 }).toArray(),
        plain.find(filter).project({ _id: 1 }).toArray(),
      ]);
      const ids = (found: Document[]) => found.map((each) => each['_id']).sort((a, b) => a - b);
      expect(ids(with_), `${i}: ${JSON.stringify(filter)}`).toEqual(ids(without));
    }
  }, 60_000);

  test('[DB7] sorting through an index gives the order of sorting in memory', async () => {
    const random = seededRandom(12);
    const scalar = () => [null, 1, 2, 2.5, 'x', 'y', new Date(3), true][Math.floor(random() * 8)];
    const documents: Document[] = Array.from({ length: 200 }, (_, i) => ({
      _id: i,
      p: scalar(),
      q: scalar(),
      r: i % 5,
    }));
    const [indexed, plain] = [
      database.db.collection<Document>('sorted'),
      database.db.collection<Document>('unsorted'),
    ];
    await indexed.createIndex({ r: 1, p: 1, q: -1 });
    await indexed.createIndex({ p: -1 });
    await indexed.insertMany(documents);
    await plain.insertMany(documents);
    const sorts: Record<string, 1 | -1>[] = [
      { p: 1, q: -1 },
      { p: -1, q: 1 },
      { p: 1 },
      { p: -1 },
      { p: 1, q: 1 },
    ];
    for (const sort of sorts) {
      for (const filter of [
        { r: 3 },
        { r: { $in: [1, 2] } },
        { r: { $gt: 2 } },
        {},
        { r: 3, p: { $gte: 2 } },
      ]) {
        const order = async (from: typeof indexed) =>
          (await from.find(filter).sort(sort).toArray()).map((each) => [
            each['p'],
            'q' in sort ? each['q'] : 0,
          ]);
        expect(await order(indexed), JSON.stringify([filter, sort])).toEqual(await order(plain));
      }
    }
  });

  test('[DB7] updates and deletes keep index entries exact', async () => {
    const random = seededRandom(13);
    const collection = database.db.collection<Document>('changing');
    await collection.createIndex({ a: 1 });
    await collection.createIndex({ 'a.b': 1 });
    for (let i = 0; i < 400; i++) {
      const _id = Math.floor(random() * 40);
      if (random() < 0.25) await collection.deleteOne({ _id } as Document);
      else {
        const { a } = randomDocument(random);
        await collection.updateOne(
          { _id } as Document,
          a === undefined ? { $unset: { a: 1 } } : { $set: { a } },
          { upsert: true },
        );
      }
      if (i % 20 !== 0) continue;
      const filter = randomFilter(random);
      const scanned = await collection.find(filter).hint({ $natural: 1 }).sort({ _id: 1 }).toArray();
      expect(await collection.find(filter).sort({ _id: 1 }).toArray(), JSON.stringify(filter)).toEqual(
        scanned,
      );
    }
  }, 60_000);
});
