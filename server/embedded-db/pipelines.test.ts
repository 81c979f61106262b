// Counts, pipelines and projections.
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

beforeEach(async () => {
  await database.db.dropDatabase();
});

function rows() {
  return database.db.collection<Document & { _id: number }>('rows');
}

async function fill(count: number): Promise<void> {
  await rows().insertMany(
    Array.from({ length: count }, (_, i) => ({ _id: i, g: i % 7, tags: [`t${i % 3}`, 'all'] })),
  );
}

describe('pipelines', () => {
  test('[DB16] counts agree with find', async () => {
    await fill(100);
    const expected = (await rows().find({ g: 3 }).toArray()).length;
    expect(await rows().countDocuments({ g: 3 })).toBe(expected);
    expect((await database.db.command({ count: 'rows', query: { g: 3 } }))['n']).toBe(expected);
    expect(await rows().countDocuments({ g: 3 }, { skip: 2, limit: 5 })).toBe(5);
    expect(await rows().estimatedDocumentCount()).toBe(100);
    expect(await rows().distinct('tags', { g: 1 })).toEqual(['all', 't0', 't1', 't2']);
  });

  test('[DB16] $group with its accumulators', async () => {
    await rows().insertMany([
      { _id: 1, k: 'a', v: 1 },
      { _id: 2, k: 'a', v: 2.5 },
      { _id: 3, v: null },
    ]);
    const grouped = await rows()
      .aggregate([
        { $sort: { _id: 1 } },
        {
          $group: {
            _id: '$k',
            sum: { $sum: '$v' },
            avg: { $avg: '$v' },
            min: { $min: '$v' },
            max: { $max: '$v' },
            first: { $first: '$_id' },
            last: { $last: '$_id' },
            all: { $push: '$v' },
            set: { $addToSet: '$k' },
            n: { $count: {} },
          },
        },
        { $sort: { _id: 1 } },
      ])
      .toArray();
    expect(grouped).toEqual([
      { _id: null, sum: 0, avg: null, min: null, max: null, first: 3, last: 3, all: [null], set: [], n: 1 },
      { _id: 'a', sum: 3.5, avg: 1.75, min: 1, max: 2.5, first: 1, last: 2, all: [1, 2.5], set: ['a'], n: 2 },
    ]);
  });

  test('[DB16] $unwind, $lookup, $project, $addFields, $count', async () => {
    await fill(6);
    const unwound = await rows()
      .aggregate([{ $match: { _id: 4 } }, { $unwind: '$tags' }, { $project: { tags: 1 } }])
      .toArray();
    expect(unwound).toEqual([
      { _id: 4, tags: 't1' },
      { _id: 4, tags: 'all' },
    ]);
    const joined = await rows()
      .aggregate([
        { $match: { _id: 2 } },
        { $lookup: { from: 'rows', localField: 'tags', foreignField: 'tags', as: 'same' } },
        { $project: { _id: 0, n: { $size: '$same' }, ids: '$same._id', next: { $add: ['$_id', 1] } } },
      ])
      .toArray();
    expect(joined).toEqual([{ n: 6, ids: [0, 1, 2, 3, 4, 5], next: 3 }]);
    const added = await rows()
      .aggregate([{ $match: { _id: 1 } }, { $set: { 'a.b': '$g', tags: '$$REMOVE' } }])
      .toArray();
    expect(added).toEqual([{ _id: 1, g: 1, a: { b: 1 } }]);
    expect(
      await rows()
        .aggregate([{ $match: { g: { $gt: 2 } } }, { $count: 'n' }])
        .toArray(),
    ).toEqual([{ n: 3 }]);
  });
});

describe('projections', () => {
  test('[DB19] fields are kept, dropped, sliced, matched and computed', async () => {
    await rows().insertOne({
      _id: 1,
      a: 1,
      b: { c: 2, d: 3 },
      list: [{ x: 1, y: 1 }, { x: 2, y: 2 }, 5],
      n: [1, 2, 3],
    });
    const project = async (projection: Document, filter: Document = {}) =>
      rows().findOne(filter, { projection });
    expect(await project({ a: 1 })).toEqual({ _id: 1, a: 1 });
    expect(await project({ 'b.c': 1, _id: 0 })).toEqual({ b: { c: 2 } });
    expect(await project({ b: { d: 0 }, list: 0, n: 0 })).toEqual({ _id: 1, a: 1, b: { c: 2 } });
    expect(await project({ 'list.x': 1 })).toEqual({ _id: 1, list: [{ x: 1 }, { x: 2 }] });
    expect(await project({ 'list.x': 0, a: 0, b: 0, n: 0 })).toEqual({
      _id: 1,
      list: [{ y: 1 }, { y: 2 }, 5],
    });
    expect(await project({ n: { $slice: -2 }, a: 1 })).toEqual({ _id: 1, a: 1, n: [2, 3] });
    expect(await project({ list: { $elemMatch: { x: 2 } } })).toEqual({ _id: 1, list: [{ x: 2, y: 2 }] });
    expect(await project({ 'n.$': 1 }, { n: { $gte: 2 } })).toEqual({ _id: 1, n: [2] });
    expect(await project({ twice: { $multiply: ['$a', 2] } })).toEqual({ _id: 1, twice: 2 });
    expect((await failureOf(project({ a: 1, b: 0 })))['code']).toBe(31254);
  });
});
