// What runs, ending it, and failures on demand.
import { rmSync } from 'node:fs';
import { type Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startEmbeddedDatabase } from '../start.ts';
import {
  failureOf,
  openTestDatabase,
  type TestDatabase,
  temporaryDirectory,
} from '../test-support/test-database.ts';
import { Wire } from '../test-support/wire.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  const documents = Array.from({ length: 20_000 }, (_, i) => ({ i, text: 'x'.repeat(20) }));
  await database.db.collection('many').insertMany(documents);
});

afterAll(() => database.close());

/** Slow enough to be met while it runs: every document is compared in many ways. */
const SLOW = { $or: Array.from({ length: 200 }, (_, i) => ({ text: { $regex: `${i}.*z$` } })) };

async function running(name: string): Promise<Document[]> {
  const { inprog } = (await database.client.db('admin').command({ currentOp: 1, appName: name })) as Document;
  return inprog;
}

async function met(name: string): Promise<Document> {
  for (;;) {
    const [found] = await running(name);
    if (found) return found;
  }
}

describe('running commands', () => {
  test('[DB77] currentOp lists what runs, filtered, and killOp ends a long scan', async () => {
    const client = new MongoClient(database.uri, { appName: 'slow' });
    const scan = failureOf(client.db('test').collection('many').countDocuments(SLOW));
    const found = await met('slow');
    expect(found).toMatchObject({ ns: 'test.many', active: true, command: { aggregate: 'many' } });
    await database.client.db('admin').command({ killOp: 1, op: found['opid'] });
    expect(await scan).toMatchObject({ code: 11601, codeName: 'Interrupted' });
    expect(await running('slow')).toEqual([]);
    await client.close();
  });

  test('[DB77] a session that is killed loses its commands and cursors', async () => {
    const client = new MongoClient(database.uri, { appName: 'killed' });
    const session = client.startSession();
    const first = await client.db('test').command({ find: 'many', batchSize: 2 }, { session });
    const scan = failureOf(client.db('test').collection('many').countDocuments(SLOW, { session }));
    await met('killed');
    await database.client.db('admin').command({ killSessions: [session.id] });
    expect(await scan).toMatchObject({ code: 11601 });
    const more = client.db('test').command({ getMore: first['cursor'].id, collection: 'many' });
    expect(await failureOf(more)).toMatchObject({ code: 43 });
    await client.close();
  });

  test('[DB77] a read whose client has gone ends', async () => {
    const wire = await Wire.connect(database.uri);
    const client = { application: { name: 'gone' } };
    await wire.command({ hello: 1, client, $db: 'admin' });
    wire.socket.write(Wire.message({ count: 'many', query: SLOW, $db: 'test' }));
    await met('gone');
    wire.close();
    await vi.waitFor(async () => expect(await running('gone')).toEqual([]), { timeout: 20_000, interval: 1 });
  });
});

describe('fail points', () => {
  test('[DB78] are there only when a database is started for tests', async () => {
    const off = { configureFailPoint: 'failCommand', mode: 'off' };
    expect(await failureOf(database.client.db('admin').command(off))).toMatchObject({ code: 59 });
  });

  test('[DB78] make commands fail as told, and the driver sends its retryable writes again', async () => {
    const dataDir = temporaryDirectory();
    const server = await startEmbeddedDatabase({ dataDir, testCommands: true });
    const client = new MongoClient(server.uri);
    const fail = (data: object, times = 1) =>
      client.db('admin').command({ configureFailPoint: 'failCommand', mode: { times }, data });
    const c = client.db('x').collection<Document & { _id: number }>('c');
    await fail({ failCommands: ['insert'], closeConnection: true });
    await c.insertOne({ _id: 1 });
    await fail({ failCommands: ['insert'], errorCode: 91 });
    await c.insertOne({ _id: 2 });
    await fail({ failCommands: ['insert'], errorCode: 91, errorLabels: [] });
    expect(await failureOf(c.insertOne({ _id: 3 }))).toMatchObject({ code: 91 });
    await fail({ failCommands: ['insert'], writeConcernError: { code: 91, errmsg: 'closing' } });
    await c.insertOne({ _id: 4 });
    await fail({ failCommands: ['find'], errorCode: 2, appName: 'other' });
    expect((await c.find().toArray()).map((each) => each._id)).toEqual([1, 2, 4]);
    await client.close();
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
});
