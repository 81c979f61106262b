// What one document may make the thread compute, and what may be made of it.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { failureOf, openTestDatabase, type TestDatabase } from './test-support/test-database.ts';
import { Wire } from './test-support/wire.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  await database.db.collection<{ _id: number }>('one').insertOne({ _id: 1 });
});

afterAll(() => database.close());

/** The code an expression over one document ends with. */
async function codeOf(expression: object): Promise<unknown> {
  const run = database.db.collection('one').aggregate([{ $project: { r: expression } }]);
  return (await failureOf(run.toArray()))['code'];
}

/** A value repeatedly put into an expression of itself. */
function repeated(times: number, initialValue: unknown, next: unknown): object {
  return { $reduce: { input: { $range: [0, times] }, initialValue, in: next } };
}

test('[DB85] an expression that computes too long for one document ends with 50', async () => {
  const sum = (inner: unknown) => repeated(4_000, 0, { $add: ['$$value', inner] });
  expect(await codeOf(sum(sum(sum(1))))).toBe(50);
  const tree = repeated(40, [1], ['$$value', '$$value']);
  expect(await codeOf({ $eq: [tree, tree] })).toBe(50);
});

test('[DB85] a command that ends so takes nothing from the next in the same turn', async () => {
  const wire = await Wire.connect(database.uri);
  const sum = (inner: unknown) => repeated(4_000, 0, { $add: ['$$value', inner] });
  const messageOf = (r: object) =>
    Wire.message({
      aggregate: 'one',
      pipeline: [{ $project: { r } }],
      cursor: {},
      $db: database.db.databaseName,
    });
  wire.socket.write(Buffer.concat([messageOf(sum(sum(sum(1)))), messageOf(repeated(20_000, 0, '$$this'))]));
  expect(await wire.reply()).toMatchObject({ ok: 0, code: 50 });
  expect(await wire.reply()).toMatchObject({ ok: 1 });
  wire.close();
});

test('[DB85] arrays, texts and documents in the making are refused before they fill the memory', async () => {
  expect(await codeOf(repeated(60, [1, 2], { $concatArrays: ['$$value', '$$value'] }))).toBe(146);
  expect(await codeOf(repeated(60, 'ab', { $concat: ['$$value', '$$value'] }))).toBe(13548);
  const long = repeated(20, 'ab', { $concat: ['$$value', '$$value'] });
  const replacement = 'x'.repeat(100);
  expect(await codeOf({ $replaceAll: { input: long, find: 'a', replacement } })).toBe(13548);
  expect(await codeOf(repeated(60, [1], ['$$value', '$$value']))).toBe(13548);
});

test('[DB85] a long list of values on each side of an $and is not compared pair by pair', async () => {
  const values = Array.from({ length: 30_000 }, (_, i) => i * 2);
  const filter = { $and: [{ _id: { $in: values } }, { _id: { $in: values.map((each) => each + 1) } }] };
  const all = database.db.collection<{ _id: number }>('one');
  expect(await all.find(filter).toArray()).toEqual([]);
});

test('[DB85] joins inside $facet let others in and obey maxTimeMS', async () => {
  const many = Array.from({ length: 1_000 }, (_, _id) => ({ _id }));
  await database.db.collection<{ _id: number }>('many').insertMany(many);
  const join = { $lookup: { from: 'many', pipeline: [], as: 'all' } };
  const count = [join, { $unwind: '$all' }, join, { $unwind: '$all' }, { $count: 'n' }];
  const run = database.db.collection('many').aggregate([{ $facet: { count } }], { maxTimeMS: 300 });
  const ended = failureOf(run.toArray());
  expect(await database.db.command({ ping: 1 })).toMatchObject({ ok: 1 });
  expect((await ended)['code']).toBe(50);
});

test('[DB85] an update of a long indexed array touches the entries that change', async () => {
  const all = database.db.collection<{ _id: number; a: number[] }>('arrays');
  await all.createIndex({ a: 1 });
  await all.insertOne({ _id: 1, a: Array.from({ length: 60_000 }, (_, i) => i) });
  await all.updateOne({ _id: 1 }, { $push: { a: -1 } });
  await all.updateOne({ _id: 1 }, { $pull: { a: { $in: [5, 6] } } });
  expect(await all.countDocuments({ a: -1 })).toBe(1);
  expect(await all.countDocuments({ a: { $in: [5, 6] } })).toBe(0);
  expect(await all.countDocuments({ a: 59_999 })).toBe(1);
  expect(await database.db.command({ validate: 'arrays', full: true })).toMatchObject({ valid: true });
});

test('[DB85] $push, $addToSet and $pullAll take long lists', async () => {
  const all = database.db.collection<{ _id: number; a: number[] }>('sets');
  const list = Array.from({ length: 150_000 }, (_, i) => i);
  await all.updateOne({ _id: 1 }, { $push: { a: { $each: list } } }, { upsert: true });
  await all.updateOne({ _id: 1 }, { $addToSet: { a: { $each: list.map((each) => each + 10) } } });
  await all.updateOne({ _id: 1 }, { $pullAll: { a: list } });
  expect((await all.findOne({ _id: 1 }))?.a).toEqual(Array.from({ length: 10 }, (_, i) => 150_000 + i));
});

test('[DB86] documents nest to what can be read again, however they are written', async () => {
  const all = database.db.collection<{ _id: number }>('nested');
  await all.insertOne({ _id: 1 });
  let levels = 1;
  const wrap = () => all.updateOne({ _id: 1 }, [{ $set: { a: '$$ROOT' } }]);
  for (; levels < 180; levels++) expect((await wrap()).modifiedCount).toBe(1);
  expect((await failureOf(wrap()))['code']).toBe(15);
  const path = Array.from({ length: 190 }, () => 'a').join('.');
  expect(
    (await failureOf(all.updateOne({ _id: 2 }, { $set: { [path]: 1 } }, { upsert: true })))['code'],
  ).toBe(15);
  const deep = { $project: { a: repeated(190, 1, ['$$value']) } };
  const output = database.db.collection('one').aggregate([deep, { $merge: { into: 'nested' } }]);
  expect((await failureOf(output.toArray()))['code']).toBe(15);
  expect(await all.find({ 'a.a.a.b': 1 }).toArray()).toEqual([]);
  expect(await all.countDocuments({})).toBe(1);
});
