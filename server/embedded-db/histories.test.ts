// Several clients at once: what they were told, what they saw and what is there afterwards must agree.
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { BALANCE, COUNT, collections, History, work } from './test-support/model/history.ts';
import { openTestDatabase, seededRandom, type TestDatabase } from './test-support/test-database.ts';

const CLIENTS = 6;
const STEPS = 25;
const SEEDS = Number(process.env['DB_SEEDS'] ?? 0) || 3;
const FIRST = Number(process.env['DB_FIRST_SEED'] ?? 0);

// A machine under load starts a database slowly; long runs are long.
vi.setConfig({ testTimeout: 60_000 + SEEDS * 3000, hookTimeout: 30_000 });

let database: TestDatabase;
let clients: MongoClient[];

beforeAll(async () => {
  database = await openTestDatabase();
  clients = Array.from({ length: CLIENTS }, () => new MongoClient(database.uri));
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await database.close();
});

function here() {
  return collections(database.client.db('history'));
}

async function begin(): Promise<void> {
  await database.client.db('history').dropDatabase();
  const ids = Array.from({ length: COUNT }, (_, _id) => _id);
  await here().accounts.insertMany(ids.map((_id) => ({ _id, balance: BALANCE })));
  await here().counters.insertMany(ids.map((_id) => ({ _id, n: 0, all: 0 })));
  await here().tasks.insertMany(ids.map((_id) => ({ _id, owner: null })));
  await here().unique.createIndex({ key: 1 }, { unique: true });
  await database.client.db('history').createCollection('ledger');
}

async function explain(history: History): Promise<void> {
  expect(history.surprises).toEqual([]);
  for (const { _id, n, all } of await here().counters.find().toArray()) {
    expect([_id, n, all]).toEqual([_id, history.counted.get(_id) ?? 0, history.rounds]);
  }
  const entries = await here().ledger.find().toArray();
  expect(new Set(entries.map(({ _id }) => _id))).toEqual(history.transfers);
  for (const { _id, balance } of await here().accounts.find().toArray()) {
    const change = entries.reduce(
      (sum, { from, to, amount }) => sum + (to === _id ? amount : 0) - (from === _id ? amount : 0),
      0,
    );
    expect([_id, balance]).toEqual([_id, BALANCE + change]);
  }
  const kept = await here().unique.distinct('key');
  expect(await here().unique.countDocuments()).toBe(kept.length);
  expect(kept.sort()).toEqual([...history.keys].flatMap(([key, count]) => (count === 0 ? [] : [key])).sort());
  expect([...history.keys.values()].every((count) => count === 0 || count === 1)).toBe(true);
  expect(new Set(history.claims).size).toBe(history.claims.length);
  expect(await here().tasks.countDocuments({ owner: { $ne: null } })).toBe(history.claims.length);
}

test('[DB84] what several clients were told, saw and left behind agrees', async () => {
  let met = 0;
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    await begin();
    const history = new History();
    const all = clients.map((client, at) =>
      work(client, `s${seed}c${at}`, seededRandom(seed * 100 + at), STEPS, history),
    );
    await Promise.all(all);
    await explain(history);
    met += history.conflicts + history.duplicates;
  }
  // Clients that never meet would prove nothing.
  expect(met).toBeGreaterThan(0);
});
