// The engine without sockets: expiry, lifetimes, and the stored replies of retryable writes.
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Binary, type Doc, doc } from '../bson/value.ts';
import { answer } from '../commands/dispatch.ts';
import { docOf, localClient, temporaryDirectory } from '../test-support/test-database.ts';
import { removeExpired } from './expiry.ts';
import { type OpenEngine, openEngine } from './open.ts';
import { TRANSACTION_LIFETIME_MS } from './sessions.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let dataDir: string;
let open: OpenEngine;

function start(): void {
  open = openEngine(dataDir, (error) => {
    throw error;
  });
}

beforeEach(() => {
  dataDir = temporaryDirectory();
  start();
});

afterEach(() => {
  open.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const connection = localClient();

async function command(source: object, extra: Record<string, Doc | bigint | boolean> = {}) {
  const body = docOf({ ...source, $db: 'test' });
  for (const [name, value] of Object.entries(extra)) body.set(name, value);
  return answer({ engine: open.engine, body, connection });
}

async function count(name: string): Promise<unknown> {
  return (await command({ count: name })).get('n');
}

function lsid(byte: number): Doc {
  return doc({ id: new Binary(4, Buffer.alloc(16, byte)) });
}

describe('expiry', () => {
  test('[DB14] documents past their date go, in ascending and descending indexes; others stay', async () => {
    for (const [name, direction] of [
      ['up', 1],
      ['down', -1],
    ] as const) {
      await command({
        createIndexes: name,
        indexes: [{ key: { at: direction }, name: 'at', expireAfterSeconds: 10 }],
      });
      const documents = [
        { at: new Date(0) },
        { at: new Date(5_000) },
        { at: 'text' },
        { none: 1 },
        { at: [new Date(0), new Date(99_000)] },
      ];
      await command({ insert: name, documents });
    }
    const sweep = (now: number) =>
      open.engine.writer.work((target, pace) =>
        removeExpired({ storage: open.engine.storage, target, pace, now }),
      );
    expect(await sweep(9_000)).toBe(0);
    expect(await sweep(10_000)).toBe(4);
    expect(await sweep(16_000)).toBe(2);
    expect([await count('up'), await count('down')]).toMatchObject([{ value: 2 }, { value: 2 }]);
  });
});

describe('lifetimes', () => {
  test('[DB15] a transaction past its lifetime is aborted and its locks are free', async () => {
    await command({ insert: 'c', documents: [{ _id: 1, v: 0 }] });
    const session = { lsid: lsid(1), txnNumber: 1n, autocommit: false };
    const update = { update: 'c', updates: [{ q: { _id: 1 }, u: { $inc: { v: 1 } } }] };
    expect((await command(update, { ...session, startTransaction: true })).get('ok')).toBe(1);
    const waiting = command(update);
    open.engine.sessions.sweep(Date.now() + TRANSACTION_LIFETIME_MS + 1_000);
    expect((await waiting).get('ok')).toBe(1);
    const late = await command({ commitTransaction: 1 }, session);
    expect(late.get('codeName')).toBe('NoSuchTransaction');
    expect(late.get('errorLabels')).toEqual(['TransientTransactionError']);
  });

  test.each([
    ['its session ends', () => open.engine.sessions.list().map((each) => open.engine.sessions.end(each))],
    ['its lifetime is over', () => open.engine.sessions.sweep(Date.now() + TRANSACTION_LIFETIME_MS + 1_000)],
  ])('[DB2] a commit still waiting when %s is refused, now and when asked again', async (_, abort) => {
    await command({ create: 'c' });
    const session = { lsid: lsid(6), txnNumber: 1n, autocommit: false };
    await command({ insert: 'c', documents: [{ _id: 1 }] }, { ...session, startTransaction: true });
    const commit = command({ commitTransaction: 1 }, session);
    abort();
    const refused = await commit;
    expect(refused.get('codeName')).toBe('NoSuchTransaction');
    expect(refused.get('errorLabels')).toEqual(['TransientTransactionError']);
    expect((await command({ commitTransaction: 1 }, session)).get('codeName')).toBe('NoSuchTransaction');
    expect(await count('c')).toMatchObject({ value: 0 });
  });

  test('[DB15] a transaction whose connection closes goes on over another at once, or is aborted', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await command({ create: 'c' });
    for (const [n, goesOn] of [
      [7, true],
      [8, false],
    ] as const) {
      const session = { lsid: lsid(n), txnNumber: 1n, autocommit: false };
      await command({ insert: 'c', documents: [{ _id: n }] }, { ...session, startTransaction: true });
      open.engine.sessions.connectionClosed(connection);
      const body = docOf({ find: 'c', $db: 'test' });
      for (const [name, value] of Object.entries(session)) body.set(name, value);
      const other = localClient();
      if (goesOn) await answer({ engine: open.engine, body, connection: other });
      vi.runAllTimers();
      expect((await command({ commitTransaction: 1 }, session)).get('ok')).toBe(goesOn ? 1 : 0);
    }
    vi.useRealTimers();
    expect(await count('c')).toMatchObject({ value: 1 });
  });

  test('[DB15] an ended session aborts what it has open', async () => {
    const session = { lsid: lsid(2), txnNumber: 1n, autocommit: false };
    await command({ insert: 'c', documents: [{ _id: 1 }] }, { ...session, startTransaction: true });
    const end = docOf({ endSessions: [], $db: 'admin' });
    end.set('endSessions', [lsid(2)]);
    await answer({ engine: open.engine, body: end, connection });
    expect(await count('c')).toMatchObject({ value: 0 });
    expect(open.engine.storage.locks.size).toBe(0);
  });
});

describe('stored replies', () => {
  test('[DB10] a retried write and a retried commit are answered after a restart too', async () => {
    const write = { lsid: lsid(3), txnNumber: 5n };
    const insert = { insert: 'c', documents: [{ v: 1 }] };
    await command(insert, write);
    const transaction = { lsid: lsid(4), txnNumber: 1n, autocommit: false };
    await command(insert, { ...transaction, startTransaction: true });
    await command({ commitTransaction: 1 }, transaction);
    open.close();
    start();
    expect((await command(insert, write)).get('ok')).toBe(1);
    expect((await command({ commitTransaction: 1 }, transaction)).get('ok')).toBe(1);
    expect(await count('c')).toMatchObject({ value: 2 });
    const unknown = await command({ commitTransaction: 1 }, { ...transaction, txnNumber: 2n });
    expect(unknown.get('code')).toMatchObject({ value: 251 });
  });
});

describe('group commit', () => {
  test('[DB2] a failing write leaves the others of its group and none of its own changes', async () => {
    const { writer } = open.engine;
    const good = writer.write((target) =>
      target.insert(target.ensureCollection('test', 'c'), docOf({ _id: 1 })),
    );
    const bad = writer.write((target) => {
      target.insert(target.ensureCollection('test', 'made'), docOf({ _id: 2 }));
      throw new Error('on purpose');
    });
    await Promise.all([good, expect(bad).rejects.toThrow('on purpose')]);
    expect(await count('c')).toMatchObject({ value: 1 });
    expect(open.engine.storage.catalog.find('test', 'made')).toBeUndefined();
  });
});
