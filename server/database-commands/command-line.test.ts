/** The database commands as people run them: their words, their exit codes, Ctrl+C. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { databaseName, runCommand } from '#server/database-commands/command-line.ts';
import { inWords } from '#server/database-commands/words.ts';
import { type EmbeddedDatabase, startEmbeddedDatabase } from '#server/embedded-db/start.ts';
import { until } from '#tests/support/until.ts';

// A machine under load starts processes slowly.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

let root: string;
let dataDir: string;
let server: EmbeddedDatabase;

interface Ended {
  code: number | null;
  out: string;
  error: string;
}

/** Runs one command on the folder; an argument of `env` comes before everything else. */
function run(command: string, args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const path = fileURLToPath(new URL(`./${command}-command.ts`, import.meta.url));
  const { MONGODB_URI: _, ...others } = process.env;
  const child = spawn(process.execPath, [path, ...args], { env: { ...others, DATA_DIR: dataDir, ...env } });
  const ended: Ended = { code: null, out: '', error: '' };
  child.stdout.on('data', (chunk) => (ended.out += chunk));
  child.stderr.on('data', (chunk) => (ended.error += chunk));
  return new Promise((settle) => child.once('close', (code) => settle({ ...ended, code })));
}

describe('the database of an address', () => {
  test.each([
    [null, undefined, 'tandem'],
    ['mongodb://h/', undefined, 'tandem'],
    ['mongodb://u:p@h1,h2/hub%20one?replicaSet=rs0', undefined, 'hub one'],
    ['mongodb+srv://h/hub', 'other', 'other'],
  ])('[DB67] the database of %s, asked for %s, is %s', (mongodbUri, given, name) => {
    expect(databaseName({ dataDir: '', mongodbUri }, given)).toBe(name);
  });
});

describe('Ctrl+C', () => {
  const before = process.exitCode;

  afterEach(() => {
    process.exitCode = before;
    vi.restoreAllMocks();
  });

  test('[DB67] stops the work, says what that leaves, and ends with 130', async () => {
    const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const call = { usage: '', options: {}, whenStopped: 'Stopped; half is there.' };
    await runCommand(call, async ({ signal }) => {
      process.emit('SIGINT');
      signal.throwIfAborted();
      return true;
    });
    expect(told).toHaveBeenCalledWith('Stopped; half is there.\n');
    expect(process.exitCode).toBe(130);
  });

  test('[DB66] is left to the system by work that does not look up', async () => {
    const listeners = process.listenerCount('SIGINT');
    await runCommand({ usage: '', options: {}, whenStopped: null }, async () => {
      expect(process.listenerCount('SIGINT')).toBe(listeners);
      return true;
    });
    expect(process.exitCode).toBe(0);
  });
});

describe('the database commands', () => {
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'tandem-commands-'));
    dataDir = join(root, 'data');
    server = await startEmbeddedDatabase({ dataDir });
    const client = new MongoClient(server.uri);
    await client
      .db('tandem')
      .collection('people')
      .insertMany([{ name: 'Ada' }, { name: 'Grace' }]);
    await client.close();
  });

  afterEach(async () => {
    await server.close();
    rmSync(root, { recursive: true, force: true });
  });

  test('[DB64, DB65, DB66, DB67] back up, check and export beside a running owner, restore and import after it', async () => {
    const backups = join(root, 'backups');
    mkdirSync(backups);
    expect(await run('backup', ['--to', backups])).toMatchObject({ code: 0, error: '' });
    const [name = ''] = readdirSync(backups);
    expect(await run('check', [])).toMatchObject({ code: 0, out: expect.stringContaining('2 documents') });
    const dump = join(root, 'dump');
    expect(await run('export', ['--to', dump])).toMatchObject({ code: 0 });
    const early = await run('restore', ['--from', join(backups, name), '--force']);
    expect(early).toMatchObject({
      code: 1,
      error: expect.stringContaining('already open in another process'),
    });

    await server.close();
    const done = await run('restore', ['--from', join(backups, name), '--force']);
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining('The database before is kept as') });
    const full = await run('import', ['--from', dump]);
    expect(full).toMatchObject({ code: 1, error: expect.stringContaining('is not empty (people)') });
    const imported = await run('import', ['--from', dump, '--drop']);
    expect(imported).toMatchObject({ code: 0, out: expect.stringContaining('people: 2 documents') });
  });

  test('[DB64] beside a server of its own the file commands say where the data are, and no argument is guessed', async () => {
    const elsewhere = await run('backup', ['--to', root], { MONGODB_URI: 'mongodb://127.0.0.1:1/tandem' });
    expect(elsewhere).toMatchObject({ code: 1, error: expect.stringContaining('MONGODB_URI is set') });
    const silent = await run('backup', []);
    expect(silent).toMatchObject({
      code: 1,
      error: 'Say where to: npm run backup -- --to FILE (or a folder)\n',
    });
    expect(await run('backup', ['--help'])).toMatchObject({
      code: 0,
      out: 'npm run backup -- --to FILE (or a folder)\n',
    });
    expect(await run('check', ['--fast'])).toMatchObject({
      code: 1,
      error: "Unknown option '--fast'. The command is: npm run db:check\n",
    });
  });

  test('[DB68] an export makes no database where there is none, and names a server that does not answer', async () => {
    const dump = ['--to', join(root, 'dump')];
    const absent = join(root, 'absent');
    expect(await run('export', dump, { DATA_DIR: absent })).toMatchObject({
      code: 1,
      error: `There is no database in ${absent}.\n`,
    });
    const silent = new MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 1 });
    expect(inWords(await silent.connect().catch((error: unknown) => error))).toMatch(
      /^No database server answers at MONGODB_URI \(.*\)\. Check the address/,
    );
    expect(readdirSync(root)).toEqual(['data']);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '[DB68] %s, even twice, leaves nothing of an export',
    async (name) => {
      // A server that is slow to list keeps the command at its work.
      const slow = await startEmbeddedDatabase({ dataDir: join(root, 'slow'), testCommands: true });
      const client = new MongoClient(slow.uri);
      const data = { failCommands: ['listCollections'], blockConnection: true, blockTimeMS: 20_000 };
      await client.db('admin').command({ configureFailPoint: 'failCommand', mode: 'alwaysOn', data });
      const path = fileURLToPath(new URL('./export-command.ts', import.meta.url));
      const env = { ...process.env, MONGODB_URI: slow.uri };
      const child = spawn(process.execPath, [path, '--to', join(root, 'dump')], { env });
      let error = '';
      child.stderr.on('data', (chunk) => (error += chunk));
      await until('its folder', () => readdirSync(root).some((file) => file.startsWith('.part-of-export')));
      child.kill(name);
      child.kill(name);
      expect(await once(child, 'close')).toEqual([130, null]);
      expect(error).toBe('Stopped; nothing was left half done.\n');
      expect(readdirSync(root).sort()).toEqual(['data', 'slow']);
      await client.close();
      await slow.close();
    },
  );
});
