// Work that goes on with a collection others drop or rename meanwhile.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BareEngine } from '../test-support/bare-engine.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const MANY = 900;

let bare: BareEngine;

beforeEach(async () => {
  bare = new BareEngine();
  await bare.run({ createIndexes: 'c', indexes: [{ key: { g: 1, n: 1 }, name: 'gn' }] });
  const documents = Array.from({ length: MANY }, (_, i) => ({ _id: i, n: i, g: i % 2 }));
  await bare.run({ insert: 'c', documents });
});

afterEach(() => bare.close());

const READS: readonly (readonly [string, object])[] = [
  ['a scan', {}],
  ['a range of an index', { filter: { _id: { $gte: 0 } } }],
  ['runs of an index, merged', { filter: { g: { $in: [0, 1] } }, sort: { n: 1 } }],
  ['a union of indexes', { filter: { $or: [{ _id: { $gte: 0 } }, { g: 1 }] } }],
];

test.each(READS)('[DB20] a cursor on %s ends with 175 when its collection is dropped', async (_, read) => {
  const batchSize = 300;
  const { cursor } = (await bare.run({ find: 'c', ...read, batchSize })) as { cursor: { id: bigint } };
  await bare.run({ drop: 'c' });
  await bare.engine.leftovers.remove();
  const more = { getMore: cursor.id, collection: 'c', batchSize };
  let reply: Record<string, unknown> = {};
  for (let i = 0; i < MANY / batchSize; i++) {
    reply = await bare.run(more);
    if (reply['ok'] !== 1) break;
  }
  expect(reply).toMatchObject({ ok: 0, code: 175 });
  expect(bare.engine.storage.watch.broken).toBe(null);
});
