// Repeated batches: what was done is answered, what was not is done, also when a crash came in between.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BareEngine, lsid } from '../test-support/bare-engine.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const MANY = 300;

let bare: BareEngine;

beforeEach(() => {
  bare = new BareEngine();
});

afterEach(() => bare.close());

function retried(reply: Record<string, unknown>): number[] {
  return reply['retriedStmtIds'] as number[];
}

describe('repeated batches', () => {
  test.each([true, false])(
    '[DB39] a batch cut short by a crash goes on where it was (ordered: %s)',
    async (ordered) => {
      const write = { lsid: lsid(3), txnNumber: 5n };
      // The engine makes the ids: what ran twice would be there twice.
      const insert = { insert: 'c', ordered, documents: Array.from({ length: MANY }, (_, i) => ({ i })) };
      const first = bare.run(insert, write);
      while ((await bare.count('c')) < MANY / 3) await bare.turn();
      bare.restart();
      expect(await first).toMatchObject({ ok: 0, code: 91 });
      const done = await bare.count('c');
      expect(done).toBeLessThan(MANY);
      const again = await bare.run(insert, write);
      expect(again).toMatchObject({ n: MANY, ok: 1 });
      expect(retried(again)).toEqual(Array.from({ length: done }, (_, i) => i));
      expect(await bare.count('c')).toBe(MANY);
      const third = await bare.run(insert, write);
      expect(third).toMatchObject({ n: MANY, ok: 1 });
      expect(retried(third)).toHaveLength(MANY);
      expect(await bare.count('c')).toBe(MANY);
    },
  );

  test('[DB39] updates keep their own results, upserts their ids; what failed is tried again', async () => {
    await bare.fill('c', 3);
    const write = { lsid: lsid(3), txnNumber: 5n };
    const updates = [
      { q: { _id: 0 }, u: { $inc: { n: 10 } } },
      { q: { _id: 1 }, u: { $set: { n: 1 } } },
      { q: { _id: 77 }, u: { $set: { n: 1 } }, upsert: true },
      { q: { _id: 2 }, u: { $set: { n: 'text' } } },
      { q: { _id: 2 }, u: { $inc: { n: 1 } } },
    ];
    const first = await bare.run({ update: 'c', updates }, write);
    expect(first).toMatchObject({ n: 4, nModified: 2, upserted: [{ index: 2, _id: 77 }] });
    expect(first['writeErrors']).toMatchObject([{ index: 4, code: 14 }]);
    await bare.run({ update: 'c', updates: [{ q: { _id: 2 }, u: { $set: { n: 5 } } }] });
    const again = await bare.run({ update: 'c', updates }, write);
    expect(again).toEqual({
      n: 5,
      nModified: 3,
      upserted: [{ index: 2, _id: 77 }],
      retriedStmtIds: [0, 1, 2, 3],
      ok: 1,
    });
    expect(await bare.count('c', { _id: 0, n: 10 })).toBe(1);
    expect(await bare.count('c', { _id: 2, n: 6 })).toBe(1);
  });

  test('[DB39] statements are known by the ids they are given', async () => {
    const write = { lsid: lsid(3), txnNumber: 5n };
    const insert = (ids: number[], stmtIds: number[]) =>
      bare.run({ insert: 'c', documents: ids.map((_id) => ({ _id })), stmtIds }, write);
    expect(await insert([10, 11], [0, 1])).toEqual({ n: 2, ok: 1 });
    expect(await insert([11, 12], [1, 2])).toEqual({ n: 2, retriedStmtIds: [1], ok: 1 });
    expect(await insert([13], [0, 1])).toMatchObject({ ok: 0, code: 72 });
    expect(await bare.count('c')).toBe(3);
  });

  test('[DB39] findAndModify is answered as before; many at once cannot be repeated', async () => {
    await bare.fill('c', 3);
    const write = { lsid: lsid(3), txnNumber: 5n };
    const change = { findAndModify: 'c', query: { _id: 1 }, update: { $inc: { n: 1 } }, new: true };
    const first = await bare.run(change, write);
    expect(first).toMatchObject({ value: { _id: 1, n: 2 } });
    expect(await bare.run(change, write)).toEqual({ ...first, retriedStmtId: 0 });
    const many = { update: 'c', updates: [{ q: {}, u: { $inc: { n: 1 } }, multi: true }] };
    expect(await bare.run(many, { ...write, txnNumber: 6n })).toMatchObject({
      writeErrors: [{ code: 72, errmsg: 'Cannot use (or request) retryable writes with multi=true' }],
    });
    const all = { delete: 'c', deletes: [{ q: {}, limit: 0 }] };
    expect(await bare.run(all, { ...write, txnNumber: 7n })).toMatchObject({ writeErrors: [{ code: 72 }] });
    expect(await bare.run(change, { ...write, txnNumber: 4n })).toMatchObject({ ok: 0, code: 225 });
  });
});
