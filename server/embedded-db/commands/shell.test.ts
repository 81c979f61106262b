// What shells, monitors and dump tools ask: sizes, checks, names, and the little commands around.
import { type Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { failureOf, openTestDatabase, type TestDatabase } from '../test-support/test-database.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterAll(() => database.close());

beforeEach(async () => {
  await database.db.dropDatabase();
  await things().insertMany(Array.from({ length: 5_000 }, (_, _id) => ({ _id, g: _id % 7 })));
  await things().createIndex({ g: 1 });
});

function things() {
  return database.db.collection<Document & { _id: number }>('things');
}

function admin(command: Document): Promise<Document> {
  return database.client.db('admin').command(command);
}

describe('shells', () => {
  test('[DB76] sizes: dbStats, collStats, its stage, and the databases there are', async () => {
    const each = 5_000 * 21;
    expect(await database.db.command({ dbStats: 1, scale: 10 })).toMatchObject({
      collections: 1,
      objects: 5_000,
      dataSize: each / 10,
      indexes: 2,
    });
    const stats = await database.db.command({ collStats: 'things' });
    expect(stats).toMatchObject({ ns: 'test.things', count: 5_000, size: each, nindexes: 2, avgObjSize: 21 });
    expect(Object.keys(stats['indexSizes'])).toEqual(['_id_', 'g_1']);
    const [stage] = await things()
      .aggregate([{ $collStats: { storageStats: {}, count: {} } }])
      .toArray();
    expect(stage).toMatchObject({ ns: 'test.things', count: 5_000, storageStats: { size: each } });
    expect(await admin({ listDatabases: 1, filter: { name: /^te/ } })).toMatchObject({
      databases: [{ name: 'test', sizeOnDisk: each, empty: false }],
      totalSize: each,
    });
    expect((await admin({ listDatabases: 1, nameOnly: true }))['databases']).toEqual([{ name: 'test' }]);
  });

  test('[DB76] validate counts and compares every index with the documents', async () => {
    expect(await database.db.command({ validate: 'things' })).toMatchObject({
      valid: true,
      nrecords: 5_000,
      keysPerIndex: { _id_: 5_000, g_1: 5_000 },
      errors: [],
    });
    expect(await failureOf(database.db.command({ validate: 'none' }))).toMatchObject({ code: 26 });
  });

  test('[DB76] renameCollection keeps documents and indexes, and replaces only when told', async () => {
    await database.db.collection('taken').insertOne({ old: true });
    expect(await failureOf(things().rename('taken'))).toMatchObject({ code: 48 });
    await things().rename('taken', { dropTarget: true });
    const renamed = database.db.collection('taken');
    expect(await renamed.countDocuments({ g: 3 })).toBe(714);
    expect((await renamed.indexes()).map((index) => index.name)).toEqual(['_id_', 'g_1']);
    expect(await database.db.listCollections().toArray()).toHaveLength(1);
    const rename = (to: string) => failureOf(admin({ renameCollection: 'test.taken', to }));
    expect(await rename('other.taken')).toMatchObject({ code: 115 });
    expect(await rename('nothing')).toMatchObject({ code: 73 });
    const missing = failureOf(admin({ renameCollection: 'test.none', to: 'test.some' }));
    expect(await missing).toMatchObject({ code: 26 });
  });

  test('[DB76] a restoring tool may name the index on _id, and give options of other servers', async () => {
    const idIndex = { v: 2, key: { _id: 1 }, name: '_id_' };
    await database.db.command({ create: 'restored', idIndex });
    const odd = database.db.command({ create: 'odd', idIndex: { ...idIndex, key: { a: 1 } } });
    expect(await failureOf(odd)).toMatchObject({ code: 72 });
    const indexes = [{ v: 2, key: { g: 1 }, name: 'g_1', unique: true, ns: 'old.restored' }];
    await database.db.command({ createIndexes: 'restored', indexes, ignoreUnknownIndexOptions: true });
    const listed = await database.db.collection('restored').indexes();
    expect(listed[1]).toEqual({ v: 2, key: { g: 1 }, name: 'g_1', unique: true });
    const strict = failureOf(
      database.db.command({ createIndexes: 'restored', indexes: [{ ...indexes[0], odd: 1 }] }),
    );
    expect(await strict).toHaveProperty('code');
  });

  test('[DB76] the server tells of itself, on admin where that is asked for', async () => {
    const info = await admin({ buildInfo: 1 });
    expect(info).toMatchObject({ version: '8.0.0', versionArray: [8, 0, 0, 0] });
    expect(await admin({ hello: 1 })).toMatchObject({ maxWireVersion: 25, setName: 'rs0' });
    expect(await admin({ getParameter: 1, featureCompatibilityVersion: 1 })).toMatchObject({
      featureCompatibilityVersion: { version: '8.0' },
    });
    expect(await failureOf(admin({ getParameter: 1, noSuch: 1 }))).toMatchObject({ code: 72 });
    expect(await admin({ getLog: 'startupWarnings' })).toMatchObject({ log: [] });
    expect(await admin({ serverStatus: 1 })).toMatchObject({ process: 'mongod', version: '8.0.0' });
    expect(await admin({ startSession: 1 })).toMatchObject({ timeoutMinutes: 30 });
    const elsewhere = failureOf(database.db.command({ hostInfo: 1 }));
    expect(await elsewhere).toMatchObject({ code: 13, codeName: 'Unauthorized' });
    const sessions = await database.client
      .db('admin')
      .aggregate([{ $listLocalSessions: {} }])
      .toArray();
    expect(sessions.length).toBeGreaterThan(0);
  });

  test('[DB76] more nodes than there are is a write concern error beside a write that happened', async () => {
    const failure = await failureOf(things().insertOne({ _id: 9_999 }, { writeConcern: { w: 3 } }));
    expect(failure).toMatchObject({ code: 100, codeName: 'UnsatisfiableWriteConcern' });
    expect(await things().countDocuments({ _id: 9_999 })).toBe(1);
  });

  test('[DB76] a pipeline that writes is refused where its reads would have to be linearizable', async () => {
    const write = things().aggregate([{ $out: 'copy' }], { readConcern: { level: 'linearizable' } });
    expect(await failureOf(write.toArray())).toMatchObject({ code: 72 });
    expect(await database.db.listCollections({ name: 'copy' }).toArray()).toEqual([]);
  });

  test('[DB76] clients that want the stable API are kept to it', async () => {
    const strict = new MongoClient(database.uri, { serverApi: { version: '1', strict: true } });
    expect(await strict.db('test').collection('things').countDocuments({ g: 1 })).toBeGreaterThan(0);
    expect(await failureOf(strict.db('test').collection('things').distinct('g'))).toMatchObject({
      code: 323,
    });
    await strict.close();
  });
});
