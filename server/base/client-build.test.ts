/** Tests of the client's build and of how it is served, with a bundler made of a few lines. */

import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import express from 'express';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { buildClientIfStale, clientFolder } from '#server/base/client-build.ts';
import { serveClient } from '#server/base/client-files.ts';

const goodBundler = `
const fs = require('node:fs'), path = require('node:path');
const out = process.argv[process.argv.indexOf('--outDir') + 1];
fs.mkdirSync(path.join(out, 'assets'), { recursive: true });
fs.writeFileSync(path.join(out, 'index.html'), 'built from ' + fs.readFileSync('client/main.tsx', 'utf8'));
fs.writeFileSync(path.join(out, 'assets', 'main-abc.js'), 'main');
`;
const badBundler = `process.stderr.write('main.tsx: Unexpected token\\n    at parse'); process.exit(1);`;
const log = pino({ level: 'silent' });

function makeProject(bundler = goodBundler): string {
  const root = mkdtempSync(join(tmpdir(), 'tandem-client-'));
  put(root, 'client/main.tsx', 'one');
  put(root, 'shared/base/ids.ts', 'ids');
  put(root, 'node_modules/vite/bin/vite.js', bundler);
  return root;
}

function put(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** Makes everything built or written so far an hour old. */
function age(root: string): void {
  const then = new Date(Date.now() - 3_600_000);
  for (const name of readdirSync(root, { recursive: true })) utimesSync(join(root, String(name)), then, then);
}

const page = (root: string) => readFileSync(join(clientFolder(root), 'index.html'), 'utf8');

describe('building the client', () => {
  test('[BA27] it is built when missing, and not again while nothing changes', async () => {
    const root = makeProject();
    expect(await buildClientIfStale(root, log)).toBe(true);
    expect(page(root)).toBe('built from one');
    expect(await buildClientIfStale(root, log)).toBe(false);
    expect(readdirSync(join(root, 'dist'))).toEqual(['client']);
  });

  test('[BA27] a changed, a new and a vanished source each make it stale', async () => {
    const root = makeProject();
    await buildClientIfStale(root, log);
    const changes = [
      () => put(root, 'client/main.tsx', 'two'),
      () => put(root, 'shared/plans/new.ts', 'new'),
      () => rmSync(join(root, 'shared/plans/new.ts')),
    ];
    for (const change of changes) {
      age(root);
      change();
      expect(await buildClientIfStale(root, log)).toBe(true);
      expect(await buildClientIfStale(root, log)).toBe(false);
    }
    expect(page(root)).toBe('built from two');
  });

  test('[BA27] several hubs that start at once all end with a whole client', async () => {
    const root = makeProject();
    const built = await Promise.all(Array.from({ length: 4 }, () => buildClientIfStale(root, log)));
    expect(built).toEqual([true, true, true, true]);
    expect(page(root)).toBe('built from one');
    expect(readdirSync(join(root, 'dist'))).toEqual(['client']);
  });

  test('[BA27] a build that fails leaves the old client; without one its words are the reason', async () => {
    const root = makeProject();
    await buildClientIfStale(root, log);
    age(root);
    put(root, 'client/main.tsx', 'broken');
    put(root, 'node_modules/vite/bin/vite.js', badBundler);
    expect(await buildClientIfStale(root, log)).toBe(false);
    expect(page(root)).toBe('built from one');
    rmSync(clientFolder(root), { recursive: true });
    const failure = await buildClientIfStale(root, log).catch((error: Error) => error.message);
    expect(failure).toBe('the client could not be built\nmain.tsx: Unexpected token');
    expect(existsSync(clientFolder(root))).toBe(false);
  });
});

describe('serving the client', () => {
  test('[BA26] pages get the page, assets are kept for ever, missing files are missing', async () => {
    const root = makeProject();
    await buildClientIfStale(root, log);
    const app = express();
    serveClient(app, clientFolder(root));
    const server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const get = async (path: string, accept = 'text/html') => {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
      const answer = await fetch(url, { headers: { accept } });
      return [answer.status, answer.headers.get('cache-control'), (await answer.text()).slice(0, 10)];
    };
    for (const path of ['/', '/sign-in', '/r/abc/plans/def', '/index.html']) {
      expect(await get(path)).toEqual([200, 'no-cache', 'built from']);
    }
    expect(await get('/assets/main-abc.js')).toEqual([200, 'public, max-age=31536000, immutable', 'main']);
    expect((await get('/assets/gone.js'))[0]).toBe(404);
    put(root, 'dist/client/assets/late-abc.js', 'late');
    expect((await get('/assets/late-abc.js'))[2]).toBe('late');
    expect((await get('/favicon.ico'))[0]).toBe(404);
    expect((await get('/sign-in', 'application/json'))[0]).toBe(404);
    expect((await get('/..%2f..%2fclient/main.tsx'))[2]).not.toContain('one');
    server.close();
  });

  test('[BA27] a page asked for during the first build waits for it', async () => {
    const root = makeProject();
    const app = express();
    const built = Promise.withResolvers<void>();
    const server = createServer(app);
    serveClient(app, clientFolder(root), built.promise);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const asked = once(server, 'request');
    const answer = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
      headers: { accept: 'text/html' },
    });
    await asked;
    await buildClientIfStale(root, log);
    built.resolve();
    expect(await (await answer).text()).toBe('built from one');
    server.close();
  });

  test('[BA26] scripts and styles are sent compressed to whoever takes that, whole to others', async () => {
    const root = makeProject();
    await buildClientIfStale(root, log);
    const script = 'const answer = 42;\n'.repeat(500);
    put(root, 'dist/client/assets/big-abc.js', script);
    const app = express();
    serveClient(app, clientFolder(root));
    const server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/assets/big-abc.js`;
    for (const encoding of ['gzip', 'gzip', 'identity']) {
      const answer = await fetch(url, { headers: { 'accept-encoding': encoding } });
      expect(await answer.text()).toBe(script);
      expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
      expect(answer.headers.get('vary')).toBe('Accept-Encoding');
      expect(answer.headers.get('content-encoding')).toBe(encoding === 'gzip' ? 'gzip' : null);
      const length = Number(answer.headers.get('content-length'));
      expect(length < script.length).toBe(encoding === 'gzip');
    }
    server.close();
  });
});
