// The everyday commands, through the official driver and mongoose.
import { Decimal128, Double, GridFSBucket, Int32, Long, type MongoBulkWriteError } from 'mongodb';
import mongoose from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { failureOf, openTestDatabase, type TestDatabase } from './test-support/test-database.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterAll(() => database.close());

beforeEach(() => database.db.dropDatabase());

interface Item {
  _id: number;
  n?: number;
  name?: string;
  tags?: string[];
}

function items() {
  return database.db.collection<Item>('items');
}

describe('reading and writing', () => {
  test('[DB4] number types and field order survive the way in and out', async () => {
    const values = database.db.collection<{ _id: Int32; [name: string]: unknown }>('values');
    const source = {
      _id: new Int32(1),
      z: new Int32(5),
      a: new Double(5),
      l: Long.fromString('9007199254740993'),
      d: Decimal128.fromString('0.10'),
      order: { b: 1, 2: 'two', 1: 'one' },
    };
    await values.insertOne(source);
    const found = await values.findOne({}, { promoteValues: false });
    expect(found).toEqual({ ...source, order: { 1: 'one', 2: 'two', b: new Int32(1) } });
    expect(Object.keys(found ?? {})).toEqual(['_id', 'z', 'a', 'l', 'd', 'order']);
  });

  test('[DB6] counts tell matched from modified', async () => {
    await items().insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 1 },
    ]);
    expect(await items().updateMany({ n: 1 }, { $set: { n: 1 } })).toMatchObject({
      matchedCount: 2,
      modifiedCount: 0,
    });
    expect(await items().updateOne({ n: 1 }, { $inc: { n: 1 } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 1,
    });
    expect(await items().updateOne({ _id: 9 }, { $set: { n: 3 } }, { upsert: true })).toMatchObject({
      upsertedId: 9,
    });
    expect(await items().replaceOne({ _id: 9 }, { name: 'x' })).toMatchObject({ modifiedCount: 1 });
    expect(await items().findOne({ _id: 9 })).toEqual({ _id: 9, name: 'x' });
    expect(await items().deleteMany({ n: { $gte: 1 } })).toMatchObject({ deletedCount: 2 });
    expect(await items().deleteOne({ _id: 100 })).toMatchObject({ deletedCount: 0 });
  });

  test('[DB6] findAndModify returns the document before or after, and sorts', async () => {
    await items().insertMany([
      { _id: 1, n: 5 },
      { _id: 2, n: 3 },
    ]);
    const before = await items().findOneAndUpdate({}, { $inc: { n: 10 } }, { sort: { n: 1 } });
    expect(before).toEqual({ _id: 2, n: 3 });
    const after = await items().findOneAndUpdate({ _id: 1 }, { $set: { n: 6 } }, { returnDocument: 'after' });
    expect(after).toEqual({ _id: 1, n: 6 });
    expect(await items().findOneAndReplace({ _id: 1 }, { name: 'r' }, { projection: { n: 1 } })).toEqual({
      _id: 1,
      n: 6,
    });
    expect(await items().findOneAndDelete({ _id: 1 })).toEqual({ _id: 1, name: 'r' });
    expect(await items().findOneAndUpdate({ _id: 7 }, { $set: { n: 1 } })).toBeNull();
    expect(
      await items().findOneAndUpdate(
        { _id: 7 },
        { $set: { n: 1 } },
        { upsert: true, returnDocument: 'after' },
      ),
    ).toEqual({ _id: 7, n: 1 });
  });

  test('[DB5] sort, skip and limit; missing and null first, then by bracket', async () => {
    const mixed = database.db.collection<{ _id: string; v?: unknown }>('mixed');
    await mixed.insertMany([
      { _id: 'date', v: new Date(1) },
      { _id: 'text', v: 'a' },
      { _id: 'missing' },
      { _id: 'number', v: 5 },
      { _id: 'array', v: [9, 1] },
      { _id: 'empty', v: [] },
      { _id: 'object', v: { a: 1 } },
      { _id: 'bool', v: false },
    ]);
    const up = (await mixed.find().sort({ v: 1, _id: 1 }).toArray()).map((each) => each._id);
    expect(up).toEqual(['empty', 'missing', 'array', 'number', 'text', 'object', 'bool', 'date']);
    const down = (await mixed.find().sort({ v: -1, _id: 1 }).toArray()).map((each) => each._id);
    expect(down).toEqual(['date', 'bool', 'object', 'text', 'array', 'number', 'missing', 'empty']);
    const window = await mixed.find().sort({ v: 1, _id: 1 }).skip(2).limit(2).toArray();
    expect(window.map((each) => each._id)).toEqual(['array', 'number']);
  });

  test('[DB8] a unique violation has the code, text, keyPattern and keyValue of the server', async () => {
    await items().createIndex({ name: 1, n: -1 }, { unique: true, name: 'pair' });
    await items().insertOne({ _id: 1, name: 'x', n: 2 });
    const failure = await failureOf(items().insertOne({ _id: 2, name: 'x', n: 2 }));
    expect(failure).toMatchObject({
      code: 11000,
      keyPattern: { name: 1, n: -1 },
      keyValue: { name: 'x', n: 2 },
    });
    expect(failure.message).toBe(
      'E11000 duplicate key error collection: test.items index: pair dup key: { name: "x", n: 2 }',
    );
    expect((await failureOf(items().insertOne({ _id: 1 }))).message).toContain(
      'index: _id_ dup key: { _id: 1 }',
    );
    expect(
      (
        await failureOf(items().findOneAndUpdate({ _id: 5 }, { $set: { name: 'x', n: 2 } }, { upsert: true }))
      )['code'],
    ).toBe(11000);
  });

  test('[DB8] ordered writes stop at the first error, unordered ones go on', async () => {
    const documents = [{ _id: 1 }, { _id: 1 }, { _id: 2 }];
    const ordered = (await failureOf(items().insertMany(documents))) as unknown as MongoBulkWriteError;
    expect([ordered.insertedCount, await items().countDocuments()]).toEqual([1, 1]);
    const unordered = (await failureOf(
      items().insertMany(documents, { ordered: false }),
    )) as unknown as MongoBulkWriteError;
    expect([unordered.insertedCount, await items().countDocuments()]).toEqual([1, 2]);
  });

  test('[DB8] sparse and partial unique indexes leave others alone', async () => {
    await items().createIndex({ name: 1 }, { unique: true, sparse: true });
    await items().createIndex({ n: 1 }, { unique: true, partialFilterExpression: { n: { $gt: 10 } } });
    await items().insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 1 },
      { _id: 3, n: 11, name: 'x' },
    ]);
    expect((await failureOf(items().insertOne({ _id: 4, n: 11 })))['code']).toBe(11000);
    expect((await failureOf(items().insertOne({ _id: 5, name: 'x' })))['code']).toBe(11000);
    expect(await items().find({ n: 1 }).toArray()).toHaveLength(2);
    expect(
      await items()
        .find({ name: null as unknown as string })
        .toArray(),
    ).toHaveLength(2);
  });

  test('[DB3] GridFS stores and returns files', async () => {
    const bucket = new GridFSBucket(database.db);
    const content = Buffer.alloc(600_000, 'ab');
    const upload = bucket.openUploadStream('a.bin', { metadata: { kind: 'test' } });
    await new Promise<void>((resolve, reject) => {
      upload.once('finish', resolve).once('error', reject).end(content);
    });
    const parts: Buffer[] = [];
    for await (const part of bucket.openDownloadStreamByName('a.bin')) parts.push(part as Buffer);
    expect(Buffer.concat(parts).equals(content)).toBe(true);
    await bucket.delete(upload.id);
    expect(await database.db.collection('fs.chunks').countDocuments()).toBe(0);
  });
});

describe('mongoose', () => {
  test('[DB3] models make indexes, save, find, populate, and run transactions', async () => {
    const connection = await mongoose.createConnection(database.uri, { dbName: 'goose' }).asPromise();
    const Person = connection.model(
      'Person',
      new mongoose.Schema({ mail: { type: String, unique: true }, age: Number }, { timestamps: true }),
    );
    const Note = connection.model(
      'Note',
      new mongoose.Schema({ by: { type: mongoose.Types.ObjectId, ref: 'Person' }, text: [String] }),
    );
    await Promise.all([Person.init(), Note.init()]);
    const ada = await Person.create({ mail: 'ada@x', age: 36 });
    await Note.create({ by: ada._id, text: ['one'] });
    expect((await failureOf(Person.create({ mail: 'ada@x' })))['code']).toBe(11000);
    await connection.transaction(async (session) => {
      await Person.updateOne({ mail: 'ada@x' }, { $inc: { age: 1 } }, { session });
      const note = await Note.findOne({ by: ada._id }).session(session);
      note?.text.push('two');
      await note?.save({ session });
    });
    const note = await Note.findOne().populate<{ by: { mail: string; age: number } }>('by').lean();
    expect(note).toMatchObject({ text: ['one', 'two'], by: { mail: 'ada@x', age: 37 } });
    expect(await Person.countDocuments({ age: { $gt: 30 } })).toBe(1);
    await connection.dropDatabase();
    await connection.close();
  });
});
