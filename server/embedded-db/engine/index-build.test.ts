// Indexes built while others write: what goes into them, what ends them, and what a crash leaves.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { allKeys } from '../store/documents.ts';
import { Row } from '../store/row.ts';
import { BareEngine, lsid } from '../test-support/bare-engine.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const MANY = 400;
const UNIQUE = { createIndexes: 'c', indexes: [{ key: { n: 1 }, name: 'n', unique: true }] };
const PLAIN = { createIndexes: 'c', indexes: [{ key: { n: 1 }, name: 'n' }] };

let bare: BareEngine;

beforeEach(async () => {
  bare = new BareEngine();
  await bare.fill('c', MANY);
});

afterEach(() => bare.close());

/** Begins a build and lets it do a few pieces. */
async function begin(command: object): Promise<Promise<Record<string, unknown>>[]> {
  const build = bare.run(command);
  for (let i = 0; i < 5; i++) await bare.turn();
  expect(bare.engine.builds.size).toBe(1);
  // In a list, so that awaiting this function does not await the build.
  return [build];
}

async function indexNames(): Promise<unknown[]> {
  const { cursor } = (await bare.run({ listIndexes: 'c' })) as {
    cursor: { firstBatch: { bytes: Buffer }[] };
  };
  return cursor.firstBatch.map((each) => new Row({ rid: 0, version: 0, ...each }).doc.get('name'));
}

/** Index entries as they are, and as they follow from the documents. */
function entries(): { stored: string[]; expected: string[] } {
  const { main, catalog } = bare.engine.storage;
  const stored = main
    .statement('SELECT idx, hex(key) AS key, rid FROM entry')
    .all()
    .map((row) => `${row['idx']} ${row['key']} ${row['rid']}`);
  const expected = catalog
    .list()
    .flatMap((collection) =>
      main
        .documents(collection.id, 0, false, 10_000)
        .flatMap((each) =>
          allKeys(collection, new Row(each).doc).flatMap(({ index, keys }) =>
            keys.map((key) => `${index.id} ${key.bytes.toString('hex').toUpperCase()} ${each.rid}`),
          ),
        ),
    );
  return { stored: stored.sort(), expected: expected.sort() };
}

async function expectNoTrace(): Promise<void> {
  await bare.engine.leftovers.remove();
  expect(await indexNames()).toEqual(['_id_']);
  const { stored, expected } = entries();
  expect(stored).toEqual(expected);
}

describe('an index on its way', () => {
  test('[DB37] gets the entries of concurrent writes and is not read before it is complete', async () => {
    const [build] = await begin(PLAIN);
    const hinted = { find: 'c', filter: {}, hint: 'n' };
    expect(await bare.run(hinted)).toMatchObject({ code: 2 });
    await bare.run({ insert: 'c', documents: [{ _id: 'new', n: [7, 8] }] });
    await bare.run({
      update: 'c',
      updates: [{ q: { _id: { $in: [1, 390] } }, u: { $set: { n: 'x' } }, multi: true }],
    });
    await bare.run({ delete: 'c', deletes: [{ q: { _id: { $in: [2, 391] } }, limit: 0 }] });
    expect(bare.engine.builds.size).toBe(1);
    expect(await build).toMatchObject({ numIndexesAfter: 2, ok: 1 });
    const { stored, expected } = entries();
    expect(stored).toEqual(expected);
    expect(await bare.count('c', { n: 8 })).toBe(2);
    expect((await bare.run(hinted))['ok']).toBe(1);
  });

  test('[DB37] a duplicate that is there ends it with 11000 and leaves no trace', async () => {
    await bare.run({ insert: 'c', documents: [{ n: 3 }] });
    const reply = await bare.run(UNIQUE);
    expect(reply).toMatchObject({ ok: 0, code: 11000, keyPattern: { n: 1 }, keyValue: { n: 3 } });
    await expectNoTrace();
  });

  test('[DB37] a concurrent write is not refused for it; a duplicate that stays ends it', async () => {
    const [build] = await begin(UNIQUE);
    expect(await bare.run({ insert: 'c', documents: [{ _id: 'twin', n: 0 }] })).toMatchObject({ n: 1 });
    expect(await build).toMatchObject({ ok: 0, code: 11000, keyValue: { n: 0 } });
    await expectNoTrace();
    const [second] = await begin({ ...UNIQUE, indexes: [{ ...UNIQUE.indexes[0], sparse: true }] });
    expect(await second).toMatchObject({ ok: 0, code: 11000 });
    await bare.run({ delete: 'c', deletes: [{ q: { _id: 'twin' }, limit: 1 }] });
    const [third] = await begin(UNIQUE);
    await bare.run({ insert: 'c', documents: [{ _id: 'twin', n: 1 }] });
    await bare.run({ delete: 'c', deletes: [{ q: { _id: 'twin' }, limit: 1 }] });
    expect(await third).toMatchObject({ numIndexesAfter: 2, ok: 1 });
    expect(await bare.run({ insert: 'c', documents: [{ _id: 'twin', n: 1 }] })).toMatchObject({
      writeErrors: [{ code: 11000 }],
    });
  });

  test('[DB37] transactions that wrote before it began are waited for; no duplicate slips through', async () => {
    const session = { lsid: lsid(1), txnNumber: 1n, autocommit: false };
    const insert = { insert: 'c', documents: [{ _id: 'twin', n: 5 }] };
    await bare.run(insert, { ...session, startTransaction: true });
    const [build] = await begin(UNIQUE);
    while (bare.engine.storage.catalog.find('test', 'c')?.unfinished[0]?.suspects?.size === undefined)
      await bare.turn();
    for (let i = 0; i < MANY; i++) await bare.turn();
    expect(bare.engine.builds.size).toBe(1);
    expect(await bare.run({ commitTransaction: 1 }, session)).toMatchObject({ ok: 1 });
    expect(await build).toMatchObject({ ok: 0, code: 11000 });
    await expectNoTrace();
  });

  test('[DB37] dropping it, or its collection, ends it with 276', async () => {
    const [build] = await begin(PLAIN);
    expect(await bare.run({ dropIndexes: 'c', index: 'n' })).toMatchObject({ ok: 1 });
    expect(await build).toMatchObject({ ok: 0, code: 276, codeName: 'IndexBuildAborted' });
    await expectNoTrace();
    const [second] = await begin(PLAIN);
    expect(await bare.run({ drop: 'c' })).toMatchObject({ ok: 1 });
    expect(await second).toMatchObject({ ok: 0, code: 276 });
    await bare.engine.leftovers.remove();
    expect(entries().stored).toEqual([]);
  });

  test('[DB37] whoever asks for the same index meanwhile waits for its end', async () => {
    const [first] = await begin(PLAIN);
    const second = bare.run(PLAIN);
    expect(await first).toMatchObject({ numIndexesBefore: 1, numIndexesAfter: 2 });
    expect(await second).toMatchObject({ numIndexesBefore: 2, numIndexesAfter: 2, ok: 1 });
  });

  test('[DB38] a crash leaves no half index', async () => {
    void (await begin(UNIQUE));
    expect(entries().stored.length).toBeGreaterThan(MANY);
    bare.restart();
    await expectNoTrace();
    expect(await bare.run(UNIQUE)).toMatchObject({ numIndexesAfter: 2, ok: 1 });
    expect(await bare.count('c', { n: { $gte: 0 } })).toBe(MANY);
  });

  test('[DB38] a crash in the middle of removing what was dropped leaves nothing for good', async () => {
    await bare.run({ drop: 'c' });
    expect(entries().stored.length).toBeGreaterThan(0);
    bare.restart();
    await bare.engine.leftovers.remove();
    expect(entries().stored).toEqual([]);
    const tables = "SELECT count(*) AS n FROM sqlite_schema WHERE name LIKE 'd\\_%' ESCAPE '\\'";
    expect(bare.engine.storage.main.statement(tables).get()?.['n']).toBe(0);
  });
});
