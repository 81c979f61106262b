// Who may read the files of the database.
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startEmbeddedDatabase } from './start.ts';
import { temporaryDirectory } from './test-support/test-database.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const directories: string[] = [];

afterEach(() => {
  for (const each of directories.splice(0)) rmSync(each, { recursive: true, force: true });
});

/** A directory everybody may enter, as an administrator may have made it. */
function openDirectory(): string {
  const parent = temporaryDirectory();
  directories.push(parent);
  const made = join(parent, 'data');
  mkdirSync(made);
  chmodSync(made, 0o755);
  return made;
}

function modes(directory: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(directory).map((name) => [name, (statSync(join(directory, name)).mode & 0o777).toString(8)]),
  );
}

async function writeOnce(dataDir: string): Promise<Record<string, string>> {
  const server = await startEmbeddedDatabase({ dataDir });
  const client = new MongoClient(server.uri);
  await client.db('x').collection('y').insertOne({ a: 1 });
  const found = modes(dataDir);
  await client.close();
  await server.close();
  return found;
}

const named = [
  'database.sock',
  'database.sqlite',
  'database.sqlite-shm',
  'database.sqlite-wal',
  'owner.lock',
  'owner.json',
];

function expectClosed(found: Record<string, string>): void {
  expect(Object.keys(found)).toEqual(expect.arrayContaining(named));
  expect(Object.entries(found).filter(([, mode]) => mode !== '600')).toEqual([]);
}

describe('the files of a database', () => {
  test('[DB22] only the owner may read what is made in a directory everybody may enter', async () => {
    expectClosed(await writeOnce(openDirectory()));
  });

  test('[DB22] files left wider by an earlier run are closed', async () => {
    const dataDir = openDirectory();
    await writeOnce(dataDir);
    for (const name of readdirSync(dataDir)) chmodSync(join(dataDir, name), 0o644);
    expectClosed(await writeOnce(dataDir));
  });
});
