// client.bulkWrite by the official driver, and the command as the driver would not send it.
import { type ClientBulkWriteModel, type Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { failureOf, openTestDatabase, type TestDatabase } from '../test-support/test-database.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

/** The driver's type of `_id` is ObjectId unless every namespace has a schema. */
type Schemas = Record<string, Document & { _id: number }>;
type Model = ClientBulkWriteModel<Schemas>;

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterAll(() => database.close());

beforeEach(async () => {
  await Promise.all(['x', 'y'].map((name) => database.client.db(name).dropDatabase()));
});

function all(namespace: string): Promise<Document[]> {
  const [db = '', name = ''] = namespace.split('.');
  return database.client.db(db).collection(name).find().sort({ _id: 1 }).toArray();
}

const MODELS: Model[] = [
  { namespace: 'x.a', name: 'insertOne', document: { _id: 1, n: 1 } },
  { namespace: 'y.b', name: 'insertOne', document: { _id: 1, n: 1 } },
  { namespace: 'x.a', name: 'updateOne', filter: { _id: 1 }, update: { $inc: { n: 5 } } },
  { namespace: 'y.b', name: 'replaceOne', filter: { _id: 2 }, replacement: { n: 2 }, upsert: true },
  { namespace: 'x.a', name: 'updateMany', filter: {}, update: { $set: { seen: true } } },
  { namespace: 'y.b', name: 'deleteOne', filter: { _id: 1 } },
];

describe('bulkWrite', () => {
  test('[DB70] changes several collections and databases and tells what each operation did', async () => {
    const done = await database.client.bulkWrite<Schemas>(MODELS, { verboseResults: true });
    expect(done).toMatchObject({
      insertedCount: 2,
      matchedCount: 2,
      modifiedCount: 2,
      upsertedCount: 1,
      deletedCount: 1,
    });
    expect(done.updateResults?.get(3)).toMatchObject({ upsertedId: 2 });
    expect(await all('x.a')).toEqual([{ _id: 1, n: 6, seen: true }]);
    expect(await all('y.b')).toEqual([{ _id: 2, n: 2 }]);
  });

  test('[DB70] ordered stops at the first error, unordered goes on; each error has its place and fields', async () => {
    const twice: Model[] = [1, 1, 2].map((_id) => ({
      namespace: 'x.a',
      name: 'insertOne',
      document: { _id },
    }));
    const ordered = await failureOf(database.client.bulkWrite<Schemas>(twice));
    expect(ordered['partialResult']).toMatchObject({ insertedCount: 1 });
    expect([...(ordered['writeErrors'] as Map<number, Document>).entries()]).toMatchObject([
      [1, { code: 11000 }],
    ]);
    await database.client.db('x').dropDatabase();
    const unordered = await failureOf(database.client.bulkWrite<Schemas>(twice, { ordered: false }));
    expect(unordered['partialResult']).toMatchObject({ insertedCount: 2 });
    const reply = await database.client.db('admin').command({
      bulkWrite: 1,
      ops: [{ insert: 0, document: { _id: 1 } }],
      nsInfo: [{ ns: 'x.a' }],
      errorsOnly: true,
    });
    expect(reply['cursor'].firstBatch).toMatchObject([
      { ok: 0, idx: 0, code: 11000, n: 0, keyPattern: { _id: 1 }, keyValue: { _id: 1 } },
    ]);
    expect(reply).toMatchObject({ nErrors: 1, nInserted: 0 });
  });

  test('[DB70] results beyond the batch size are read by getMore', async () => {
    const ops = Array.from({ length: 250 }, (_, i) => ({ insert: 0, document: { _id: i } }));
    const admin = database.client.db('admin');
    const first = await admin.command({
      bulkWrite: 1,
      ops,
      nsInfo: [{ ns: 'x.a' }],
      cursor: { batchSize: 100 },
    });
    expect(first['cursor'].firstBatch).toHaveLength(100);
    const rest = await admin.command({ getMore: first['cursor'].id, collection: '$cmd.bulkWrite' });
    expect(rest['cursor'].nextBatch.at(-1)).toEqual({ ok: 1, idx: 249, n: 1 });
    expect(`${rest['cursor'].id}`).toBe('0');
  });

  test('[DB70] a repeated bulkWrite runs only what did not run before, by statement numbers', async () => {
    const session = database.client.startSession();
    const command = (ids: number[]) => ({
      bulkWrite: 1,
      ops: ids.map((_id) => ({ insert: 0, document: { _id } })),
      nsInfo: [{ ns: 'x.a' }],
      lsid: session.id,
      txnNumber: 7n,
      stmtIds: ids,
    });
    const bare = new MongoClient(database.uri, { retryWrites: false });
    const admin = bare.db('admin');
    await admin.command(command([1, 2]));
    const again = await admin.command(command([1, 2, 3]));
    expect(again).toMatchObject({ nInserted: 3, nErrors: 0, retriedStmtIds: [1, 2] });
    expect(await all('x.a')).toEqual([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
    await bare.close();
    await session.endSession();
  });

  test('[DB70] in a transaction all of it happens or nothing', async () => {
    const abort = database.client.withSession((session) =>
      session.withTransaction(async () => {
        await database.client.bulkWrite<Schemas>(MODELS, { session });
        throw new Error('no');
      }),
    );
    await expect(abort).rejects.toThrow('no');
    expect([...(await all('x.a')), ...(await all('y.b'))]).toEqual([]);
    await database.client.withSession((session) =>
      session.withTransaction(() => database.client.bulkWrite<Schemas>(MODELS, { session })),
    );
    expect(await all('x.a')).toHaveLength(1);
  });

  test('[DB70] updateOne and replaceOne choose by their sort', async () => {
    const c = database.client.db('x').collection<Document & { _id: number }>('a');
    await c.insertMany([
      { _id: 1, n: 3 },
      { _id: 2, n: 1 },
      { _id: 3, n: 2 },
    ]);
    await c.updateOne({}, { $set: { hit: 1 } }, { sort: { n: 1 } });
    await c.replaceOne({}, { hit: 2 }, { sort: { n: -1 } });
    expect(await all('x.a')).toEqual([
      { _id: 1, hit: 2 },
      { _id: 2, n: 1, hit: 1 },
      { _id: 3, n: 2 },
    ]);
  });

  test('[DB70] operations and namespaces that make no sense are refused by code', async () => {
    const admin = database.client.db('admin');
    const code = async (fields: object) =>
      (await failureOf(admin.command({ bulkWrite: 1, ...fields })))['code'];
    const nsInfo = [{ ns: 'x.a' }];
    expect(await code({ ops: [], nsInfo })).toBe(16);
    expect(await code({ ops: [{ insert: 1, document: {} }], nsInfo })).toBe(2);
    expect(await code({ ops: [{ insert: 0, document: {} }], nsInfo: [{ ns: 'x' }] })).toBe(73);
    expect(await code({ ops: [{ merge: 0 }], nsInfo })).toBe(40415);
    expect(await code({ ops: [{ insert: 0, document: {}, odd: 1 }], nsInfo })).toBe(115);
    const elsewhere = database.client.db('x').command({ bulkWrite: 1, ops: [], nsInfo });
    expect(await failureOf(elsewhere)).toMatchObject({ code: 13 });
  });
});
