// Long reads beside other clients, and their end by a time limit.
import type { Db } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { failureOf, openTestDatabase, type TestDatabase } from '../test-support/test-database.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const DOCUMENTS = 10_000;
let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  const documents = Array.from({ length: DOCUMENTS }, (_, i) => ({
    number: (i * 7_919) % DOCUMENTS,
    few: i % 3,
    text: `text ${(i * 104_729) % DOCUMENTS}`,
    nested: { list: [i, i + 1, { deep: `deep ${i}` }] },
  }));
  await database.db.collection('long').insertMany(documents);
  await database.db
    .collection('long')
    .createIndexes([{ key: { number: 1 } }, { key: { few: 1, number: 1 } }]);
});

afterAll(() => database.close());

const numbers = Array.from({ length: DOCUMENTS }, (_, i) => i);

type Run = (db: Db, maxTimeMS?: number) => Promise<unknown>;

function command(body: object): Run {
  return (db, maxTimeMS) => db.command({ ...body, ...(maxTimeMS ? { maxTimeMS } : {}) });
}

const READS: [string, Run][] = [
  ['a scan', command({ count: 'long', query: { text: 'none' } })],
  ['a sort', command({ find: 'long', sort: { text: 1 }, batchSize: 1 })],
  ['a sort with a limit', command({ find: 'long', sort: { text: 1 }, limit: 6_000, batchSize: 1 })],
  [
    'a sort within a pipeline',
    command({
      aggregate: 'long',
      pipeline: [{ $addFields: { x: 1 } }, { $sort: { text: -1 } }, { $match: { x: 2 } }],
      cursor: {},
    }),
  ],
  [
    'a $group with many groups',
    command({
      aggregate: 'long',
      pipeline: [{ $group: { _id: '$text', n: { $sum: '$number' } } }, { $match: { n: -1 } }],
      cursor: {},
    }),
  ],
  ['distinct values', command({ distinct: 'long', key: 'text' })],
  ['an $in of thousands', command({ count: 'long', query: { text: { $in: numbers } } })],
  [
    'thousands of index ranges',
    command({ count: 'long', query: { number: { $in: numbers }, text: 'none' } }),
  ],
];

describe('long reads', () => {
  test.each(READS)('[DB33] others are answered during %s', async (_name, read) => {
    const other = database.client.db('test');
    let isOver = false;
    const work = read(database.db).finally(() => {
      isOver = true;
    });
    // Each ping needs a turn of the engine, so these come in between only when the read lets them.
    let answered = 0;
    while (!isOver) {
      await other.command({ ping: 1 });
      if (!isOver) answered++;
    }
    await work;
    expect(answered).toBeGreaterThan(1);
  });

  test.each([1, -1] as const)(
    '[DB7] an index read in many chunks gives each document once, direction %s',
    async (direction) => {
      const long = database.db.collection('long');
      const byFew = await long.find({ few: { $in: [0, 1] } }, { hint: { few: 1, number: 1 } }).toArray();
      expect(new Set(byFew.map((each) => each['number'])).size).toBe(byFew.length);
      expect(byFew).toHaveLength(Math.ceil((DOCUMENTS * 2) / 3));
      const sorted = await long.find({ few: 1 }, { sort: { number: direction }, batchSize: 500 }).toArray();
      const expected = byFew.filter((each) => each['few'] === 1).map((each) => each['number'] as number);
      expect(sorted.map((each) => each['number'])).toEqual(expected.toSorted((a, b) => (a - b) * direction));
    },
  );

  test('[DB7] one key of many documents is read in chunks, too', async () => {
    const long = database.db.collection('long');
    await long.createIndex({ few: -1 });
    for (const limit of [1, 7, 8, 9, 33, 500]) {
      expect(await long.find({ few: 2 }, { hint: { few: -1 }, limit }).toArray()).toHaveLength(limit);
    }
    const all = await long.find({ few: 2 }, { hint: { few: -1 } }).toArray();
    expect(new Set(all.map((each) => each['number'])).size).toBe(Math.floor(DOCUMENTS / 3));
  });

  test.each(READS)('[DB33] maxTimeMS ends %s', async (_name, read) => {
    expect(await failureOf(read(database.db, 1))).toMatchObject({ code: 50 });
  });
});
