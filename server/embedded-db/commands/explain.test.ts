// explain through the driver and mongoose: stages, bounds and counters of known data.
import type { Collection, Document } from 'mongodb';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { failureOf, openTestDatabase, type TestDatabase } from '../test-support/test-database.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let database: TestDatabase;
let things: Collection<Document>;

beforeAll(async () => {
  database = await openTestDatabase();
  things = database.db.collection<Document>('things');
  await things.createIndexes([
    { key: { n: 1 } },
    { key: { group: 1, n: -1 } },
    { key: { code: 1 }, unique: true, sparse: true },
    { key: { tags: 1 } },
    { key: { tags: 1, n: 1 } },
  ]);
  await things.insertMany(
    Array.from({ length: 1_000 }, (_, i) => ({
      _id: i as unknown as Document['_id'],
      n: i,
      group: `g${i % 10}`,
      tags: ['all', `t${i % 4}`],
      ...(i % 2 ? { code: `c${i}` } : {}),
    })),
  );
});

afterAll(() => database.close());

/** The names of the stages from the top, the first input each. */
function names(stage: Document | undefined): string[] {
  return stage ? [stage['stage'], ...names(stage['inputStage'] ?? stage['inputStages']?.[0])] : [];
}

function leaf(stage: Document): Document {
  const input = stage['inputStage'] ?? stage['inputStages']?.[0];
  return input ? leaf(input) : stage;
}

interface Seen {
  readonly stages: string[];
  readonly leaf: Document;
  readonly stats: Document;
  readonly reply: Document;
}

function seen(reply: Document): Seen {
  const { queryPlanner, executionStats } = reply;
  expect(names(executionStats['executionStages'])).toEqual(names(queryPlanner.winningPlan));
  return {
    stages: names(queryPlanner.winningPlan),
    leaf: leaf(queryPlanner.winningPlan),
    stats: executionStats,
    reply,
  };
}

async function explained(command: Document): Promise<Seen> {
  return seen(await database.db.command({ explain: command, verbosity: 'executionStats' }));
}

async function counters(command: Document) {
  const { stages, stats } = await explained(command);
  return [stages.join(' '), stats['nReturned'], stats['totalKeysExamined'], stats['totalDocsExamined']];
}

describe('explain', () => {
  test('[DB47] the counters of a find are those of its run', async () => {
    const find = (rest: Document) => counters({ find: 'things', ...rest });
    expect(await find({ filter: { n: { $gte: 100, $lt: 110 } } })).toEqual(['FETCH IXSCAN', 10, 10, 10]);
    expect(await find({ filter: { x: 1 } })).toEqual(['COLLSCAN', 0, 0, 1_000]);
    expect(await find({ filter: { _id: 7 } })).toEqual(['IDHACK', 1, 1, 1]);
    expect(await find({ filter: { code: 'c7' } })).toEqual(['FETCH IXSCAN', 1, 1, 1]);
    const several = { n: { $in: [1, 2, 5_000] }, x: null };
    expect(await find({ filter: several })).toEqual(['FETCH IXSCAN', 2, 2, 2]);
    expect(await find({ filter: { x: { $exists: false } }, limit: 5 })).toEqual(['LIMIT COLLSCAN', 5, 0, 5]);
    expect(await find({ filter: { n: { $in: [] } } })).toEqual(['EOF', 0, 0, 0]);
    expect(await counters({ find: 'missing', filter: { a: 1 } })).toEqual(['EOF', 0, 0, 0]);
  });

  test('[DB47] a sort from an index ends early, one in memory reads everything', async () => {
    const find = (rest: Document) => counters({ find: 'things', ...rest });
    const inGroup = { filter: { group: 'g3' }, sort: { n: -1 }, limit: 5 };
    expect(await find(inGroup)).toEqual(['LIMIT FETCH IXSCAN', 5, 5, 5]);
    expect(await find({ ...inGroup, sort: { n: 1 } })).toEqual(['LIMIT FETCH IXSCAN', 5, 5, 5]);
    expect(await find({ sort: { n: -1 }, skip: 2, limit: 3 })).toEqual(['LIMIT SKIP FETCH IXSCAN', 3, 5, 5]);
    expect(await find({ ...inGroup, hint: { $natural: 1 } })).toEqual(['SORT COLLSCAN', 5, 0, 1_000]);
    const merged = { filter: { group: { $in: ['g1', 'g2'] } }, sort: { n: -1 }, limit: 4 };
    const [stages, returned, keys, docs] = await find(merged);
    expect([stages, returned, docs]).toEqual(['LIMIT FETCH SORT_MERGE IXSCAN', 4, 4]);
    expect(keys).toBeLessThanOrEqual(6);
  });

  test('[DB49] only the fields that hold arrays lose bounds and order', async () => {
    const hint = 'tags_1_n_1';
    const find = (rest: Document) => counters({ find: 'things', hint, ...rest });
    const sorted = { filter: { tags: 't1' }, sort: { n: -1 }, limit: 5 };
    expect(await find(sorted)).toEqual(['LIMIT FETCH IXSCAN', 5, 5, 5]);
    expect(await find({ filter: { tags: 't1', n: { $gte: 100, $lt: 140 } } })).toEqual([
      'FETCH IXSCAN',
      10,
      10,
      10,
    ]);
    // A document is sorted by the smallest of its tags, whichever of them the filter meets.
    expect(await find({ ...sorted, sort: { tags: 1 } })).toEqual(['SORT FETCH IXSCAN', 5, 250, 250]);
    const several = { filter: { tags: { $in: ['t1', 'all'] } }, sort: { n: 1 }, limit: 8 };
    const [stages, returned, , docs] = await find(several);
    expect([stages, returned, docs]).toEqual(['LIMIT FETCH SORT_MERGE IXSCAN', 8, 8]);
    // Two conditions on an array may be met by two of its elements, so one of them bounds.
    const { leaf: both } = await explained({
      find: 'things',
      filter: { tags: { $gte: 't1', $lt: 'b' } },
      hint,
    });
    expect(both['indexBounds'].tags).toHaveLength(1);
    expect(
      await things
        .find({ tags: { $gte: 't1', $lt: 'b' } })
        .hint(hint)
        .toArray(),
    ).toHaveLength(750);
  });

  test('[DB47] an $or over indexes is a union, each document read once', async () => {
    const filter = { $or: [{ n: { $lt: 5 } }, { code: { $in: ['c1', 'c901'] } }] };
    const { stages, stats, reply } = await explained({ find: 'things', filter });
    expect(stages).toEqual(['FETCH', 'OR', 'IXSCAN']);
    expect(reply['queryPlanner'].winningPlan.inputStage.inputStages).toHaveLength(2);
    expect([stats['nReturned'], stats['totalKeysExamined'], stats['totalDocsExamined']]).toEqual([6, 7, 6]);
  });

  test('[DB48] counts that the bounds decide read no document', async () => {
    const count = (query: Document, rest: Document = {}) => counters({ count: 'things', query, ...rest });
    expect(await count({ n: { $gte: 100, $lt: 110 } })).toEqual(['COUNT COUNT_SCAN', 0, 10, 0]);
    expect(await count({})).toEqual(['COUNT COUNT_SCAN', 0, 1_000, 0]);
    expect(await count({ tags: 't1' })).toEqual(['COUNT COUNT_SCAN', 0, 250, 0]);
    expect(await count({ group: 'g1', n: { $gt: 500 } })).toEqual(['COUNT COUNT_SCAN', 0, 50, 0]);
    expect(await count({ group: 'g1', x: null })).toEqual(['COUNT FETCH IXSCAN', 0, 100, 100]);
    expect(await count({ n: { $lt: 100 } }, { limit: 7 })).toEqual(['COUNT COUNT_SCAN', 0, 7, 0]);
    const byPipeline = await things
      .aggregate([{ $match: { n: { $lt: 10 } } }, { $group: { _id: 1, n: { $sum: 1 } } }])
      .explain();
    const [cursor, group] = byPipeline['stages'];
    const { queryPlanner, executionStats } = cursor.$cursor;
    expect(queryPlanner.winningPlan.stage).toBe('COUNT_SCAN');
    expect([executionStats.totalKeysExamined, executionStats.totalDocsExamined]).toEqual([10, 0]);
    expect([group.$group.n, group.nReturned]).toEqual([{ $sum: 1 }, 1]);
  });

  test('[DB48] covered counts agree with what find gives', async () => {
    for (const filter of [
      { n: { $lte: 3 } },
      { tags: { $in: ['t1', 't2', 'all'] } },
      { code: { $gt: 'c9' } },
      {},
    ]) {
      const wanted = (await things.find(filter).toArray()).length;
      expect(await things.countDocuments(filter)).toBe(wanted);
      expect((await database.db.command({ count: 'things', query: filter }))['n']).toBe(wanted);
      expect(await things.countDocuments(filter, { skip: 1, limit: 2 })).toBe(2);
    }
    expect(await things.estimatedDocumentCount()).toBe(1_000);
    expect(await things.countDocuments({ n: -1 })).toBe(0);
  });

  test('[DB45] plans count, sort and find what an open transaction has changed itself', async () => {
    await database.client.withSession(async (session) => {
      session.startTransaction();
      const id = (value: number) => value as unknown as Document['_id'];
      const find = (filter: Document) => things.find(filter, { session });
      const batches = find({ _id: id(7) }).batchSize(1);
      expect(await things.countDocuments({ n: { $lt: 10 } }, { session })).toBe(10);
      await things.insertOne({ _id: id(-1), n: 4.5, group: 'g1' }, { session });
      await things.updateOne({ _id: id(3) }, { $set: { n: 5_000 } }, { session });
      expect(await things.countDocuments({ n: { $lt: 10 } }, { session })).toBe(10);
      expect(await things.countDocuments({}, { session })).toBe(1_001);
      expect(await batches.toArray()).toHaveLength(1);
      expect(await find({ _id: id(7) }).toArray()).toHaveLength(1);
      const sorted = await find({ n: { $gt: 3, $lt: 6 } })
        .sort({ n: 1 })
        .toArray();
      expect(sorted.map((each) => each['n'])).toEqual([4, 4.5, 5]);
      await session.abortTransaction();
    });
    expect(await things.countDocuments({ n: { $lt: 10 } })).toBe(10);
  });

  test('[DB47] index stages say what they read, in the order in which they read it', async () => {
    const found = await explained({
      find: 'things',
      filter: { group: { $in: ['g1', 'g2'] }, n: { $gt: 5, $lte: 9 } },
      sort: { group: -1 },
    });
    expect(found.leaf).toMatchObject({
      stage: 'IXSCAN',
      keyPattern: { group: 1, n: -1 },
      indexName: 'group_1_n_-1',
      isMultiKey: false,
      isUnique: false,
      isSparse: false,
      isPartial: false,
      direction: 'backward',
      indexBounds: { group: ['["g2", "g2"]', '["g1", "g1"]'], n: ['(5, 9]'] },
    });
    const { reply } = await explained({
      find: 'things',
      filter: { tags: 'all', n: { $gt: 5 } },
      hint: 'tags_1',
    });
    expect(leaf(reply['queryPlanner'].winningPlan)).toMatchObject({
      isMultiKey: true,
      indexBounds: { tags: ['["all", "all"]'] },
    });
    expect(reply).toMatchObject({ explainVersion: '1', ok: 1, serverInfo: { version: '8.0.0' } });
    expect(reply['queryPlanner']).toMatchObject({
      namespace: 'test.things',
      parsedQuery: { $and: [{ tags: { $eq: 'all' } }, { n: { $gt: 5 } }] },
      rejectedPlans: [],
    });
  });

  test('[DB47] the cheapest index is taken, the others are told of', async () => {
    const filter = { tags: 'all', code: { $lt: 'c105' } };
    const { reply, leaf: taken } = await explained({ find: 'things', filter });
    expect(taken['indexName']).toBe('code_1');
    const rejected = reply['queryPlanner'].rejectedPlans.map((plan: Document) => leaf(plan)['indexName']);
    expect(rejected.sort()).toEqual(['tags_1', 'tags_1_n_1']);
  });

  test('[DB47] of thousands of ranges a few stand for all when plans are compared', async () => {
    const numbers = Array.from({ length: 900 }, (_, i) => i);
    const found = await explained({
      find: 'things',
      filter: { n: { $in: numbers }, group: 'g1', tags: 't1' },
    });
    expect(found.leaf['indexName']).toBe('group_1_n_-1');
    const few = await explained({
      find: 'things',
      filter: { n: { $in: numbers }, code: { $in: ['c1', 'c5'] } },
    });
    expect(few.leaf['indexName']).toBe('code_1');
    expect([found.stats['nReturned'], few.stats['nReturned']]).toEqual([45, 2]);
  });

  test('[DB47] explaining a write changes nothing', async () => {
    const before = await things.find().toArray();
    const update = await explained({
      update: 'things',
      updates: [{ q: { n: { $lt: 10 } }, u: { $set: { group: 'g1' } }, multi: true }],
    });
    expect(update.stages).toEqual(['UPDATE', 'FETCH', 'IXSCAN']);
    expect(update.stats['executionStages']).toMatchObject({ nMatched: 10, nWouldModify: 9, nWouldUpsert: 0 });
    const removal = await explained({ delete: 'things', deletes: [{ q: { n: { $lt: 10 } }, limit: 1 }] });
    expect(removal.stages).toEqual(['DELETE', 'LIMIT', 'FETCH', 'IXSCAN']);
    expect(removal.stats['executionStages']['nWouldDelete']).toBe(1);
    const upsert = await explained({
      findAndModify: 'things',
      query: { _id: -1 },
      update: { $set: { a: 1 } },
      upsert: true,
    });
    expect(upsert.stats['executionStages']).toMatchObject({ stage: 'UPDATE', nMatched: 0, nWouldUpsert: 1 });
    const pipeline = [{ $match: { n: 1 } }, { $out: 'copies' }];
    expect((await things.aggregate(pipeline).explain('executionStats'))['stages']).toHaveLength(2);
    expect(await database.db.listCollections({ name: 'copies' }).toArray()).toEqual([]);
    expect(await things.find().toArray()).toEqual(before);
  });

  test('[DB47] queryPlanner runs nothing; what cannot be explained is refused', async () => {
    const plan = await things.find({ n: 1 }).explain('queryPlanner');
    expect(plan['executionStats']).toBeUndefined();
    expect(plan['queryPlanner'].winningPlan.stage).toBe('FETCH');
    const all = await things.find({ n: 1 }).explain('allPlansExecution');
    expect(all['executionStats'].allPlansExecution).toEqual([]);
    const refused = async (command: Document) => (await failureOf(database.db.command(command)))['code'];
    expect(await refused({ explain: { find: 'things' }, verbosity: 'all' })).toBe(2);
    expect(await refused({ explain: { ping: 1 } })).toBe(20);
    expect(await refused({ explain: { frobnicate: 1 } })).toBe(59);
    expect(await refused({ explain: { find: 'things', hint: 'none' } })).toBe(2);
    expect(await refused({ explain: { find: 'things', min: { n: 1 } } })).toBe(115);
  });

  test('[DB47] mongoose explains queries and pipelines', async () => {
    const connection = await mongoose.createConnection(database.uri, { dbName: 'test' }).asPromise();
    const Thing = connection.model('Thing', new mongoose.Schema({ n: Number }), 'things');
    const found = (await Thing.find({ n: 5 }).sort({ n: 1 }).explain('executionStats')) as Document;
    expect(seen(found).stats['totalDocsExamined']).toBe(1);
    const piped = (await Thing.aggregate([{ $match: { n: { $lt: 3 } } }]).explain(
      'executionStats',
    )) as Document;
    expect(seen(piped).stats['totalKeysExamined']).toBe(3);
    await connection.close();
  });
});
