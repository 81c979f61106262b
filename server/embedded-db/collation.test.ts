// Collation in commands: filters, sorts, distinct, groups, unique indexes, and that an index never changes an answer.
import type { CollationOptions, Document } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { randomText } from './test-support/random-text.ts';
import { pick, type Random } from './test-support/random-values.ts';
import {
  failureOf,
  openTestDatabase,
  seededRandom,
  type TestDatabase,
} from './test-support/test-database.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const NO_CASE: CollationOptions = { locale: 'en', strength: 2 };

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterAll(() => database.close());

beforeEach(async () => {
  await database.db.dropDatabase();
});

function people(name = 'people') {
  return database.db.collection<Document & { _id: number }>(name);
}

async function fill(...names: string[]): Promise<void> {
  await people().insertMany(names.map((name, i) => ({ _id: i, name, tags: [name, { inner: name }] })));
}

async function ids(filter: Document, collation?: CollationOptions): Promise<number[]> {
  const found = await people()
    .find(filter, collation ? { collation } : {})
    .sort({ _id: 1 })
    .toArray();
  return found.map((each) => each._id);
}

describe('collation', () => {
  test('[DB41] every comparison of a filter obeys it, also inside documents and arrays', async () => {
    await fill('Anna', 'anna', 'Änne', 'Berta');
    expect(await ids({ name: 'ANNA' })).toEqual([]);
    expect(await ids({ name: 'ANNA' }, NO_CASE)).toEqual([0, 1]);
    expect(await ids({ name: { $in: ['ANNA', 'BERTA'] } }, NO_CASE)).toEqual([0, 1, 3]);
    expect(await ids({ name: { $nin: ['ANNA'] } }, NO_CASE)).toEqual([2, 3]);
    expect(await ids({ name: { $ne: 'ANNA' } }, NO_CASE)).toEqual([2, 3]);
    expect(await ids({ name: { $gte: 'änne' } }, NO_CASE)).toEqual([2, 3]);
    expect(await ids({ tags: { $all: ['ANNA'] } }, NO_CASE)).toEqual([0, 1]);
    expect(await ids({ tags: { inner: 'ANNA' } }, NO_CASE)).toEqual([0, 1]);
    expect(await ids({ tags: { $elemMatch: { inner: 'ANNA' } } }, NO_CASE)).toEqual([0, 1]);
    expect(await ids({ $expr: { $eq: ['$name', 'ANNA'] } }, NO_CASE)).toEqual([0, 1]);
    expect(await ids({ name: 'anne' }, { locale: 'en', strength: 1 })).toEqual([2]);
    // Regular expressions look at the text itself.
    expect(await ids({ name: /^A/ }, NO_CASE)).toEqual([0]);
  });

  test('[DB41] sorts, distinct and aggregates obey it', async () => {
    await fill('b10', 'B9', 'a', 'A', 'ä');
    const order = await people()
      .find({}, { collation: { locale: 'en', numericOrdering: true } })
      .sort({ name: 1 })
      .toArray();
    expect(order.map((each) => each['name'])).toEqual(['a', 'A', 'ä', 'B9', 'b10']);
    expect(await people().distinct('name', {}, { collation: NO_CASE })).toEqual(
      ['a', 'ä', 'B9', 'b10'].sort(new Intl.Collator('en').compare),
    );
    const groups = await people()
      .aggregate([{ $group: { _id: '$name', n: { $sum: 1 } } }, { $sort: { _id: 1 } }], {
        collation: NO_CASE,
      })
      .toArray();
    expect(groups.map((each) => each['n'])).toEqual([2, 1, 1, 1]);
    const joined = await people()
      .aggregate(
        [
          { $match: { name: 'A' } },
          { $lookup: { from: 'people', localField: 'name', foreignField: 'name', as: 'same' } },
          { $project: { n: { $size: '$same' } } },
        ],
        { collation: NO_CASE },
      )
      .toArray();
    expect(joined.map((each) => each['n'])).toEqual([2, 2]);
    expect(await people().countDocuments({ name: 'A' }, { collation: NO_CASE })).toBe(2);
    expect(
      await database.db.command({ count: 'people', query: { name: 'A' }, collation: NO_CASE }),
    ).toMatchObject({ n: 2 });
  });

  test('[DB41] updates, deletes and findAndModify find by it, each statement by its own', async () => {
    await fill('Anna', 'anna', 'Berta');
    await people().bulkWrite([
      { updateMany: { filter: { name: 'ANNA' }, update: { $set: { hit: 1 } }, collation: NO_CASE } },
      { updateMany: { filter: { name: 'BERTA' }, update: { $set: { hit: 1 } } } },
    ]);
    expect(await ids({ hit: 1 })).toEqual([0, 1]);
    const changed = await people().findOneAndUpdate(
      { name: 'BERTA' },
      { $addToSet: { tags: 'BERTA' }, $set: { found: true } },
      { collation: NO_CASE, returnDocument: 'after' },
    );
    expect(changed).toMatchObject({ found: true, tags: ['Berta', { inner: 'Berta' }] });
    const { deletedCount } = await people().deleteMany({ name: 'ANNA' }, { collation: NO_CASE });
    expect(deletedCount).toBe(2);
  });

  test('[DB42] a unique index with strength 2 takes one spelling of a name', async () => {
    await people().createIndex({ name: 1 }, { unique: true, collation: NO_CASE });
    await fill('anna@example.com');
    const refused = await failureOf(people().insertOne({ _id: 5, name: 'ANNA@example.com' }));
    expect(refused).toMatchObject({ code: 11000, keyValue: { name: 'ANNA@example.com' } });
    // One index key, but two names.
    await people().insertOne({ _id: 6, name: 'änna@example.com' });
    const moved = await failureOf(people().updateOne({ _id: 6 }, { $set: { name: 'Anna@Example.com' } }));
    expect(moved['code']).toBe(11000);
    await people().updateOne({ _id: 0 }, { $set: { name: 'Anna@Example.com' } });
    const session = database.client.startSession();
    const inTransaction = await failureOf(
      session.withTransaction(async () => {
        await people().insertOne({ _id: 7, name: 'otto' }, { session });
        await people().insertOne({ _id: 8, name: 'OTTO' }, { session });
      }),
    );
    expect(inTransaction['code']).toBe(11000);
    await session.endSession();
    await people().deleteOne({ _id: 0 });
    await people().insertOne({ _id: 5, name: 'ANNA@example.com' });
    await people('twice').insertMany([
      { _id: 1, name: 'x' },
      { _id: 2, name: 'X' },
    ]);
    const built = await failureOf(
      people('twice').createIndex({ name: 1 }, { unique: true, collation: NO_CASE }),
    );
    expect(built['code']).toBe(11000);
  });

  test('[DB42] a collection’s collation is that of its queries and indexes, unless they name another', async () => {
    await database.db.createCollection('people', { collation: NO_CASE });
    await fill('Anna', 'anna');
    expect(await ids({ name: 'ANNA' })).toEqual([0, 1]);
    expect(await ids({ name: 'ANNA' }, { locale: 'simple' })).toEqual([]);
    await people().createIndex({ name: 1 });
    await people().createIndex({ name: 1 }, { name: 'plain', collation: { locale: 'simple' } });
    const full = {
      ...{ locale: 'en', caseLevel: false, caseFirst: 'off', strength: 2, numericOrdering: false },
      ...{ alternate: 'non-ignorable', maxVariable: 'punct', normalization: false, backwards: false },
      version: '57.1',
    };
    expect(await people().indexes()).toEqual([
      { v: 2, key: { _id: 1 }, name: '_id_', collation: full },
      { v: 2, key: { name: 1 }, name: 'name_1', collation: full },
      { v: 2, key: { name: 1 }, name: 'plain' },
    ]);
    const [listed] = await database.db.listCollections({ name: 'people' }).toArray();
    expect(listed).toMatchObject({ options: { collation: full } });
    const texts = database.db.collection<{ _id: string }>('people');
    await texts.insertOne({ _id: 'a' });
    expect((await failureOf(texts.insertOne({ _id: 'A' })))['code']).toBe(11000);
    expect(await texts.findOne({ _id: 'A' })).toEqual({ _id: 'a' });
  });

  test('[DB42] indexed and unindexed collections give the same documents under random collations', async () => {
    const random = seededRandom(21);
    const collations: CollationOptions[] = [
      NO_CASE,
      { locale: 'de', strength: 1, numericOrdering: true },
      { locale: 'sv', strength: 1 },
      { locale: 'simple' },
    ];
    const documents = Array.from({ length: 250 }, (_, _id) => ({ _id, a: value(random), b: value(random) }));
    const [indexed, plain] = [people('indexed'), people('plain')];
    for (const [i, collation] of collations.entries()) {
      await indexed.createIndex({ a: 1, b: -1 }, { collation, name: `ab${i}` });
      await indexed.createIndex({ b: 1 }, { collation, name: `b${i}` });
    }
    await Promise.all([indexed.insertMany(documents), plain.insertMany(documents)]);
    for (let i = 0; i < 250; i++) {
      const filter = {
        [pick(random, ['a', 'b'])]: predicate(random),
        ...(random() < 0.3 ? { b: value(random) } : {}),
      };
      const collation = pick(random, collations);
      const sort = pick<Document>(random, [{ _id: 1 }, { a: 1, b: -1, _id: 1 }, { b: -1, _id: 1 }]);
      const answer = async (from: typeof plain) =>
        (await from.find(filter, { collation }).sort(sort).toArray()).map((each) => each._id);
      const expected = await answer(plain);
      expect(await answer(indexed), `${i}: ${JSON.stringify([filter, sort, collation])}`).toEqual(expected);
      const n = await indexed.countDocuments(filter, { collation });
      expect(n).toBe(expected.length);
      const counted = await database.db.command({ count: 'indexed', query: filter, collation });
      expect(counted['n']).toBe(expected.length);
    }
  }, 60_000);
});

function value(random: Random): unknown {
  const kind = random();
  if (kind < 0.7) return randomText(random);
  if (kind < 0.8) return Math.floor(random() * 3);
  return kind < 0.9 ? { t: randomText(random) } : null;
}

function predicate(random: Random): unknown {
  const operand = value(random);
  switch (pick(random, ['eq', 'in', 'range', 'not', 'regex'])) {
    case 'in':
      return { $in: [operand, value(random), value(random)] };
    case 'range':
      return { [pick(random, ['$gt', '$gte', '$lt', '$lte'])]: operand };
    case 'not':
      return { $ne: operand };
    case 'regex':
      return { $regex: pick(random, ['^a', '^A', '^l']) };
    default:
      return operand;
  }
}
