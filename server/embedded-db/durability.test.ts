// Restarts, the lock of a directory, and a database that dies.
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MongoClient } from 'mongodb';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startEmbeddedDatabase } from './start.ts';
import { serveInChild } from './test-support/serving-child.ts';
import { failureOf, temporaryDirectory } from './test-support/test-database.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const directories: string[] = [];

function newDirectory(): string {
  const made = temporaryDirectory();
  directories.push(made);
  return made;
}

afterEach(() => {
  for (const each of directories.splice(0)) rmSync(each, { recursive: true, force: true });
});

describe('a data directory', () => {
  test('[DB1] a second start is refused in readable words, and the first is not disturbed', async () => {
    const dataDir = newDirectory();
    const { child, uri } = await serveInChild(dataDir);
    const refusal = await failureOf(startEmbeddedDatabase({ dataDir }));
    expect(refusal.message).toContain(`already open in another process (process ${child.pid})`);
    const client = new MongoClient(uri);
    await client.db('x').collection('y').insertOne({ z: 1 });
    expect(await client.db('x').collection('y').countDocuments()).toBe(1);
    await client.close();
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });

  test('[DB1] the same process cannot open a directory twice either', async () => {
    const dataDir = newDirectory();
    const first = await startEmbeddedDatabase({ dataDir });
    const refusal = await failureOf(startEmbeddedDatabase({ dataDir }));
    expect(refusal.message).toContain('already open in another process');
    await first.close();
    const second = await startEmbeddedDatabase({ dataDir });
    await second.close();
  });

  test('[DB2] a restart finds documents and indexes again', async () => {
    const dataDir = newDirectory();
    const first = await startEmbeddedDatabase({ dataDir });
    const writer = new MongoClient(first.uri);
    await writer.db('x').collection('people').createIndex({ name: 1 }, { unique: true });
    await writer
      .db('x')
      .collection('people')
      .insertOne({ name: 'Ada', tags: ['a', 'b'] });
    await writer.close();
    await first.close();

    const second = await startEmbeddedDatabase({ dataDir });
    const reader = new MongoClient(second.uri);
    const people = reader.db('x').collection('people');
    expect(await people.findOne({ name: 'Ada' }, { projection: { _id: 0 } })).toEqual({
      name: 'Ada',
      tags: ['a', 'b'],
    });
    expect((await failureOf(people.insertOne({ name: 'Ada' })))['code']).toBe(11000);
    await reader.close();
    await second.close();
  });

  test('[DB17] a database that dies tells the application once', async () => {
    const dataDir = newDirectory();
    const onFatal = vi.fn<(error: Error) => void>();
    const server = await startEmbeddedDatabase({ dataDir, onFatal });
    const client = new MongoClient(server.uri, { serverSelectionTimeoutMS: 300, retryWrites: false });
    await client.db('x').collection('y').insertOne({ a: 1 });
    const saboteur = new DatabaseSync(join(dataDir, 'database.sqlite'));
    saboteur.exec('DROP TABLE entry; DROP TABLE collection');
    saboteur.close();
    await failureOf(client.db('x').collection('y').insertOne({ a: 2 }));
    await expect.poll(() => onFatal.mock.calls.length).toBe(1);
    expect(onFatal.mock.calls[0]?.[0]).toBeInstanceOf(Error);
    await client.close();
    await server.close();
    expect(onFatal.mock.calls).toHaveLength(1);
  });

  test('[DB3] a path too long for a socket is served all the same', async () => {
    const dataDir = `${newDirectory()}/${'long-name-'.repeat(12)}`;
    const server = await startEmbeddedDatabase({ dataDir });
    const client = new MongoClient(server.uri);
    expect((await client.db('x').collection('y').insertOne({ a: 1 })).acknowledged).toBe(true);
    await client.close();
    await server.close();
  });
});
