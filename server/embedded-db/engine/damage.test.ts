// Files that were cut, overwritten or are somebody else's: refused by name or recovered, never served wrong.
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { answer } from '../commands/dispatch.ts';
import { docOf, localClient, temporaryDirectory } from '../test-support/test-database.ts';
import { type OpenEngine, openEngine } from './open.ts';

const PAGE = 4096;
const onFailure = vi.fn<(error: Error) => void>();
let dataDir: string;
let path: string;
let open: OpenEngine | null = null;

beforeEach(() => {
  onFailure.mockClear();
  dataDir = temporaryDirectory();
  path = join(dataDir, 'database.sqlite');
});

afterEach(() => {
  open?.close();
  open = null;
  rmSync(dataDir, { recursive: true, force: true });
});

async function command(source: object) {
  const { engine } = open as OpenEngine;
  return answer({
    engine,
    body: docOf({ ...source, $db: 'test' }),
    connection: localClient(),
  });
}

async function start(): Promise<void> {
  open = openEngine(dataDir, onFailure);
}

function stop(): void {
  open?.close();
  open = null;
}

async function count(): Promise<unknown> {
  return (await command({ count: 'c', query: { n: { $gte: 0 } } })).get('n');
}

/** 400 documents on about 100 pages, closed cleanly. */
async function fill(): Promise<void> {
  await start();
  const documents = Array.from({ length: 400 }, (_, n) => ({ _id: n, n, text: 'x'.repeat(1000) }));
  await command({ insert: 'c', documents });
}

function overwritePages(first: number, bytes = Buffer.alloc(PAGE * 20, 0x5a)): void {
  const handle = openSync(path, 'r+');
  writeSync(handle, bytes, 0, bytes.length, first * PAGE);
  closeSync(handle);
}

/** What a killed process leaves: the files of a running engine, copied. */
async function leaveAsKilled(): Promise<void> {
  const copies = ['', '-wal'].map(
    (suffix) => [`${path}${suffix}`, readFileSync(`${path}${suffix}`)] as const,
  );
  stop();
  for (const [name, bytes] of copies) writeFileSync(name, bytes);
}

describe('a damaged file', () => {
  test('[DB63] cut, overwritten or emptied it is refused by name, with the way out, and left as it is', async () => {
    await fill();
    stop();
    const whole = readFileSync(path);
    const damages: (() => void)[] = [
      () => truncateSync(path, PAGE * 40),
      () => truncateSync(path, 1000),
      () => truncateSync(path, 0),
      () => writeFileSync(path, Buffer.alloc(PAGE * 8, 'not a database ')),
      () => overwritePages(1),
    ];
    for (const damage of damages) {
      writeFileSync(path, whole);
      writeFileSync(join(dataDir, 'owner.json'), '{"pid":1,"uri":"mongodb://somewhere/"}');
      damage();
      const size = statSync(path).size;
      await expect(start()).rejects.toThrow(
        /database.sqlite is damaged \(.*Restore the last backup: npm run restore/s,
      );
      expect(statSync(path).size).toBe(size);
    }
    writeFileSync(path, whole);
    await start();
    expect(await count()).toMatchObject({ value: 400 });
  });

  test('[DB63] after a crash the whole file is checked before anything is served', async () => {
    await fill();
    open?.engine.storage.main.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    await leaveAsKilled();
    copyFileSync(path, `${path}.whole`);
    overwritePages(50);
    await expect(start()).rejects.toThrow(/database.sqlite is damaged/);
    copyFileSync(`${path}.whole`, path);
    await start();
    expect(await count()).toMatchObject({ value: 400 });
  });

  test('[DB63] damage met while serving is 301, told once, ends all writes and is looked for at the next start', async () => {
    await fill();
    stop();
    overwritePages(50);
    await start();
    expect((await command({ count: 'c', query: { n: { $gte: 0 } } })).get('codeName')).toBe(
      'DataCorruptionDetected',
    );
    expect((await command({ find: 'c', batchSize: 400 })).get('code')).toMatchObject({ value: 301 });
    const insert = await command({ insert: 'c', documents: [{ _id: 'new' }] });
    expect(insert.get('code')).toMatchObject({ value: 301 });
    expect(onFailure).toHaveBeenCalledTimes(1);
    expect(onFailure.mock.calls[0]?.[0].message).toContain('Restore a backup');
    stop();
    await expect(start()).rejects.toThrow(/database.sqlite is damaged/);
  });

  test('[DB63] a torn end of the log costs nothing that was committed', async () => {
    await fill();
    await command({ insert: 'c', documents: [{ _id: 'last', n: 1 }] });
    await leaveAsKilled();
    appendFileSync(`${path}-wal`, Buffer.alloc(10_000, 0x5a));
    await start();
    expect(await count()).toMatchObject({ value: 401 });
  });

  test('[DB63] a file of another program is not touched', async () => {
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE invoices (x); INSERT INTO invoices VALUES (1)');
    other.close();
    await expect(start()).rejects.toThrow('is an SQLite file of another program');
    const after = new DatabaseSync(path);
    expect(after.prepare('SELECT x FROM invoices').get()).toMatchObject({ x: 1 });
    after.close();
  });
});
