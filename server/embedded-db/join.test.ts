// A second process on one directory.
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type EmbeddedDatabase, startEmbeddedDatabase } from './start.ts';
import { serveInChild } from './test-support/serving-child.ts';
import { failureOf, temporaryDirectory } from './test-support/test-database.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const SERVE = fileURLToPath(new URL('./serve.ts', import.meta.url));
const directories: string[] = [];
const children: ChildProcess[] = [];
const open: EmbeddedDatabase[] = [];

function newDirectory(): string {
  const made = temporaryDirectory();
  directories.push(made);
  return made;
}

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const each of directories.splice(0)) rmSync(each, { recursive: true, force: true });
});

async function serve(dataDir: string): Promise<{ child: ChildProcess; uri: string }> {
  const made = await serveInChild(dataDir);
  children.push(made.child);
  return made;
}

async function joinOrStart(dataDir: string, onFatal?: (error: Error) => void): Promise<EmbeddedDatabase> {
  const made = await startEmbeddedDatabase({
    dataDir,
    whenOpenElsewhere: 'join',
    ...(onFatal ? { onFatal } : {}),
  });
  open.push(made);
  return made;
}

async function countThrough(uri: string): Promise<number> {
  const client = new MongoClient(uri);
  await client.db('x').collection('y').insertOne({});
  const count = await client.db('x').collection('y').countDocuments();
  await client.close();
  return count;
}

describe('a second process', () => {
  test('[DB62] joins the first, closing it ends nothing, and it is told when the owner is killed', async () => {
    const dataDir = newDirectory();
    const { child, uri } = await serve(dataDir);
    const onFatal = vi.fn<(error: Error) => void>();
    const short = await joinOrStart(dataDir);
    expect(short.uri).toBe(uri);
    await short.close();
    const second = await joinOrStart(dataDir, onFatal);
    expect(await countThrough(uri)).toBe(1);
    expect(await countThrough(second.uri)).toBe(2);
    expect(onFatal).not.toHaveBeenCalled();
    child.kill('SIGKILL');
    await expect.poll(() => onFatal.mock.calls.length).toBe(1);
    expect(onFatal.mock.calls[0]?.[0].message).toContain(
      `The process ${child.pid}, which served the database`,
    );

    const third = await joinOrStart(dataDir);
    expect(await countThrough(third.uri)).toBe(3);
  });

  test('[DB62] of several that start at once exactly one owns the directory, and all see one database', async () => {
    const dataDir = newDirectory();
    const rival = spawn(process.execPath, [SERVE, '--data', dataDir], { stdio: 'ignore' });
    children.push(rival);
    const joiners = await Promise.all([1, 2, 3].map(() => joinOrStart(dataDir)));
    const uris = new Set(joiners.map((each) => each.uri));
    expect(uris.size).toBe(1);
    expect(await countThrough([...uris][0] ?? '')).toBe(1);
    const refusal = await failureOf(startEmbeddedDatabase({ dataDir }));
    expect(refusal.message).toContain('already open in another process');
  });

  test('[DB62] an address left by a killed owner is not taken for a living one', async () => {
    const dataDir = newDirectory();
    writeFileSync(join(dataDir, 'owner.json'), '{"pid":1,"uri":"mongodb://127.0.0.1:9/"}');
    const only = await joinOrStart(dataDir);
    expect(only.uri).not.toContain(':9/');
    expect(await countThrough(only.uri)).toBe(1);
  });
});
