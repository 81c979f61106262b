// Backups made while others write, restores that lose nothing, and the deep check.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { backUp, restoreBackup } from './backup.ts';
import { type EmbeddedDatabase, startEmbeddedDatabase } from './start.ts';
import { checkDatabase } from './store/check.ts';
import { namedFault } from './store/damage.ts';
import { failureOf, temporaryDirectory } from './test-support/test-database.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

interface Account {
  _id: string;
  units: number;
  tags?: string[];
}

let root: string;
let dataDir: string;
let server: EmbeddedDatabase | null = null;
let client: MongoClient;

async function serve(): Promise<void> {
  server = await startEmbeddedDatabase({ dataDir });
  client = new MongoClient(server.uri);
}

async function end(): Promise<void> {
  await client.close();
  await server?.close();
  server = null;
}

const accounts = () => client.db('bank').collection<Account>('accounts');

async function sum(): Promise<{ sum: number; count: number }> {
  const found = await accounts().find().toArray();
  return { sum: found.reduce((total, each) => total + each.units, 0), count: found.length };
}

beforeEach(async () => {
  root = temporaryDirectory();
  dataDir = join(root, 'data');
  await serve();
  await accounts().createIndex({ units: 1 });
  await accounts().createIndex({ tags: 1 });
  const made = Array.from({ length: 50 }, (_, i) => ({ _id: `a${i}`, units: 10, tags: ['x', `t${i}`] }));
  await accounts().insertMany(made);
});

afterEach(async () => {
  if (server) await end();
  rmSync(root, { recursive: true, force: true });
});

/** Moves units between accounts until told to stop; the sum never changes. */
async function transfer(isOver: () => boolean): Promise<number> {
  let done = 0;
  for (; !isOver(); done++) {
    await client.withSession((session) =>
      session.withTransaction(async () => {
        await accounts().updateOne({ _id: `a${done % 25}` }, { $inc: { units: -1 } }, { session });
        await accounts().updateOne({ _id: `a${25 + (done % 25)}` }, { $inc: { units: 1 } }, { session });
      }),
    );
  }
  return done;
}

describe('a backup', () => {
  test('[DB64] of a database in use is one moment, private, whole and sound', async () => {
    let isOver = false;
    const writer = transfer(() => isOver);
    const directory = join(root, 'backups');
    mkdirSync(directory);
    const now = new Date('2026-03-01T10:20:30Z');
    const made = await backUp(dataDir, directory, { now });
    isOver = true;
    expect(await writer).toBeGreaterThan(0);
    expect(made).toBe(join(directory, 'database-2026-03-01T10-20-30.sqlite'));
    expect(readdirSync(directory)).toHaveLength(1);
    expect((statSync(made).mode & 0o777).toString(8)).toBe('600');
    await end();

    await restoreBackup(join(root, 'second'), made);
    expect(checkDatabase(join(root, 'second'), () => undefined).findings).toEqual([]);
    dataDir = join(root, 'second');
    await serve();
    expect(await sum()).toEqual({ sum: 500, count: 50 });
  });

  test('[DB64] a link in the way of a backup is not followed', async () => {
    const directory = join(root, 'shared');
    mkdirSync(directory);
    const victim = join(root, 'victim');
    writeFileSync(victim, 'mine');
    const target = join(directory, 'backup.sqlite');
    symlinkSync(victim, `${target}.part-${process.pid}`);
    await backUp(dataDir, target);
    expect(readFileSync(victim, 'utf8')).toBe('mine');
    expect(lstatSync(target).isFile()).toBe(true);
  });

  test('[DB65] a file that would run statements of its own is not restored', async () => {
    const target = join(root, 'changed.sqlite');
    await backUp(dataDir, target);
    const db = new DatabaseSync(target);
    db.exec('CREATE TRIGGER sly AFTER INSERT ON entry BEGIN DELETE FROM retry; END');
    db.close();
    const failure = await failureOf(restoreBackup(join(root, 'third'), target));
    expect(failure.message).toMatch(/holds the trigger sly/);
    expect(existsSync(join(root, 'third', 'database.sqlite'))).toBe(false);
  });

  test('[DB64] a name that ends like a folder is one, and is made; what is above it is not', async () => {
    const now = new Date('2026-03-01T10:20:30Z');
    const made = await backUp(dataDir, `${join(root, 'backups')}/`, { now });
    expect(made).toBe(join(root, 'backups', 'database-2026-03-01T10-20-30.sqlite'));
    expect((statSync(join(root, 'backups')).mode & 0o777).toString(8)).toBe('700');
    for (const name of ['drive/backups/', 'drive/mine.sqlite']) {
      const refused = await failureOf(backUp(dataDir, join(root, name)));
      expect(refused.message).toBe(`There is no folder ${join(root, 'drive')}. Make it first.`);
    }
    expect((await failureOf(backUp(dataDir, `${made}/`))).message).toContain('is a file, not a folder');
    expect(readdirSync(root).sort()).toEqual(['backups', 'data']);
  });

  test('[DB64] a cancelled one leaves nothing, and none replaces a file', async () => {
    const target = join(root, 'mine.sqlite');
    const cancel = () => {
      throw new Error('cancelled');
    };
    expect((await failureOf(backUp(dataDir, target, { progress: cancel }))).message).toBe('cancelled');
    expect(readdirSync(root)).toEqual(['data']);
    writeFileSync(target, 'kept');
    expect((await failureOf(backUp(dataDir, target))).message).toContain('exists already');
    expect(readFileSync(target, 'utf8')).toBe('kept');
    const absent = join(root, 'absent');
    expect((await failureOf(backUp(absent, target))).message).toContain('There is no database');
    expect(existsSync(absent)).toBe(false);
  });
});

describe('a fault', () => {
  test('[DB63] of a file this account may not open says which, and who may', () => {
    for (const [fault, text] of [
      [{ errcode: 14 }, 'unable to open database file'],
      [{ errcode: 264 }, 'attempt to write a readonly database'],
      [{ code: 'EACCES' }, 'EACCES: permission denied'],
    ] as const) {
      const named = namedFault(Object.assign(new Error(text), fault), '/d/x.sqlite');
      expect(String(named)).toBe(
        `Error: /d/x.sqlite and its folder have to be readable and writable (${text}). Use the account that runs the hub.`,
      );
    }
  });
});

describe('a restore', () => {
  test('[DB65] is refused while the directory is served, and over a database unless told', async () => {
    const made = await backUp(dataDir, join(root, 'b.sqlite'));
    const refused = await failureOf(restoreBackup(dataDir, made, { force: true }));
    expect(refused.message).toContain('already open in another process');
    await end();
    expect((await failureOf(restoreBackup(dataDir, made))).message).toContain('With --force');
  });

  test('[DB65] keeps the database before aside, log and all', async () => {
    const made = await backUp(dataDir, join(root, 'b.sqlite'));
    await accounts().insertOne({ _id: 'later', units: 1 });
    await end();
    const aside = (await restoreBackup(dataDir, made, { force: true })) ?? '';
    await serve();
    expect(await sum()).toEqual({ sum: 500, count: 50 });
    await end();
    await restoreBackup(dataDir, aside, { force: true, now: new Date(0) });
    await serve();
    expect(await sum()).toEqual({ sum: 501, count: 51 });
  });

  test('[DB65] from a damaged or foreign file changes nothing', async () => {
    const made = await backUp(dataDir, join(root, 'b.sqlite'));
    await end();
    const bytes = readFileSync(made);
    writeFileSync(join(root, 'torn.sqlite'), bytes.fill(0x5a, bytes.length / 2));
    writeFileSync(join(root, 'text.sqlite'), 'Dear Sir or Madam'.repeat(1000));
    const before = readdirSync(dataDir);
    for (const name of ['torn.sqlite', 'text.sqlite', 'none.sqlite']) {
      const refused = await failureOf(restoreBackup(dataDir, join(root, name), { force: true }));
      expect(refused.message).toMatch(
        /^The backup .*sqlite is damaged .*Nothing was changed|^There is no file/,
      );
      expect(refused.message).not.toContain('.restored');
    }
    const folder = await failureOf(restoreBackup(dataDir, root, { force: true }));
    expect(folder.message).toContain('is a folder');
    expect(readdirSync(dataDir)).toEqual(before);
    await serve();
    expect(await sum()).toEqual({ sum: 500, count: 50 });
  });
});

describe('the deep check', () => {
  test('[DB66] finds nothing in a sound database, also while it is served', () => {
    expect(checkDatabase(dataDir, () => undefined)).toEqual({
      collections: 1,
      documents: 50,
      entries: 50 * 4,
      findings: [],
    });
  });

  test.each([
    ['DELETE FROM entry WHERE idx = 2 AND rid = 7', /document 7 is missing in the index units_1/],
    ["INSERT INTO entry VALUES (2, x'00', 3)", /units_1 has 51 entries instead of 50/],
    ['UPDATE index_spec SET multikey = 0', /document 1 has an array, which the index tags_1/],
    ["UPDATE d_1 SET body = x'05000000' WHERE rid = 4", /document 4 cannot be read/],
    ['INSERT INTO entry SELECT idx, key, 9999 FROM entry WHERE idx = 1 LIMIT 1', /_id_ has a key twice/],
  ])('[DB66] finds what %s did', async (sql, finding) => {
    await end();
    const db = new DatabaseSync(join(dataDir, 'database.sqlite'));
    db.exec(sql);
    db.close();
    expect(checkDatabase(dataDir, () => undefined).findings.join('\n')).toMatch(finding);
  });
});
