// A store that refuses for a while, and one that is damaged for good.
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { answer } from '../commands/dispatch.ts';
import { BareEngine, lsid } from '../test-support/bare-engine.ts';
import { docOf, localClient, temporaryDirectory } from '../test-support/test-database.ts';
import { type OpenEngine, openEngine } from './open.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const sweepMs = 30_000;
const onFailure = vi.fn<(error: Error) => void>();
let dataDir: string;
let open: OpenEngine;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onFailure.mockClear();
  dataDir = temporaryDirectory();
  open = openEngine(dataDir, onFailure);
  await command({
    createIndexes: 'c',
    indexes: [{ key: { at: 1 }, name: 'at', expireAfterSeconds: 0 }],
  });
  await command({ insert: 'c', documents: [{ _id: 1, at: new Date(0) }] });
});

afterEach(() => {
  open.close();
  vi.useRealTimers();
  rmSync(dataDir, { recursive: true, force: true });
});

async function command(source: object) {
  const connection = localClient();
  return answer({ engine: open.engine, body: docOf({ ...source, $db: 'test' }), connection });
}

async function count(): Promise<unknown> {
  return (await command({ count: 'c' })).get('n');
}

/** The table of the only collection. */
const table = () => `d_${open.engine.storage.catalog.find('test', 'c')?.id}`;

/** Runs the sweep, and returns when its group has ended. */
async function sweep(): Promise<void> {
  vi.advanceTimersByTime(sweepMs);
  await open.engine.writer.write(() => undefined).catch(() => undefined);
}

describe('a store that refuses', () => {
  test('[DB21] a full disk refuses writes, puts expiry off, and kills nothing', async () => {
    const { db } = open.engine.storage.main;
    // Without room for another page, what a removal has to write beside it does not fit either.
    db.exec(`CREATE TABLE ballast (body BLOB);
      CREATE TRIGGER heavy BEFORE DELETE ON ${table()} BEGIN INSERT INTO ballast VALUES (zeroblob(1000000)); END;
      PRAGMA max_page_count = 1`);
    const body = 'x'.repeat(1_000_000);
    const refused = await command({ insert: 'c', documents: [{ _id: 2, body }] });
    expect(refused.get('code')).toMatchObject({ value: 14031 });
    const removal = await command({ delete: 'c', deletes: [{ q: { _id: 1 }, limit: 1 }] });
    expect(removal.get('code')).toMatchObject({ value: 14031 });
    await sweep();
    await sweep();
    expect(onFailure).not.toHaveBeenCalled();
    expect(await count()).toMatchObject({ value: 1 });
    db.exec('PRAGMA max_page_count = 100000');
    await sweep();
    expect(await count()).toMatchObject({ value: 0 });
    expect((await command({ insert: 'c', documents: [{ _id: 2, body }] })).get('ok')).toBe(1);
  });

  test('[DB17] closing in the middle of a sweep is no failure', async () => {
    // As closing does, in the turn in which the sweep is asked for.
    open.engine.writer.stop();
    vi.advanceTimersByTime(sweepMs);
    open.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(onFailure).not.toHaveBeenCalled();
    open = openEngine(dataDir, onFailure);
  });

  test('[DB17] a damaged file is told once and not swept again', async () => {
    const { main } = open.engine.storage;
    main.forgetStatements();
    main.db.exec(`DROP TABLE ${table()}`);
    await sweep();
    await sweep();
    expect(onFailure).toHaveBeenCalledTimes(1);
    expect(onFailure.mock.calls[0]?.[0].message).toContain('no such table');
  });
});

test('[DB21] a full disk leaves no collection half made', async () => {
  const bare = new BareEngine();
  const { db } = bare.engine.storage.main;
  db.exec('VACUUM');
  db.exec('PRAGMA max_page_count = 1');
  const refused = await bare.run({ insert: 'fresh', documents: [{ _id: 1 }] });
  expect(refused).toMatchObject({ ok: 0, code: 14031 });
  expect(bare.engine.storage.catalog.find('test', 'fresh')).toBeUndefined();
  db.exec('PRAGMA max_page_count = 100000');
  bare.restart();
  expect(await bare.run({ insert: 'fresh', documents: [{ _id: 1 }] })).toMatchObject({ n: 1 });
  bare.close();
});

test('[DB10] a write whose record does not fit on the disk has not happened', async () => {
  const bare = new BareEngine();
  await bare.fill('c', 1);
  const { db } = bare.engine.storage.main;
  db.exec(`CREATE TABLE ballast (body BLOB);
    CREATE TRIGGER heavy BEFORE INSERT ON retry BEGIN INSERT INTO ballast VALUES (zeroblob(1000000)); END;
    PRAGMA max_page_count = 1`);
  const retryable = { lsid: lsid(1), txnNumber: 1n };
  const increase = { update: 'c', updates: [{ q: { _id: 0 }, u: { $inc: { n: 1 } } }] };
  expect(await bare.run(increase, retryable)).toMatchObject({ ok: 0, code: 14031 });
  expect(await bare.count('c', { n: 0 })).toBe(1);
  db.exec('PRAGMA max_page_count = 100000');
  for (let i = 0; i < 2; i++) expect(await bare.run(increase, retryable)).toMatchObject({ ok: 1, n: 1 });
  expect(await bare.count('c', { n: 1 })).toBe(1);
  bare.close();
});
