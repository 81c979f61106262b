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

describe('an index on its way, and others', () => {
  const session = { lsid: lsid(1), txnNumber: 1n, autocommit: false };
  const started = { ...session, startTransaction: true };

  /** Lets a build go as far as it can alone. */
  async function untilStuck(): Promise<void> {
    for (let last = -1; last !== entries().stored.length; ) {
      last = entries().stored.length;
      for (let i = 0; i < 50; i++) await bare.turn();
    }
  }

  test('[DB37] a key that a transaction has claimed before the build met it is no duplicate later', async () => {
    const [build] = await begin(UNIQUE);
    await bare.run({ insert: 'c', documents: [{ _id: 'twin', n: MANY - 1 }] }, started);
    await untilStuck();
    expect(await bare.run({ commitTransaction: 1 }, session)).toMatchObject({ ok: 1 });
    expect(await build).toMatchObject({ ok: 0, code: 11000 });
    await expectNoTrace();
  });

  test('[DB37] a write waits for the transaction that has claimed its key', async () => {
    const [build] = await begin(UNIQUE);
    await bare.run({ insert: 'c', documents: [{ _id: 'twin', n: -1 }] }, started);
    const write = bare.run({ insert: 'c', documents: [{ _id: 'other', n: -1 }] });
    await untilStuck();
    expect(await bare.run({ commitTransaction: 1 }, session)).toMatchObject({ ok: 1 });
    await write;
    await build;
    const isThere = (await indexNames()).includes('n');
    expect(await bare.count('c', { n: -1 })).toBe(isThere ? 1 : 2);
  });

  test('[DB37] a transaction begun while it waits for an earlier one is waited for, too', async () => {
    const second = { lsid: lsid(2), txnNumber: 1n, autocommit: false };
    await bare.run({ insert: 'c', documents: [{ _id: 'a', n: -1 }] }, started);
    const [build] = await begin(UNIQUE);
    await untilStuck();
    const twin = { insert: 'c', documents: [{ _id: 'b', n: -1 }] };
    await bare.run(twin, { ...second, startTransaction: true });
    expect(await bare.run({ commitTransaction: 1 }, session)).toMatchObject({ ok: 1 });
    await untilStuck();
    expect(await bare.run({ commitTransaction: 1 }, second)).toMatchObject({ ok: 1 });
    expect(await build).toMatchObject({ ok: 0, code: 11000 });
    await expectNoTrace();
  });

  test('[DB37] its collection keeps its name meanwhile', async () => {
    const [build] = await begin(PLAIN);
    const rename = { renameCollection: 'test.c', to: 'test.d', $db: 'admin' };
    expect(await bare.run(rename)).toMatchObject({
      ok: 0,
      code: 12587,
      codeName: 'BackgroundOperationInProgressForNamespace',
    });
    expect(await build).toMatchObject({ numIndexesAfter: 2, ok: 1 });
    expect(await bare.run(rename)).toMatchObject({ ok: 1 });
  });

  test('[DB37] a drop of its collection that is taken back ends it and leaves no trace', async () => {
    const [build] = await begin(PLAIN);
    const { storage, writer } = bare.engine;
    const drop = writer.write(() => {
      for (const each of storage.catalog.list('test')) storage.catalog.drop(each);
      throw new Error('taken back');
    });
    await expect(drop).rejects.toThrow('taken back');
    expect(await build).toMatchObject({ ok: 0, code: 276 });
    await expectNoTrace();
    expect(await bare.count('c')).toBe(MANY);
  });

  test('[DB37] a document that cannot be indexed is changed and removed; left as it is it ends the build with 171', async () => {
    const both = { createIndexes: 'c', indexes: [{ key: { a: 1, b: 1 }, name: 'ab' }] };
    const bad = (id: string) => ({ _id: id, a: [1, 2], b: [1, 2] });
    await bare.run({ insert: 'c', documents: [bad('changed'), bad('removed'), bad('other')] });
    const [build] = await begin(both);
    const [changed, removed] = await Promise.all([
      bare.run({ update: 'c', updates: [{ q: { _id: 'changed' }, u: { $set: { a: 1 } } }] }),
      bare.run({ delete: 'c', deletes: [{ q: { _id: 'removed' }, limit: 1 }] }),
    ]);
    expect([changed, removed]).toMatchObject([{ nModified: 1 }, { n: 1 }]);
    expect(await build).toMatchObject({ ok: 0, code: 171 });
    await expectNoTrace();
    await bare.run({ delete: 'c', deletes: [{ q: { _id: 'other' }, limit: 1 }] });
    expect(await bare.run(both)).toMatchObject({ numIndexesAfter: 2 });
  });

  test('[DB21] what a full disk kept from being taken back is made anew when it is asked for again', async () => {
    const { db } = bare.engine.storage.main;
    const [build] = await begin(PLAIN);
    db.exec(`CREATE TABLE ballast (body BLOB);
      CREATE TRIGGER heavy BEFORE DELETE ON index_spec BEGIN INSERT INTO ballast VALUES (zeroblob(1000000)); END;
      PRAGMA max_page_count = 1`);
    expect(await build).toMatchObject({ ok: 0, code: 14031 });
    db.exec('PRAGMA max_page_count = 1000000; DROP TRIGGER heavy');
    expect(await bare.run(PLAIN)).toMatchObject({ numIndexesBefore: 1, numIndexesAfter: 2 });
    expect(await indexNames()).toEqual(['_id_', 'n']);
    expect(await bare.run({ find: 'c', filter: { n: 1 }, hint: 'n' })).toMatchObject({ ok: 1 });
  });
});
