// `npm run db` as a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { temporaryDirectory } from './test-support/test-database.ts';

// A machine under load starts a process slowly.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

const PROGRAM = join(import.meta.dirname, 'serve.ts');

let directory: string;

beforeAll(() => {
  directory = temporaryDirectory();
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function run(arguments_: string[], password?: string, more: Record<string, string> = {}): ChildProcess {
  const { EMBEDDED_DB_PASSWORD: _, ...others } = process.env;
  const env = { ...others, ...more };
  return spawn(process.execPath, [PROGRAM, ...arguments_], {
    env: password === undefined ? env : { ...env, EMBEDDED_DB_PASSWORD: password },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function lines(child: ChildProcess, count: number): Promise<string[]> {
  const out: string[] = [];
  if (!child.stdout) return out;
  for await (const line of createInterface({ input: child.stdout })) if (out.push(line) === count) break;
  return out;
}

async function refusal(arguments_: string[], password?: string): Promise<string> {
  const child = run(arguments_, password);
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  expect(code, said).toBe(1);
  return said;
}

describe('npm run db', () => {
  test('[DB79] serves a port and a socket, asks for the password, and stops cleanly on a signal', async () => {
    const data = join(directory, 'served');
    const socket = join(directory, 'further.sock');
    const child = run(['--data', data, '--port', '0', '--socket', socket, '--user', 'ann'], 'secret words');
    const uris = await lines(child, 2);
    expect(uris).toEqual([
      `mongodb://ann@${encodeURIComponent(socket)}/?directConnection=true&authSource=admin`,
      expect.stringMatching(/^mongodb:\/\/ann@127\.0\.0\.1:\d+\/\?directConnection=true&authSource=admin$/),
    ]);
    for (const uri of uris) {
      const client = new MongoClient(uri.replace('ann@', 'ann:secret%20words@'));
      await client.db('x').collection('c').insertOne({});
      await client.close();
    }
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
    const again = run(['--data', data]);
    const [uri = ''] = await lines(again, 1);
    const client = new MongoClient(uri);
    expect(await client.db('x').collection('c').countDocuments()).toBe(2);
    await client.close();
    again.kill('SIGINT');
    expect(await once(again, 'close')).toEqual([0, null]);
  });

  test('[DB72] refuses other machines, and [DB79] what it cannot understand, in words', async () => {
    const data = ['--data', join(directory, 'refused')];
    const outside = [...data, '--port', '0', '--host', '0.0.0.0'];
    expect(await refusal(outside)).toMatch(/without a password: whoever reaches/);
    const file = join(directory, 'password');
    writeFileSync(file, 'secret\n');
    const guarded = [...outside, '--user', 'ann', '--password-file', file];
    expect(await refusal(guarded)).toMatch(/not encrypted.*--beyond-loopback/);
    expect(await refusal([...data, '--port', 'many'])).toMatch(/no port number/);
    expect(await refusal([...data, '--port', '0', '--user', 'ann'])).toMatch(/EMBEDDED_DB_PASSWORD/);
    expect(await refusal([...data, '--password', 'x'])).toMatch(/--password/);
    expect(await refusal([...data, '--port', '0'], 'forgotten user')).toMatch(/needs a --user/);
  });

  test('[DB79] serves the folder that DATA_DIR names', async () => {
    const data = join(directory, 'of the hub');
    const child = run([], undefined, { DATA_DIR: data });
    expect(await lines(child, 1)).toEqual([
      expect.stringContaining(encodeURIComponent(join(data, 'database.sock'))),
    ]);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  test('[DB79] takes no address from anybody: a file, a served socket and a taken port stay as they are', async () => {
    const data = ['--data', join(directory, 'polite')];
    const file = join(directory, 'letters.txt');
    writeFileSync(file, 'kept');
    expect(await refusal([...data, '--socket', file])).toMatch(/letters\.txt exists and is no socket/);
    expect(readFileSync(file, 'utf8')).toBe('kept');
    const path = join(directory, 'theirs.sock');
    const theirs = createServer().listen(path);
    await once(theirs, 'listening');
    expect(await refusal([...data, '--socket', path])).toMatch(/Another process listens on .*theirs\.sock/);
    expect(existsSync(path)).toBe(true);
    theirs.close();
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    expect(await refusal([...data, '--port', `${port}`])).toMatch(
      `Another program listens on port ${port} of 127.0.0.1. Stop it, or choose another port.`,
    );
    taken.close();
    const nowhere = join(directory, 'no', 'such', 'folder.sock');
    expect(await refusal([...data, '--socket', nowhere])).toMatch(/cannot be made. There is no such folder/);
    const unreadable = ['--user', 'ann', '--password-file', join(directory, 'none')];
    expect(await refusal([...data, '--port', '0', ...unreadable])).toMatch(/password file .* cannot be read/);
  });

  test('[DB62] prints the socket of whoever serves the directory, and refuses to open a port beside it', async () => {
    const data = ['--data', join(directory, 'shared')];
    const owner = run(data);
    const uris = await lines(owner, 1);
    const joined = run(data);
    expect(await lines(joined, 1)).toEqual(uris);
    expect(await refusal([...data, '--port', '0'])).toMatch(/already open in another process/);
    const ends = [once(owner, 'close'), once(joined, 'close')];
    owner.kill('SIGTERM');
    expect(await Promise.all(ends)).toEqual([
      [0, null],
      [1, null],
    ]);
  });
});
