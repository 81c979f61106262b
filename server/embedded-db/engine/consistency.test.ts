// Transactions, plain writes and aborts mixed at random: sums stay exact, and so do index entries.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ClientSession, type Collection, MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { allKeys } from '../store/documents.ts';
import { Row } from '../store/row.ts';
import { seededRandom, temporaryDirectory } from '../test-support/test-database.ts';
import { Listener } from '../wire/listener.ts';
import { type OpenEngine, openEngine } from './open.ts';

vi.setConfig({ testTimeout: 60_000 });

interface Account {
  _id: number | string;
  units: number;
  name?: string;
  tags: { x: number }[];
}

const ACCOUNTS = 12;

let dataDir: string;
let open: OpenEngine;
let listener: Listener;
let client: MongoClient;
let accounts: Collection<Account>;

beforeEach(async () => {
  dataDir = temporaryDirectory();
  open = openEngine(dataDir, (error) => {
    throw error;
  });
  listener = new Listener(open.engine);
  const path = await listener.listen({ path: join(dataDir, 's.sock') });
  client = new MongoClient(`mongodb://${encodeURIComponent(path)}/?directConnection=true`);
  accounts = client.db('mixed').collection<Account>('accounts');
});

afterEach(async () => {
  await client.close();
  await listener.close();
  open.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Index entries as they are, and as they follow from the documents. */
function entries(): { readonly stored: string[]; readonly expected: string[] } {
  const { main, catalog } = open.engine.storage;
  const text = (index: unknown, key: Uint8Array, rid: unknown) =>
    `${index} ${Buffer.from(key).toString('hex')} ${rid}`;
  const rows = main.statement('SELECT idx, key, rid FROM entry').all();
  const stored = rows.map((row) => text(row['idx'], row['key'] as Uint8Array, row['rid']));
  const expected = catalog
    .list()
    .flatMap((collection) =>
      main
        .documents(collection.id, 0, false, 100_000)
        .flatMap(({ rid, ...rest }) =>
          allKeys(collection, new Row({ rid, ...rest }).doc).flatMap(({ index, keys }) =>
            keys.map((key) => text(index.id, key.bytes, rid)),
          ),
        ),
    );
  return { stored: stored.sort(), expected: expected.sort() };
}

describe('mixed writes', () => {
  test('[DB9] random transfers, aborts, duplicates and plain writes lose nothing and leave no stray entry', async () => {
    await accounts.createIndex({ units: 1 });
    await accounts.createIndex({ name: 1 }, { unique: true, sparse: true });
    await accounts.createIndex({ 'tags.x': 1, units: -1 });
    await accounts.insertMany(
      Array.from({ length: ACCOUNTS }, (_, i) => ({ _id: i, units: 100, name: `k${i}`, tags: [{ x: i }] })),
    );
    const random = seededRandom(31);
    const any = (below: number) => Math.floor(random() * below);
    let added = 0;

    const transfer = async (session: ClientSession, mark: string) => {
      const [from, to] = [any(ACCOUNTS), any(ACCOUNTS)];
      await accounts.updateOne({ _id: from }, { $inc: { units: -5 } }, { session });
      const found = await accounts.findOne({ _id: to }, { session });
      await accounts.updateOne({ _id: to }, { $set: { units: (found?.units ?? 0) + 5 } }, { session });
      await accounts.insertOne({ _id: mark, units: 0, tags: [] }, { session });
      if (any(2) === 0) await accounts.deleteOne({ _id: mark }, { session });
      if (any(4) === 0) await accounts.updateOne({ _id: to }, { $set: { name: `k${any(14)}` } }, { session });
      if (any(8) === 0) throw new Error('abort on purpose');
    };
    const worker = async (number: number) => {
      for (let i = 0; i < 12; i++) {
        if (any(3) === 0) {
          const push = { tags: { $each: [{ x: any(9) }], $slice: -3 } };
          await accounts.updateOne({ _id: any(ACCOUNTS) }, { $inc: { units: 1 }, $push: push });
          added++;
          continue;
        }
        await client
          .withSession((session) =>
            session.withTransaction(() => transfer(session, `${number}.${i}.${any(1e9)}`)),
          )
          .catch((error: Error & { code?: number }) => {
            if (error.code !== 11000 && error.message !== 'abort on purpose') throw error;
          });
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, i) => worker(i)));

    const all = await accounts.find().toArray();
    expect(all.reduce((sum, each) => sum + each.units, 0)).toBe(ACCOUNTS * 100 + added);
    const { stored, expected } = entries();
    expect(stored).toEqual(expected);
    expect(open.engine.storage.locks.size).toBe(0);
    expect(open.engine.storage.main.statement('PRAGMA integrity_check').get()?.['integrity_check']).toBe(
      'ok',
    );
  });
});
