// Loopback TCP, with the driver discovering the replica set by itself.
import { rmSync } from 'node:fs';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type OpenEngine, openEngine } from '../engine/open.ts';
import { temporaryDirectory } from '../test-support/test-database.ts';
import { Listener } from './listener.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let dataDir: string;
let open: OpenEngine;
let listener: Listener;
let address: string;

beforeAll(async () => {
  dataDir = temporaryDirectory();
  open = openEngine(dataDir, (error) => {
    throw error;
  });
  listener = new Listener(open.engine);
  address = await listener.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await listener.close();
  open.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('loopback TCP', () => {
  test('[DB3] the driver finds the primary of the set and runs retryable writes and transactions', async () => {
    const numbers: unknown[] = [];
    const client = new MongoClient(`mongodb://${address}/?replicaSet=rs0`, { monitorCommands: true });
    client.on('commandStarted', (event) => numbers.push(event.command['txnNumber']));
    const notes = client.db('x').collection<{ _id: string }>('notes');
    await notes.insertOne({ _id: 'a' });
    expect(numbers.at(-1), 'a retryable write carries a number').toBeDefined();
    await client.withSession((session) =>
      session.withTransaction(async () => {
        await notes.insertOne({ _id: 'b' }, { session });
        await notes.deleteOne({ _id: 'a' }, { session });
      }),
    );
    expect(await notes.find().toArray()).toEqual([{ _id: 'b' }]);
    await client.close();
  });
});
