/** The place of a test's data, on a server that stands for a real one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { startEmbeddedDatabase } from '#server/embedded-db/start.ts';
import { takeDatabasePlace, withDatabase } from '#tests/support/database-place.ts';

test.each([
  ['mongodb://a:27017', 'mongodb://a:27017/t'],
  ['mongodb://a,b:27018/tandem?replicaSet=rs0', 'mongodb://a,b:27018/t?replicaSet=rs0'],
  ['mongodb://%2Ftmp%2Fdb.sock/?directConnection=true', 'mongodb://%2Ftmp%2Fdb.sock/t?directConnection=true'],
  ['mongodb+srv://u:p@c.example/tandem', 'mongodb+srv://u:p@c.example/t?authSource=tandem'],
  ['mongodb://u:p@a/?tls=true', 'mongodb://u:p@a/t?tls=true&authSource=admin'],
  ['mongodb://u:p@a/x?authSource=staff', 'mongodb://u:p@a/t?authSource=staff'],
])('[HO20] %s becomes a database of the test', (given, expected) => {
  expect(withDatabase(given, 't')).toBe(expected);
});

test('[HO20] what is no address is refused without being repeated', () => {
  expect(() => withDatabase('postgres://hub:hunter2@db', 't')).toThrow(/^(?!.*hunter2)/);
});

test('[HO20] without a server the embedded engine is used', () => {
  expect(takeDatabasePlace('').settings).toEqual({});
});

test('[HO20] each test has a database of its own on the server, and leaves none', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tandem-place-'));
  const server = await startEmbeddedDatabase({ dataDir });
  const places = [takeDatabasePlace(server.uri), takeDatabasePlace(server.uri)];
  const clients = places.map((place) => new MongoClient(place.settings['MONGODB_URI'] ?? ''));
  try {
    for (const [n, client] of clients.entries()) await client.db().collection('things').insertOne({ n });
    for (const [n, client] of clients.entries()) {
      expect(await client.db().collection('things').find().project({ _id: 0 }).toArray()).toEqual([{ n }]);
    }
    for (const place of places) await place.drop();
    const listed = await clients[0]?.db().admin().listDatabases({ nameOnly: true });
    expect(listed?.databases.filter((each) => each.name.startsWith('tandem-test-'))).toEqual([]);
  } finally {
    for (const client of clients) await client.close();
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  }
});
