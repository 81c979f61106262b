// Pipelines that write: $out and $merge, through the driver.
import type { Document } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { failureOf, openTestDatabase, type TestDatabase } from './test-support/test-database.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterAll(() => database.close());

type Row = Document & { _id: unknown };

beforeEach(async () => {
  await database.db.dropDatabase();
  await rows().insertMany(Array.from({ length: 1_200 }, (_, _id) => ({ _id, n: _id % 3 })));
});

function rows() {
  return database.db.collection<Row>('rows');
}

function target() {
  return database.db.collection<Row>('target');
}

function run(...pipeline: Document[]): Promise<Document[]> {
  return rows().aggregate(pipeline).toArray();
}

async function names(): Promise<string[]> {
  const found = await database.db.listCollections().toArray();
  return found.map(({ name }) => name).sort();
}

describe('$out', () => {
  test('[DB51] replaces a collection at once and keeps its indexes', async () => {
    await target().createIndex({ n: 1 }, { name: 'byN' });
    await target().insertOne({ _id: 'old' });
    expect(await run({ $match: { n: 1 } }, { $out: 'target' })).toEqual([]);
    expect(await target().countDocuments()).toBe(400);
    expect(await target().countDocuments({ n: 1 }, { hint: 'byN' })).toBe(400);
    expect((await target().indexes()).map(({ name }) => name)).toEqual(['_id_', 'byN']);
    await run({ $match: { n: 9 } }, { $out: { db: 'test', coll: 'target' } });
    expect(await target().countDocuments()).toBe(0);
    await run({ $project: { n: { $add: ['$n', 1] } } }, { $out: 'rows' });
    expect(await rows().distinct('n')).toEqual([1, 2, 3]);
    expect(await names()).toEqual(['rows', 'target']);
  });

  test('[DB51] changes nothing when it fails', async () => {
    await target().createIndex({ n: 1 }, { unique: true });
    await target().insertOne({ _id: 'old', n: 0 });
    expect((await failureOf(run({ $out: 'target' })))['code']).toBe(11000);
    const failing = { $project: { n: '$_id', x: { $divide: [1, { $subtract: [700, '$_id'] }] } } };
    const failure = await failureOf(run(failing, { $out: 'target' }));
    expect(failure.message).toBe(
      "PlanExecutor error during aggregation :: caused by :: can't $divide by zero",
    );
    expect(await target().find().toArray()).toEqual([{ _id: 'old', n: 0 }]);
    expect(await names()).toEqual(['rows', 'target']);
    expect((await failureOf(run({ $out: 'target' }, { $limit: 1 })))['code']).toBe(40601);
    expect((await failureOf(run({ $out: 5 })))['code']).toBe(16990);
    const session = database.client.startSession();
    session.startTransaction();
    expect(
      (
        await failureOf(
          rows()
            .aggregate([{ $out: 'target' }], { session })
            .toArray(),
        )
      )['code'],
    ).toBe(263);
    await session.endSession();
  });
});

describe('$merge', () => {
  const few = { $match: { _id: { $lt: 3 } } };

  beforeEach(async () => {
    await target().insertMany([
      { _id: 1, keep: true, n: 'old' },
      { _id: 50, keep: true },
    ]);
  });

  function content(): Promise<Document[]> {
    return target().find().sort({ _id: 1 }).toArray();
  }

  test('[DB51] merges, replaces, keeps or refuses what matches', async () => {
    await run(few, { $merge: 'target' });
    expect(await content()).toEqual([
      { _id: 0, n: 0 },
      { _id: 1, keep: true, n: 1 },
      { _id: 2, n: 2 },
      { _id: 50, keep: true },
    ]);
    await run(few, { $set: { n: 7 } }, { $merge: { into: 'target', whenMatched: 'keepExisting' } });
    expect((await content())[1]).toEqual({ _id: 1, keep: true, n: 1 });
    await run(few, { $merge: { into: 'target', whenMatched: 'replace' } });
    expect((await content())[1]).toEqual({ _id: 1, n: 1 });
    expect((await failureOf(run(few, { $merge: { into: 'target', whenMatched: 'fail' } })))['code']).toBe(
      11000,
    );
  });

  test('[DB51] a pipeline sees the new document, what does not match may be left out or refused', async () => {
    const whenMatched = [{ $set: { total: { $add: ['$$new.n', 10] }, by: '$$who' } }];
    const merge = {
      into: 'target',
      let: { new: '$$ROOT', who: 'me' },
      whenMatched,
      whenNotMatched: 'discard',
    };
    await run(few, { $merge: merge });
    expect(await content()).toEqual([
      { _id: 1, keep: true, n: 'old', total: 11, by: 'me' },
      { _id: 50, keep: true },
    ]);
    expect((await failureOf(run(few, { $merge: { into: 'target', whenNotMatched: 'fail' } })))['code']).toBe(
      13113,
    );
  });

  test('[DB51] other fields need a unique index', async () => {
    const group = { $group: { _id: '$n', count: { $sum: 1 } } };
    const shape = { $project: { _id: 0, n: '$_id', count: 1 } };
    const merge = { $merge: { into: 'totals', on: 'n' } };
    expect((await failureOf(run(group, shape, merge)))['code']).toBe(51183);
    const totals = database.db.collection('totals');
    await totals.createIndex({ n: 1 }, { unique: true });
    for (const _ of [1, 2]) await run(group, shape, merge);
    expect(await totals.find({}, { projection: { _id: 0 }, sort: { n: 1 } }).toArray()).toEqual([
      { count: 400, n: 0 },
      { count: 400, n: 1 },
      { count: 400, n: 2 },
    ]);
    expect((await failureOf(run({ $project: { n: '$missing' } }, merge)))['code']).toBe(51132);
    expect((await failureOf(run({ $merge: { into: 'totals', whenMatched: 'x' } })))['code']).toBe(2);
  });
});

test('[DB51] what is written satisfies the validator of its collection', async () => {
  await database.db.createCollection('target', { validator: { n: { $lt: 2 } } });
  expect((await failureOf(run({ $out: 'target' })))['code']).toBe(121);
  expect((await failureOf(run({ $match: { n: 2 } }, { $merge: 'target' })))['code']).toBe(121);
  expect(await target().countDocuments()).toBe(0);
  await run({ $match: { n: 1 } }, { $out: 'target' });
  expect((await failureOf(target().insertOne({ _id: 'new', n: 5 })))['code']).toBe(121);
});
