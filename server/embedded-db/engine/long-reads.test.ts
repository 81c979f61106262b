// Long reads beside other clients, and their end by a time limit.
import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { answer } from '../commands/dispatch.ts';
import {
  docOf,
  failureOf,
  localClient,
  openTestDatabase,
  type TestDatabase,
  temporaryDirectory,
} from '../test-support/test-database.ts';
import { type OpenEngine, openEngine } from './open.ts';
import type { Reply } from './retry-log.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const DOCUMENTS = 10_000;
let database: TestDatabase;
/** The same documents in this thread, where nobody but the read decides when others have a turn. */
let near: OpenEngine;
let nearDir: string;

const DOCUMENTS_OF_ALL = Array.from({ length: DOCUMENTS }, (_, i) => ({
  number: (i * 7_919) % DOCUMENTS,
  few: i % 3,
  text: `text ${(i * 104_729) % DOCUMENTS}`,
  nested: { list: [i, i + 1, { deep: `deep ${i}` }] },
}));
const INDEXES = [
  { key: { number: 1 }, name: 'number' },
  { key: { few: 1, number: 1 }, name: 'few_number' },
];

beforeAll(async () => {
  database = await openTestDatabase();
  nearDir = temporaryDirectory();
  near = openEngine(nearDir, () => undefined);
  for (const run of [(body: object) => database.db.command(body), runNear]) {
    await run({ insert: 'long', documents: DOCUMENTS_OF_ALL });
    await run({ createIndexes: 'long', indexes: INDEXES });
  }
});

afterAll(async () => {
  await database.close();
  near.close();
  rmSync(nearDir, { recursive: true, force: true });
});

afterEach(() => vi.restoreAllMocks());

function runNear(body: object): Promise<Reply> {
  const connection = localClient();
  return answer({ engine: near.engine, body: docOf({ ...body, $db: 'test' }), connection });
}

const numbers = Array.from({ length: DOCUMENTS }, (_, i) => i);

const READS: [string, object][] = [
  ['a scan', { count: 'long', query: { text: 'none' } }],
  ['a sort', { find: 'long', sort: { text: 1 }, batchSize: 1 }],
  ['a sort with a limit', { find: 'long', sort: { text: 1 }, limit: 6_000, batchSize: 1 }],
  [
    'a sort within a pipeline',
    {
      aggregate: 'long',
      pipeline: [{ $addFields: { x: 1 } }, { $sort: { text: -1 } }, { $match: { x: 2 } }],
      cursor: {},
    },
  ],
  [
    'a $group with many groups',
    {
      aggregate: 'long',
      pipeline: [{ $group: { _id: '$text', n: { $sum: '$number' } } }, { $match: { n: -1 } }],
      cursor: {},
    },
  ],
  ['distinct values', { distinct: 'long', key: 'text' }],
  ['an $in of thousands', { count: 'long', query: { text: { $in: numbers } } }],
  ['thousands of index ranges', { count: 'long', query: { number: { $in: numbers }, text: 'none' } }],
];

describe('long reads', () => {
  test.each(READS)('[DB33] others are answered during %s', async (_name, read) => {
    // Every look at the clock is the end of a slice: how fast the machine is plays no part.
    let ticks = performance.now();
    vi.spyOn(performance, 'now').mockImplementation(() => (ticks += 5));
    let isOver = false;
    const work = runNear(read).finally(() => {
      isOver = true;
    });
    let answered = 0;
    while (!isOver) {
      expect((await runNear({ ping: 1 })).get('ok')).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      if (!isOver) answered++;
    }
    expect((await work).get('ok')).toBe(1);
    expect(answered).toBeGreaterThan(DOCUMENTS / 500);
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
    expect(await failureOf(database.db.command({ ...read, maxTimeMS: 1 }))).toMatchObject({ code: 50 });
  });
});
