// Variables of commands and pipeline updates, through the driver.
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
  await rows().insertMany([1, 2, 3].map((_id) => ({ _id, n: _id * 10 })));
});

function rows() {
  return database.db.collection<Document & { _id: number }>('rows');
}

const isWanted = { $expr: { $eq: ['$n', '$$wanted'] } };

describe('let', () => {
  test('[DB54] find, aggregate, update, delete and findAndModify see its variables', async () => {
    const options = { let: { wanted: 20 } };
    expect(
      await rows()
        .find(isWanted, { ...options, projection: { twice: { $add: ['$n', '$$wanted'] } } })
        .toArray(),
    ).toEqual([{ _id: 2, twice: 40 }]);
    expect(
      await rows()
        .aggregate([{ $match: isWanted }, { $set: { w: '$$wanted' } }], options)
        .toArray(),
    ).toEqual([{ _id: 2, n: 20, w: 20 }]);
    expect((await rows().updateMany(isWanted, { $set: { hit: true } }, options)).modifiedCount).toBe(1);
    expect(
      await rows().findOneAndUpdate(isWanted, [{ $set: { n: '$$wanted', m: { $add: ['$$wanted', 1] } } }], {
        ...options,
        returnDocument: 'after',
      }),
    ).toEqual({
      _id: 2,
      n: 20,
      hit: true,
      m: 21,
    });
    expect((await rows().deleteMany(isWanted, options)).deletedCount).toBe(1);
    expect((await failureOf(rows().findOne(isWanted)))['code']).toBe(17276);
  });
});

describe('pipeline updates', () => {
  test('[DB54] one, many, in bulk and as upserts; nothing changed is not modified', async () => {
    const doubled = [{ $set: { n: { $multiply: ['$n', 2] } } }];
    expect((await rows().updateMany({}, doubled)).modifiedCount).toBe(3);
    expect((await rows().updateOne({ _id: 1 }, [{ $set: { n: '$n' } }])).modifiedCount).toBe(0);
    await rows().bulkWrite([
      { updateOne: { filter: { _id: 1 }, update: doubled } },
      { updateOne: { filter: { _id: 9 }, update: [{ $set: { n: { $ifNull: ['$n', 0] } } }], upsert: true } },
    ]);
    expect(await rows().find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, n: 40 },
      { _id: 2, n: 40 },
      { _id: 3, n: 60 },
      { _id: 9, n: 0 },
    ]);
  });

  test('[DB54] what fails with a document is told with its command', async () => {
    const failure = await failureOf(rows().updateOne({ _id: 1 }, [{ $set: { _id: 5 } }]));
    expect(failure['code']).toBe(66);
    expect(failure.message).toMatch(/^Plan executor error during update :: caused by :: After applying/);
    const other = await failureOf(rows().findOneAndUpdate({ _id: 1 }, { $inc: { 'n.x': 1 } }));
    expect(other.message).toMatch(
      /^Plan executor error during findAndModify :: caused by :: Cannot create field/,
    );
  });
});

describe('sizes', () => {
  test('[DB53] results and updated documents beyond 16 MB are refused', async () => {
    const text = 'x'.repeat(9 * 1024 * 1024);
    await rows().updateOne({ _id: 1 }, { $set: { text } });
    const twice = { $set: { more: { $concat: ['$text', 'y'] } } };
    expect(
      (
        await failureOf(
          rows()
            .aggregate([{ $match: { _id: 1 } }, twice])
            .toArray(),
        )
      )['code'],
    ).toBe(10334);
    const failure = await failureOf(rows().updateOne({ _id: 1 }, [twice]));
    expect(failure['code']).toBe(17419);
    expect(failure.message).toMatch(/Resulting document after update is larger than 16777216$/);
  });
});
