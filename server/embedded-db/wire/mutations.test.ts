// Mutated messages: the connection that sends one is closed at worst, everybody else goes on.
import { once } from 'node:events';
import { connect } from 'node:net';
import { type Document, type MongoClient, ObjectId } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mutated } from '../test-support/mutations.ts';
import { recordedMessages } from '../test-support/recorder.ts';
import { openTestDatabase, seededRandom, type TestDatabase } from '../test-support/test-database.ts';
import { parseMessage } from './message.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 30_000 });

/** About 20 s alone on two cores; EDB_MUTATIONS says otherwise. */
const MESSAGES = Number(process.env['EDB_MUTATIONS'] ?? 100_000);
/** Give it the number a failing run has printed to repeat it. */
const SEED = Number(process.env['EDB_SEED'] ?? 20_260_725);
/** Connections at one time. */
const LANES = 24;
/** The most messages one connection sends before the one that ends it. */
const PER_CONNECTION = 40;
const MOST_GROWTH_BYTES = 400 * 2 ** 20;

let database: TestDatabase;
let path: string;

beforeAll(async () => {
  database = await openTestDatabase();
  path = decodeURIComponent(/^mongodb:\/\/([^/]+)\//.exec(database.uri)?.[1] ?? '');
});

afterAll(() => database.close());

/** A bit of everything an application sends. */
async function everything(client: MongoClient): Promise<void> {
  const c = client.db('mutants').collection<Document>('c');
  await c.createIndex({ a: 1, 'b.c': -1 }, { unique: true, sparse: true });
  await c.insertMany(Array.from({ length: 20 }, (_, a) => ({ a, b: [{ c: a }], d: new Date(a), e: 'text' })));
  await c.updateMany({ a: { $gt: 3 } }, { $set: { 'b.$[each].x': 1 } }, { arrayFilters: [{ 'each.c': 5 }] });
  await c.updateOne({ a: 99 }, { $inc: { n: 1 }, $addToSet: { l: { $each: [3, 1] } } }, { upsert: true });
  await c.find({ $or: [{ a: { $in: [1, 2] } }, { e: /^t/i }] }, { sort: { a: -1 }, batchSize: 3 }).toArray();
  await c.find({ 'b.c': { $elemMatch: { $gt: 1 } } }, { projection: { a: 1, b: { $slice: 1 } } }).toArray();
  await c.aggregate([{ $match: { a: { $gte: 2 } } }, { $group: { _id: '$e', n: { $sum: '$a' } } }]).toArray();
  await c.aggregate([{ $project: { x: { $add: ['$a', 1] }, y: { $concat: ['$e', '!'] } } }]).toArray();
  await c.findOneAndUpdate({ a: 5 }, { $unset: { e: '' } }, { returnDocument: 'after', sort: { d: 1 } });
  await c.distinct('e');
  await c.countDocuments({ d: { $lt: new Date() } });
  await c.deleteOne({ _id: new ObjectId() });
  await client.bulkWrite([{ namespace: 'mutants.c', name: 'insertOne', document: { f: 1 } }]);
  await client.withSession((session) =>
    session.withTransaction(async () => {
      await c.insertOne({ g: 1 }, { session });
    }),
  );
  await client.db('mutants').listCollections().toArray();
  await client.db('admin').command({ serverStatus: 1 });
}

function isSound(bytes: Buffer): boolean {
  try {
    if (bytes.length < 16 || bytes.readInt32LE(0) !== bytes.length) return false;
    parseMessage(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Messages for one connection: sound ones, and at most one at the end that is not. */
function* bundles(recorded: readonly Buffer[]): Generator<Buffer[]> {
  const random = seededRandom(SEED);
  let bundle: Buffer[] = [];
  for (let i = 0; i < MESSAGES; i++) {
    const bytes = mutated(recorded, random);
    bundle.push(bytes);
    if (bundle.length < PER_CONNECTION && isSound(bytes)) continue;
    yield bundle;
    bundle = [];
  }
  yield bundle;
}

async function send(bundle: readonly Buffer[]): Promise<void> {
  const socket = connect(path);
  // A connection that is closed while it writes reports so; being closed is all that may happen to it.
  socket.on('error', () => socket.destroy());
  socket.resume();
  const closed = once(socket, 'close');
  socket.end(Buffer.concat(bundle));
  await closed;
}

describe('mutated messages', () => {
  test('[DB75] cost their connection at worst, and a witness sees nothing of them', async () => {
    const recorded = await recordedMessages(path, everything);
    expect(recorded.length).toBeGreaterThan(20);
    const witness = database.client.db('witness').collection<Document>('w');
    await witness.insertOne({ n: 0 });
    const before = process.memoryUsage().rss;
    const rest = bundles(recorded);
    let isOver = false;
    let seen = 0;
    const watch = async () => {
      for (; !isOver; seen++) {
        const found = await witness.findOneAndUpdate({}, { $inc: { n: 1 } }, { returnDocument: 'after' });
        expect(found?.['n'], `seed ${SEED}`).toBe(seen + 1);
      }
    };
    const lane = async () => {
      for (const bundle of rest) await send(bundle);
    };
    const watching = watch();
    await Promise.all(Array.from({ length: LANES }, lane)).finally(() => {
      isOver = true;
    });
    await watching;
    expect(seen, `seed ${SEED}`).toBeGreaterThan(100);
    expect(await witness.findOne(), `seed ${SEED}`).toMatchObject({ n: seen });
    expect(process.memoryUsage().rss - before, `seed ${SEED}`).toBeLessThan(MOST_GROWTH_BYTES);
  });
});
