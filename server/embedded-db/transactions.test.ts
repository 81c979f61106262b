// Transactions, sessions and retryable writes, through the official driver.
import { Binary, MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { failureOf, openTestDatabase, type TestDatabase } from './test-support/test-database.ts';
import { Wire } from './test-support/wire.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterAll(() => database.close());

beforeEach(() => database.db.dropDatabase());

interface Counter {
  _id: string;
  value: number;
}

function counters() {
  return database.db.collection<Counter>('counters');
}

describe('transactions', () => {
  test('[DB9] twenty concurrent read-increment-write transactions end at exactly twenty', async () => {
    await counters().insertOne({ _id: 'c', value: 0 });
    const increment = () =>
      database.client.withSession((session) =>
        session.withTransaction(async () => {
          const found = await counters().findOne({ _id: 'c' }, { session });
          await counters().updateOne({ _id: 'c' }, { $set: { value: (found?.value ?? 0) + 1 } }, { session });
        }),
      );
    await Promise.all(Array.from({ length: 20 }, increment));
    expect((await counters().findOne({ _id: 'c' }))?.value).toBe(20);
  }, 60_000);

  test('[DB9] a transaction sees its snapshot and its own changes, others see neither until the commit', async () => {
    await counters().insertMany([
      { _id: 'a', value: 1 },
      { _id: 'b', value: 2 },
    ]);
    await database.client.withSession(async (session) => {
      session.startTransaction();
      expect(await counters().countDocuments({}, { session })).toBe(2);
      await counters().insertOne({ _id: 'outside', value: 9 });
      expect(await counters().findOne({ _id: 'outside' }, { session })).toBeNull();
      await counters().updateOne({ _id: 'a' }, { $inc: { value: 10 } }, { session });
      await counters().deleteOne({ _id: 'b' }, { session });
      await counters().insertOne({ _id: 'n', value: 5 }, { session });
      const inside = await counters().find({}, { session }).sort({ value: 1 }).toArray();
      expect(inside.map((each) => each._id)).toEqual(['n', 'a']);
      const outside = await counters().find().sort({ _id: 1 }).toArray();
      expect(outside.map((each) => [each._id, each.value])).toEqual([
        ['a', 1],
        ['b', 2],
        ['outside', 9],
      ]);
      await session.commitTransaction();
    });
    const after = await counters().find().sort({ _id: 1 }).toArray();
    expect(after.map((each) => [each._id, each.value])).toEqual([
      ['a', 11],
      ['n', 5],
      ['outside', 9],
    ]);
  });

  test('[DB9] the second transaction on a document is refused with 112 and the transient label', async () => {
    await counters().insertOne({ _id: 'c', value: 0 });
    const [one, two] = [database.client.startSession(), database.client.startSession()];
    one.startTransaction();
    two.startTransaction();
    await counters().updateOne({ _id: 'c' }, { $inc: { value: 1 } }, { session: one });
    const failure = await failureOf(
      counters().updateOne({ _id: 'c' }, { $inc: { value: 1 } }, { session: two }),
    );
    expect(failure['code']).toBe(112);
    expect(failure['codeName']).toBe('WriteConflict');
    expect(failure['errorLabels']).toContain('TransientTransactionError');
    const afterwards = await failureOf(counters().findOne({}, { session: two }));
    expect(afterwards['code']).toBe(251);
    await one.commitTransaction();
    await Promise.all([one.endSession(), two.endSession()]);
    expect((await counters().findOne({ _id: 'c' }))?.value).toBe(1);
  });

  test('[DB9] a document changed after the snapshot is a conflict', async () => {
    await counters().insertOne({ _id: 'c', value: 0 });
    await database.client.withSession(async (session) => {
      session.startTransaction();
      await counters().findOne({ _id: 'c' }, { session });
      await counters().updateOne({ _id: 'c' }, { $set: { value: 7 } });
      const failure = await failureOf(
        counters().updateOne({ _id: 'c' }, { $inc: { value: 1 } }, { session }),
      );
      expect(failure['code']).toBe(112);
    });
    expect((await counters().findOne({ _id: 'c' }))?.value).toBe(7);
  });

  test('[DB9] unique keys hold inside and between transactions', async () => {
    const people = database.db.collection<{ name: string }>('people');
    await people.createIndex({ name: 1 }, { unique: true });
    await people.insertOne({ name: 'taken' });
    const [one, two] = [database.client.startSession(), database.client.startSession()];
    one.startTransaction();
    two.startTransaction();
    await people.insertOne({ name: 'new' }, { session: one });
    expect((await failureOf(people.insertOne({ name: 'new' }, { session: two })))['code']).toBe(112);
    await one.commitTransaction();
    one.startTransaction();
    expect((await failureOf(people.insertOne({ name: 'taken' }, { session: one })))['code']).toBe(11000);
    await Promise.all([one.endSession(), two.endSession()]);
    expect(await people.countDocuments()).toBe(2);
  });

  test('[DB15] a plain write waits for the transaction and then sees its result', async () => {
    await counters().insertOne({ _id: 'c', value: 0 });
    const session = database.client.startSession();
    session.startTransaction();
    await counters().updateOne({ _id: 'c' }, { $inc: { value: 5 } }, { session });
    let isDone = false;
    const plain = counters()
      .updateOne({ _id: 'c' }, { $inc: { value: 1 } })
      .then(() => {
        isDone = true;
      });
    await counters().insertOne({ _id: 'other', value: 0 });
    expect(isDone).toBe(false);
    await session.commitTransaction();
    await plain;
    await session.endSession();
    expect((await counters().findOne({ _id: 'c' }))?.value).toBe(6);
  });

  test('[DB15] a closed connection frees the locks of its transaction', async () => {
    await counters().insertOne({ _id: 'c', value: 0 });
    const other = new MongoClient(database.uri);
    const session = other.startSession();
    session.startTransaction();
    await other
      .db('test')
      .collection<Counter>('counters')
      .updateOne({ _id: 'c' }, { $inc: { value: 5 } }, { session });
    const waiting = counters().updateOne({ _id: 'c' }, { $inc: { value: 1 } });
    await other.close();
    await waiting;
    expect((await counters().findOne({ _id: 'c' }))?.value).toBe(1);
  });

  test('[DB9] an abort leaves nothing behind; commands outside the scope are 263', async () => {
    await counters().insertOne({ _id: 'c', value: 0 });
    const session = database.client.startSession();
    session.startTransaction();
    await counters().updateMany({}, { $set: { value: 1 } }, { session });
    await session.abortTransaction();
    session.startTransaction();
    await counters().findOne({}, { session });
    const failure = await failureOf(database.db.command({ create: 'made' }, { session }));
    expect(failure['code']).toBe(263);
    await session.endSession();
    expect((await counters().findOne({ _id: 'c' }))?.value).toBe(0);
  });

  test('[DB9] a cursor of an ended transaction is dead', async () => {
    await counters().insertMany(Array.from({ length: 300 }, (_, i) => ({ _id: `${i}`, value: i })));
    const session = database.client.startSession();
    session.startTransaction();
    const cursor = counters().find({}, { session, batchSize: 10 });
    await cursor.next();
    await session.abortTransaction();
    const next = await failureOf(cursor.toArray());
    expect([43, 251]).toContain(next['code']);
    await session.endSession();
  });

  test('[DB9] a collection may be made by a transaction, and a repeated commit is answered again', async () => {
    const session = database.client.startSession();
    session.startTransaction();
    await database.db.collection('made').insertOne({ a: 1 }, { session });
    await session.commitTransaction();
    await session.commitTransaction();
    await session.endSession();
    expect(await database.db.collection('made').countDocuments()).toBe(1);
  });
});

describe('retryable writes', () => {
  test('[DB10] the same number is answered from the stored reply and not run again', async () => {
    await counters().insertOne({ _id: 'c', value: 0 });
    const lsid = { id: new Binary(Buffer.alloc(16, 7), 4) };
    const increment = { update: 'counters', updates: [{ q: { _id: 'c' }, u: { $inc: { value: 1 } } }], lsid };
    const run = (number: number) => rawCommand({ ...increment, txnNumber: BigInt(number) });
    expect(await run(1)).toMatchObject({ n: 1, nModified: 1 });
    expect(await run(1)).toMatchObject({ n: 1, nModified: 1 });
    expect((await counters().findOne({ _id: 'c' }))?.value).toBe(1);
    await run(2);
    expect((await failureOf(run(1)))['code']).toBe(225);
    expect((await counters().findOne({ _id: 'c' }))?.value).toBe(2);
  });
});

/** A command with its own session fields, which the driver would otherwise set itself. */
async function rawCommand(command: Record<string, unknown>) {
  const wire = await Wire.connect(database.uri);
  try {
    return await wire.command({ ...command, $db: 'test' });
  } finally {
    wire.close();
  }
}
