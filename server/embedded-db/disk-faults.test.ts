// A disk that is full or fails under a running database.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkDatabase } from './store/check.ts';
import { CAN_WATCH_DISK, WatchedDisk } from './test-support/disk.ts';
import { serveInChild } from './test-support/serving-child.ts';
import { failureOf, temporaryDirectory } from './test-support/test-database.ts';

interface Stored {
  _id: number;
  body: string;
}

let root: string;
let disk: WatchedDisk;
let child: ChildProcess;
let client: MongoClient;

beforeEach(async () => {
  root = temporaryDirectory();
  if (!CAN_WATCH_DISK) return;
  disk = new WatchedDisk(root);
  await serve();
}, 120_000);

afterEach(async () => {
  await client?.close();
  if (child?.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

async function serve(): Promise<void> {
  const served = await serveInChild(disk.dataDir, disk.env, 'pipe');
  child = served.child;
  client = new MongoClient(served.uri, { retryWrites: false, serverSelectionTimeoutMS: 2_000 });
}

async function restart(): Promise<void> {
  await client.close();
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await serve();
}

const documents = () => client.db('x').collection<Stored>('c');
const insert = (id: number, length = 20_000) => documents().insertOne({ _id: id, body: 'x'.repeat(length) });

async function ids(): Promise<number[]> {
  return (await documents().find().sort({ _id: 1 }).toArray()).map((each) => each._id);
}

const sizeOf = (name: string) => statSync(join(disk.dataDir, name), { throwIfNoEntry: false })?.size ?? 0;

describe.skipIf(!CAN_WATCH_DISK)('a full disk', () => {
  test.each(['full', 'quota'] as const)(
    '[DB21] (%s) refuses writes with 14031 and a name, goes on reading, and takes writes again once there is room',
    async (fault) => {
      for (let id = 0; id < 5; id++) await insert(id);
      disk.begin(fault);
      for (let id = 5; id < 9; id++) {
        const refused = await failureOf(insert(id));
        expect([refused['code'], refused['codeName']]).toEqual([14031, 'OutOfDiskSpace']);
      }
      expect(await ids()).toEqual([0, 1, 2, 3, 4]);
      expect((await documents().findOne({ _id: 3 }))?.body).toHaveLength(20_000);
      disk.end(fault);
      await insert(9);
      expect(await ids()).toEqual([0, 1, 2, 3, 4, 9]);
      await restart();
      expect(await ids()).toEqual([0, 1, 2, 3, 4, 9]);
      expect(checkDatabase(disk.dataDir, () => undefined).findings).toEqual([]);
    },
    30_000,
  );

  test('[DB21] keeps a start from serving, in readable words, and the next one finds everything', async () => {
    await insert(1);
    disk.begin('full');
    await expect(restart()).rejects.toThrow(/There is no room on the disk of .*Make some and start again/);
    disk.end('full');
    await serve();
    expect(await ids()).toEqual([1]);
  }, 30_000);

  test('[DB21] while the log is taken into the file costs nothing: the log keeps it until there is room', async () => {
    // The log is taken in at 8 MB; then the file has to grow, and the log does not.
    let id = 0;
    while (sizeOf('database.sqlite-wal') < 7_500_000) await insert(id++, 200_000);
    const before = sizeOf('database.sqlite');
    disk.begin('full-file');
    while (sizeOf('database.sqlite-wal') < 9_500_000) await insert(id++, 200_000);
    expect(sizeOf('database.sqlite')).toBe(before);
    const stored = Array.from({ length: id }, (_, each) => each);
    expect(await ids()).toEqual(stored);
    // Closing takes the log in as well; it stays when that fails.
    await restart();
    expect(await ids()).toEqual(stored);
    disk.end('full-file');
    await insert(id);
    await restart();
    expect(await ids()).toEqual([...stored, id]);
    expect(sizeOf('database.sqlite')).toBeGreaterThan(before);
  }, 60_000);
});

describe.skipIf(!CAN_WATCH_DISK)('a failing disk', () => {
  test.each(['eio-write', 'eio-sync'] as const)(
    '[DB17] %s is told once and by name, and nothing is acknowledged that is not stored',
    async (fault) => {
      for (let id = 0; id < 5; id++) await insert(id);
      const said: Buffer[] = [];
      child.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
      const closed = once(child, 'close');
      disk.begin(fault);
      // The answer may come after the end of the process, and then is a broken connection.
      const refused = await failureOf(Promise.all([insert(5), insert(6)]));
      if (refused.name === 'MongoServerError') expect(refused['codeName']).toBe('FileStreamFailed');
      await failureOf(insert(7));
      // Whoever serves ends when it is told; `serve.ts` does with one line.
      await closed;
      expect(String(Buffer.concat(said)).match(/The disk of .* fails/g)).toHaveLength(1);
      disk.end(fault);
      await restart();
      expect((await ids()).filter((id) => id < 5)).toEqual([0, 1, 2, 3, 4]);
      await insert(8);
      expect(checkDatabase(disk.dataDir, () => undefined).findings).toEqual([]);
    },
    30_000,
  );
});
