// The end of transactions, sessions and cursors: by a failed command, under work that still reads, by time.
import { Binary } from 'mongodb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Tallies } from '../query/access.ts';
import type { Collection } from '../store/catalog.ts';
import { BareEngine, lsid } from '../test-support/bare-engine.ts';
import { Transaction } from './transaction.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let bare: BareEngine;

beforeEach(async () => {
  bare = new BareEngine();
  await bare.fill('c', 10);
});

afterEach(() => bare.close());

test('[DB9] a command with a collation that is refused ends its transaction, as any failed one', async () => {
  const session = { lsid: lsid(1), txnNumber: 1n, autocommit: false };
  await bare.run({ insert: 'c', documents: [{ _id: 'new' }] }, { ...session, startTransaction: true });
  const refused = await bare.run({ find: 'c', collation: { locale: 'none such' } }, session);
  expect(refused).toMatchObject({ ok: 0, code: 2 });
  expect(await bare.run({ find: 'c' }, session)).toMatchObject({ ok: 0, code: 251 });
  expect(bare.engine.storage.locks.size).toBe(0);
});

test('[DB9] nothing is read in the snapshot of a transaction that has ended', () => {
  const { storage } = bare.engine;
  const collection = storage.catalog.find('test', 'c') as Collection;
  const [index] = collection.indexes;
  if (!index) throw new Error('no index');
  const transaction = new Transaction(storage);
  const read = () => transaction.scan(collection, { kind: 'collection', isReverse: false }, reading).next();
  const reading = { tallies: new Tallies(), expected: 0 };
  expect(read().done).toBe(false);
  transaction.finish();
  expect(read).toThrow(expect.objectContaining({ code: 251 }));
  expect(() => transaction.countUpTo(index, [], 1)).toThrow(expect.objectContaining({ code: 251 }));
});

const MINUTE_MS = 60_000;

test('[DB11] a cursor nobody uses is forgotten, one without a timeout not before its session', async () => {
  const { cursors } = bare.engine;
  const find = { find: 'c', batchSize: 1 };
  await bare.run(find);
  await bare.run({ ...find, noCursorTimeout: true });
  await bare.run({ ...find, noCursorTimeout: true }, { lsid: lsid(1) });
  expect(cursors.size).toBe(3);
  cursors.sweep(Date.now() + 11 * MINUTE_MS);
  expect(cursors.size).toBe(2);
  cursors.sweep(Date.now() + 31 * MINUTE_MS);
  expect(cursors.size).toBe(1);
});

test('[DB11] a cursor does not stay when its transaction ends by time', async () => {
  const { cursors, sessions } = bare.engine;
  const session = { lsid: lsid(1), txnNumber: 1n, autocommit: false, startTransaction: true };
  await bare.run({ find: 'c', batchSize: 1 }, session);
  sessions.sweep(Date.now() + 2 * MINUTE_MS);
  cursors.sweep(Date.now());
  expect(cursors.size).toBe(0);
});

test('[DB3] refreshing keeps the sessions it names', async () => {
  const { sessions } = bare.engine;
  const [kept, other] = [sessions.of(lsid(1), 0), sessions.of(lsid(2), 0)];
  await bare.run({ refreshSessions: [{ id: new Binary(Buffer.alloc(16, 1), 4) }] });
  sessions.sweep(Date.now());
  expect(sessions.list()).toContain(kept);
  expect(sessions.list()).not.toContain(other);
});
