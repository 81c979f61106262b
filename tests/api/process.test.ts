/** The hub as a process: what it prints, how it refuses wrong settings, how it ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createId } from '#shared/base/ids.ts';
import { getMe, inviteColleague } from '#shared/people/calls.ts';
import { ask, callHub, makeCompany } from '#tests/support/hub-client.ts';
import { type HubProcess, startHub } from '#tests/support/hub-process.ts';
import { projectRoot } from '#tests/support/project-files.ts';

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tandem-process-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

/** Runs the hub until it ends by itself. */
async function runHub(settings: Record<string, string>): Promise<Ended> {
  const env = { PATH: process.env['PATH'], DATA_DIR: dataDir, ...settings };
  const child = spawn(process.execPath, ['server/main.ts'], { cwd: projectRoot, env });
  const out: string[] = [];
  const err: string[] = [];
  child.stdout.on('data', (chunk) => out.push(String(chunk)));
  child.stderr.on('data', (chunk) => err.push(String(chunk)));
  const [code] = await once(child, 'close');
  return { code, stdout: out.join(''), stderr: err.join('') };
}

describe('a hub that cannot start', () => {
  test('[BA1] names every wrong setting, without its value and without a stack', async () => {
    const ended = await runHub({
      PORT: 'eighty',
      MONGODB_URI: 'postgres://hub:hunter2@db',
      LOG_LEVEL: 'loud',
    });
    expect(ended.code).toBe(1);
    expect(ended.stdout).toBe('');
    const lines = ended.stderr.trim().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines.slice(1).map((line) => line.trim().split(':')[0])).toEqual([
      'PORT',
      'MONGODB_URI',
      'LOG_LEVEL',
    ]);
    expect(ended.stderr).not.toMatch(/hunter2|eighty|loud|\n\s+at /);
  });

  test('[BA2] refuses production on defaults', async () => {
    const ended = await runHub({ NODE_ENV: 'production' });
    expect(ended.code).toBe(1);
    for (const name of ['SECRET', 'MONGODB_URI', 'PUBLIC_URL']) expect(ended.stderr).toContain(`${name}: `);
    await expect(stat(join(dataDir, 'secret'))).rejects.toThrow();
  });

  test('[BA1] says in plain words that the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const ended = await runHub({ PORT: String(port) });
    taken.close();
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(new RegExp(`^Tandem cannot start: port ${port} is in use\\.[^\\n]*\\n$`));
  });
});

describe('a hub that runs', () => {
  let hub: HubProcess;
  beforeAll(async () => {
    hub = await startHub();
  }, 60_000);
  afterAll(() => hub?.remove());

  test('[BA25] prints one line, the address, and no secret of what happens then', async () => {
    const admin = await makeCompany(hub, `Quiet ${createId()}`, 'Anna Quiet');
    await ask(hub, getMe, {}, 'not a token');
    await callHub(hub, inviteColleague, { email: 'b@quiet.example', role: 'member' }, admin.accessToken);
    expect(hub.printed()).toBe(`Tandem is ready: ${hub.url}\n`);
  });

  test('[BA20] says that it lives and that it is ready', async () => {
    expect((await fetch(`${hub.url}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${hub.url}/readyz`)).json()).toEqual({ status: 'ready' });
  });

  test('[BA21] ends with code 0 on SIGTERM, soon, and starts again on its data', async () => {
    const admin = await makeCompany(hub, 'Lasting', 'Anna Lasting');
    const begun = performance.now();
    expect(await hub.end('SIGTERM')).toBe(0);
    expect(performance.now() - begun).toBeLessThan(10_000);
    await hub.start();
    expect((await ask(hub, getMe, {}, admin.accessToken)).body).toEqual(admin.me);
  }, 60_000);
});
