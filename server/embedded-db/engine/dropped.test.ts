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

test('[DB76] validate tells of one moment, though an index is dropped meanwhile', async () => {
  let now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 5));
  const validate = bare.run({ validate: 'c' });
  await bare.run({ dropIndexes: 'c', index: 'gn' });
  vi.restoreAllMocks();
  expect(await validate).toMatchObject({ valid: true, nIndexes: 2, keysPerIndex: { _id_: MANY, gn: MANY } });
});

const out = { aggregate: 'c', pipeline: [{ $limit: 10 }, { $out: 'result' }], cursor: {} };

test('[DB51] a failure at the swap of $out leaves the collection before', async () => {
  await bare.fill('result', 3);
  vi.spyOn(bare.engine.storage.catalog, 'rename').mockImplementationOnce(() => {
    throw new Error('no rename');
  });
  expect(await bare.run(out)).toMatchObject({ ok: 0 });
  expect(await bare.count('result')).toBe(3);
});

test('[DB51] $out whose unfinished result is dropped fails, and leaves the collection before', async () => {
  await bare.fill('result', 3);
  const { catalog } = bare.engine.storage;
  const running = bare.run(out);
  const aside = () => catalog.list('test').find((each) => each.name.startsWith('tmp.agg_out.'));
  while (!aside()) await bare.turn();
  await bare.run({ drop: aside()?.name });
  expect(await running).toMatchObject({ ok: 0, code: 26 });
  expect(await bare.count('result')).toBe(3);
});

test('[DB38] unfinished results are cleared away after a crash, collections named alike are not', async () => {
  const own = ['tmp.agg-out.2024', 'TMP.AGG_OUT.x', 'tmp.agg_out.mine'];
  const unfinished = 'tmp.agg_out.6b0b2a3c-9c2d-4c0e-8f6a-0d6a3b1c2d3e';
  for (const name of [...own, unfinished]) await bare.fill(name, 1);
  bare.restart();
  expect(bare.engine.storage.catalog.find('test', unfinished)).toBeUndefined();
  for (const name of own) expect(await bare.count(name)).toBe(1);
});
