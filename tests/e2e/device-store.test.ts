/** The contract of device stores on the real IndexedDB of a real browser. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deviceStoreChecks } from '#tests/contract/device-store-suite.ts';
import { ensureChromium, thisMachine } from '#tests/support/chromium.ts';

const bench = fileURLToPath(new URL('../contract/device-store-bench.ts', import.meta.url));

let server: Server;
let browser: Browser;
let page: Page;

/** The suite and the store as one script. */
async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, lib: { entry: bench, formats: ['iife'], name: 'bench' } },
  });
  const [first] = Array.isArray(built) ? built : [built];
  if (first === undefined || !('output' in first)) throw new Error('nothing was built');
  return first.output[0].code;
}

beforeAll(async () => {
  const script = await bundle();
  server = createServer((request, response) => {
    const isScript = request.url === '/bench.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><title>bench</title><script src="/bench.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await chromium.launch({ executablePath: ensureChromium(thisMachine()), args: ['--disable-gpu'] });
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
afterAll(async () => {
  await browser.close();
  await new Promise((resolve) => server.close(resolve));
});

test.each(deviceStoreChecks)('[LV51] on IndexedDB: $title', async ({ title }) => {
  const said = await page.evaluate((name) => globalThis.runDeviceStoreCheck(name), title);
  expect(said).toBe('fine');
});

test('[LV51] what is kept outlives the page, and is gone after sign-out, also for another tab', async () => {
  expect(await page.evaluate(() => globalThis.keepSomething())).toBe(1);
  await page.reload();
  expect(await page.evaluate(() => globalThis.countKept())).toBe(1);
  expect(await page.evaluate(() => globalThis.signOutWithTwoTabs())).toBe(0);
});
