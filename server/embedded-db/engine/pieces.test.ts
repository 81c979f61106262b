// Long writes in pieces: what others see meanwhile, and what must hold whatever they do.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PAUSE } from '../store/row.ts';
import { BareEngine, lsid } from '../test-support/bare-engine.ts';
import { docOf } from '../test-support/test-database.ts';
import { select } from './select.ts';
import type { WriteTarget } from './write-target.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const MANY = 600;
/** The clock of these tests ticks at every look: a slice of 4 ms holds at most so many documents. */
const PER_SLICE = 8;

let bare: BareEngine;

beforeEach(() => {
  bare = new BareEngine();
});

afterEach(() => bare.close());

/** The largest step between two looks. */
function largestStep(seen: readonly number[]): number {
  return Math.max(...seen.map((each, i) => Math.abs(each - (seen[i - 1] ?? each))));
}

function rows(sql: string): number {
  return bare.engine.storage.main.statement(sql).get()?.['n'] as number;
}

/** How many documents are there in a newer version; looked up within the turn. */
function changedSince(version: number): number {
  const { id } = bare.engine.storage.catalog.find('test', 'c') ?? {};
  return rows(`SELECT count(*) AS n FROM d_${id} WHERE version > ${version}`);
}

/** Keeps or removes, within one turn, documents that a scan has read already and not changed yet. */
function disturb(target: WriteTarget): [kept: number, removed: number] {
  const collection = target.ensureCollection('test', 'c');
  const filter = docOf({ _id: { $lt: MANY / 2 }, state: { $ne: 'done' } });
  const rows = [...select(target, { collection, filter })].filter((each) => each !== PAUSE);
  const odd = rows.filter((_, i) => i % 2 === 1);
  for (const row of odd) target.remove(collection, row);
  const even = rows.filter((_, i) => i % 2 === 0);
  for (const row of even) target.replace(collection, row, new Map([...row.doc, ['state', 'kept']]));
  return [even.length, odd.length];
}

const update = (q: object, u: object) => ({ update: 'c', updates: [{ q, u, multi: true }] });

describe('long writes', () => {
  test('[DB35] updateMany, deleteMany and insertMany let others in every few documents', async () => {
    const insert = { insert: 'c', documents: Array.from({ length: MANY }, (_, i) => ({ _id: i, n: i })) };
    await bare.run({ create: 'c' });
    const inserted = await bare.watch(bare.run(insert), () => changedSince(0));
    expect(inserted.reply).toEqual({ n: MANY, ok: 1 });
    const start = bare.engine.storage.nextVersion();
    const set = update({}, { $set: { done: true } });
    const updated = await bare.watch(bare.run(set), () => changedSince(start));
    expect(updated.reply).toEqual({ n: MANY, nModified: MANY, ok: 1 });
    const clear = { delete: 'c', deletes: [{ q: {}, limit: 0 }] };
    const removed = await bare.watch(bare.run(clear), () => changedSince(start));
    expect(removed.reply).toEqual({ n: MANY, ok: 1 });
    for (const { seen } of [inserted, updated, removed]) {
      expect(seen.length).toBeGreaterThan(MANY / PER_SLICE);
      expect(largestStep(seen)).toBeLessThanOrEqual(PER_SLICE);
    }
  });

  test('[DB35] an index is built, and a dropped collection and index go, a few documents at a time', async () => {
    await bare.fill('c', MANY);
    const entries = () => rows('SELECT count(*) AS n FROM entry');
    const create = { createIndexes: 'c', indexes: [{ key: { n: 1 }, name: 'n', unique: true }] };
    const built = await bare.watch(bare.run(create), entries);
    expect(built.reply).toMatchObject({ numIndexesBefore: 1, numIndexesAfter: 2, ok: 1 });
    expect(largestStep(built.seen)).toBeLessThanOrEqual(PER_SLICE);
    expect(entries()).toBe(2 * MANY);

    expect(await bare.run({ dropIndexes: 'c', index: 'n' })).toMatchObject({ nIndexesWas: 2, ok: 1 });
    await bare.engine.leftovers.remove();
    expect(entries()).toBe(MANY);
    const { id } = bare.engine.storage.catalog.find('test', 'c') ?? {};
    expect(await bare.run({ drop: 'c' })).toMatchObject({ ok: 1 });
    expect(await bare.count('c')).toBe(0);
    const gone = await bare.watch(bare.engine.leftovers.remove(), () => 1);
    expect(gone.seen.length).toBeGreaterThan(MANY / 16 / PER_SLICE);
    expect(entries()).toBe(0);
    expect(rows(`SELECT count(*) AS n FROM sqlite_schema WHERE name = 'd_${id}'`)).toBe(0);
  });

  test('[DB35] inside a transaction others have their turns too, and see nothing before the commit', async () => {
    await bare.fill('c', MANY);
    const session = { lsid: lsid(1), txnNumber: 1n, autocommit: false };
    const change = bare.run(update({}, { $inc: { n: 1 } }), { ...session, startTransaction: true });
    const { reply, seen } = await bare.watch(change, () => bare.count('c', { n: 0 }));
    expect(reply).toMatchObject({ n: MANY, nModified: MANY });
    expect(seen.length).toBeGreaterThan(MANY / PER_SLICE);
    expect(new Set(seen)).toEqual(new Set([1]));
    expect(await bare.run({ commitTransaction: 1 }, session)).toMatchObject({ ok: 1 });
    expect(await bare.count('c', { n: 0 })).toBe(0);
  });

  test('[DB35] a failure half-way leaves what was done and names its statement', async () => {
    await bare.fill('c', 50);
    await bare.run({ update: 'c', updates: [{ q: { _id: 30 }, u: { $set: { n: 'text' } } }] });
    const reply = await bare.run({
      update: 'c',
      updates: [
        { q: { _id: 1 }, u: { $set: { first: true } } },
        { q: {}, u: { $inc: { n: 100 } }, multi: true },
        { q: { _id: 2 }, u: { $set: { never: true } } },
      ],
    });
    expect(reply).toMatchObject({ n: 1, nModified: 1, ok: 1 });
    expect(reply['writeErrors']).toMatchObject([{ index: 1, code: 14 }]);
    expect(await bare.count('c', { n: { $gte: 100 } })).toBe(30);
    expect(await bare.count('c', { never: true })).toBe(0);
  });
});

describe('updateMany beside others', () => {
  test('[DB36] a document that moves within the index it is found by is updated once', async () => {
    await bare.fill('c', MANY);
    await bare.run({ createIndexes: 'c', indexes: [{ key: { n: 1 }, name: 'n' }] });
    const reply = await bare.run(update({ n: { $gte: 0 } }, { $inc: { n: 10 } }));
    expect(reply).toMatchObject({ n: MANY, nModified: MANY });
    expect(await bare.count('c', { n: { $lt: 10 } })).toBe(0);
    expect(await bare.count('c', { n: { $gte: MANY + 10 } })).toBe(0);
    const session = { lsid: lsid(1), txnNumber: 1n, autocommit: false };
    const inside = await bare.run(update({ n: { $gte: 0 } }, { $inc: { n: 10 } }), {
      ...session,
      startTransaction: true,
    });
    expect(inside).toMatchObject({ n: MANY, nModified: MANY });
  });

  test('[DB36] a document that others change meanwhile is looked at again before it is written', async () => {
    await bare.fill('c', MANY);
    const start = bare.engine.storage.nextVersion();
    const long = bare.run(update({ state: { $ne: 'kept' } }, { $set: { state: 'done' } }));
    // Scans read a few at first, later many at once.
    while (changedSince(start) < MANY / 3) await bare.turn();
    const [kept, removed] = await bare.engine.writer.write(disturb);
    expect(kept).toBeGreaterThan(10);
    expect(removed).toBeGreaterThan(10);
    const n = MANY - kept - removed;
    expect(await long).toMatchObject({ n, nModified: n });
    expect(await bare.count('c', { state: 'kept' })).toBe(kept);
    expect(await bare.count('c', { state: 'done' })).toBe(n);
  });

  test('[DB36] a locked document is waited for; what was done before is not done again', async () => {
    await bare.fill('c', 100);
    const session = { lsid: lsid(1), txnNumber: 1n, autocommit: false };
    const lock = { update: 'c', updates: [{ q: { _id: 50 }, u: { $inc: { n: 1000 } } }] };
    await bare.run(lock, { ...session, startTransaction: true });
    const long = bare.run(update({}, { $inc: { n: 1 } }));
    while ((await bare.count('c', { _id: 49, n: 50 })) === 0) await bare.turn();
    expect(await bare.count('c', { _id: 51, n: 51 })).toBe(1);
    await bare.run({ commitTransaction: 1 }, session);
    expect(await long).toMatchObject({ n: 100, nModified: 100 });
    const found = await bare.run({ find: 'c', sort: { _id: 1 }, batchSize: 1000 });
    const all = (found['cursor'] as { firstBatch: { bytes: Buffer }[] }).firstBatch;
    expect(all).toHaveLength(100);
    expect(await bare.count('c', { _id: 50, n: 1051 })).toBe(1);
    expect(await bare.count('c', { $expr: { $eq: ['$n', { $add: ['$_id', 1] }] } })).toBe(99);
  });
});
