// Cursors, listings and refusals.
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

describe('cursors', () => {
  test('[DB11] every document comes once across getMore, also while others write', async () => {
    await fill(1000);
    const seen: number[] = [];
    for await (const row of rows().find().batchSize(37)) {
      seen.push(row._id);
      if (row._id === 500) {
        await rows().deleteMany({ _id: { $lt: 400 } });
        await rows().updateMany({ _id: { $gt: 900 } }, { $set: { g: 99 } });
      }
    }
    expect(seen).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  test('[DB11] killed, foreign and unknown cursors are 43', async () => {
    await fill(300);
    const first = await database.db.command({ find: 'rows', batchSize: 10 });
    const id = first['cursor'].id;
    const foreign = await failureOf(database.db.command({ getMore: id, collection: 'other' }));
    expect(foreign['code']).toBe(43);
    const killed = await database.db.command({ killCursors: 'rows', cursors: [id] });
    expect(killed['cursorsKilled']).toEqual([id]);
    const gone = await failureOf(database.db.command({ getMore: id, collection: 'rows' }));
    expect(gone).toMatchObject({ code: 43, codeName: 'CursorNotFound' });
  });

  test('[DB11] a cursor whose collection or index is dropped ends with 175', async () => {
    await fill(2_000);
    await rows().createIndex({ g: 1 }, { name: 'g' });
    const byIndex = rows()
      .find({ g: { $gte: 0 } })
      .hint('g')
      .batchSize(10);
    const whole = rows().find().batchSize(10);
    await Promise.all([byIndex.next(), whole.next()]);
    await rows().dropIndex('g');
    expect((await failureOf(byIndex.toArray()))['code']).toBe(175);
    await rows().drop();
    expect((await failureOf(whole.toArray()))['code']).toBe(175);
  });

  test('[DB11] batches keep below 16 MB', async () => {
    const big = 'x'.repeat(4_000_000);
    for (let i = 0; i < 7; i++) await rows().insertOne({ _id: i, big });
    const first = await database.db.command({ find: 'rows' });
    expect(first['cursor'].firstBatch).toHaveLength(4);
    expect(await rows().find().toArray()).toHaveLength(7);
  });
});

describe('collections and indexes', () => {
  test('[DB20] they are listed, made and dropped', async () => {
    await database.db.createCollection('made');
    expect((await failureOf(database.db.command({ create: 'made' })))['code']).toBe(48);
    await rows().createIndex({ g: 1, tags: -1 }, { name: 'mine', sparse: true });
    expect(await rows().indexes()).toEqual([
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { v: 2, key: { g: 1, tags: -1 }, name: 'mine', sparse: true },
    ]);
    const names = (await database.db.listCollections({}, { nameOnly: true }).toArray()).map(
      (each) => each.name,
    );
    expect(names).toEqual(['made', 'rows']);
    const databases = await database.client.db('admin').admin().listDatabases({ nameOnly: true });
    expect(databases.databases).toEqual([{ name: 'test' }]);
    await rows().dropIndex('mine');
    expect(await rows().indexes()).toHaveLength(1);
    expect((await failureOf(rows().dropIndex('mine')))['code']).toBe(27);
    expect(await rows().drop()).toBe(true);
    expect((await failureOf(rows().indexes()))['code']).toBe(26);
  });

  test('[DB20] conflicting index declarations are 85, 86 and 67', async () => {
    await rows().createIndex({ g: 1 });
    expect(await rows().createIndex({ g: 1 })).toBe('g_1');
    expect((await failureOf(rows().createIndex({ g: 1 }, { unique: true })))['code']).toBe(86);
    expect((await failureOf(rows().createIndex({ g: 1 }, { name: 'other' })))['code']).toBe(85);
    expect((await failureOf(rows().createIndex({ g: 0 as 1 })))['code']).toBe(67);
    await rows().insertMany([
      { _id: 1, u: 1 },
      { _id: 2, u: 1 },
    ]);
    expect((await failureOf(rows().createIndex({ u: 1 }, { unique: true })))['code']).toBe(11000);
    expect(await rows().indexes()).toHaveLength(2);
    expect(
      (
        await failureOf(
          rows()
            .insertOne({ _id: 3, g: [1, 2], tags: [1] })
            .then(() => rows().createIndex({ g: 1, tags: 1 })),
        )
      )['code'],
    ).toBe(171);
  });
});

describe('refusals', () => {
  test('[DB13] unknown commands are 59, what is left out is 115, never ignored', async () => {
    const refused: [Document, number][] = [
      [{ nonsense: 1 }, 59],
      [{ mapReduce: 'rows' }, 59],
      [{ find: 'rows', collation: { locale: 'de', strength: 5 } }, 115],
      [{ find: 'rows', tailable: true }, 115],
      [{ find: 'rows', unheardOf: 1 }, 115],
      [{ aggregate: 'rows', pipeline: [{ $geoNear: {} }], cursor: {} }, 115],
      [{ aggregate: 'rows', pipeline: [{ $changeStream: {} }], cursor: {} }, 115],
      [{ create: 'rows', capped: true, size: 5 }, 115],
      [{ createIndexes: 'rows', indexes: [{ key: { a: 'text' }, name: 'a' }] }, 115],
      [{ update: 'rows', updates: [{ q: {}, u: [{ $match: { a: 1 } }] }] }, 72],
      [{ find: 'rows', filter: { $where: '1' } }, 115],
      [{ find: 'rows', sort: { a: 5 } }, 15975],
      [{ find: 'rows', hint: 'none' }, 2],
      [{ insert: 'rows', documents: [{ _id: [1] }] }, 53],
      [{ create: 'bad$name' }, 73],
    ];
    await fill(1);
    for (const [command, code] of refused) {
      const outcome = await database.db.command(command).catch((error: unknown) => error);
      const found = (outcome as Document)['writeErrors']?.[0]?.code ?? (outcome as Document)['code'];
      expect(found, JSON.stringify(command)).toBe(code);
    }
  });

  test('[DB44] an expression that would run for ever ends its command, and nobody else waits for it', async () => {
    await rows().insertOne({ _id: 1, g: `${'a'.repeat(60)}!` });
    for (const work of [
      () =>
        rows()
          .find({ g: /^(a+)+$/ })
          .toArray(),
      () => rows().deleteMany({ g: { $regex: '^(a|a)*$', $options: 'i' } }),
      () =>
        rows()
          .aggregate([{ $project: { m: { $regexMatch: { input: '$g', regex: '^(a+)+$' } } } }])
          .toArray(),
    ]) {
      expect((await failureOf(work()))['code']).toBe(51156);
    }
    expect(await rows().countDocuments({ g: /^a+!$/ })).toBe(1);
  });

  test('[DB13] maxTimeMS ends a long read with 50', async () => {
    await fill(5_000);
    const failure = await failureOf(
      rows()
        .aggregate([{ $lookup: { from: 'rows', localField: 'x', foreignField: 'y', as: 'z' } }], {
          maxTimeMS: 20,
        })
        .toArray(),
    );
    expect(failure['code']).toBe(50);
  });
});
