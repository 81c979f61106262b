/** A real browser of one person: a Chromium of its own behind a network that can be broken, with its complaints kept. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { ensureChromium, thisMachine } from '#tests/support/chromium.ts';
import { type BreakableNetwork, startNetwork } from '#tests/support/proxy.ts';

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A second window is always in the background; it must go on painting and counting all the same.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** How a browser presents itself. */
export interface Look {
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
  /** Without movement screenshots and axe see the final state; on unless told otherwise. */
  reducedMotion?: 'reduce' | 'no-preference';
}

/** One person at one browser. */
export interface Seat {
  page: Page;
  context: BrowserContext;
  network: BreakableNetwork;
  /** Console errors and uncaught errors so far, without those `expecting` allows. */
  complaints(): string[];
  /** Complaints that match are no failures from now on, such as refused connections while the network is cut. */
  expecting(pattern: RegExp): void;
  close(): Promise<void>;
}

/**
 * Opens a browser with an empty profile. The hub's address stays the one people type: the browser resolves it to
 * the breakable network, so that origin, cookies and links are the real ones.
 */
export async function openSeat(hub: { port: number; url: string }, look: Look = {}): Promise<Seat> {
  const network = await startNetwork(hub.port);
  const browser = await chromium.launch({
    executablePath: ensureChromium(thisMachine()),
    args: [...flags, `--host-resolver-rules=MAP localhost:${hub.port} 127.0.0.1:${network.port}`],
  });
  const context = await contextOf(browser, hub.url, look);
  const page = await context.newPage();
  const said: string[] = [];
  const allowed: RegExp[] = [];
  listen(page, said);
  return {
    page,
    context,
    network,
    complaints: () => said.filter((line) => !allowed.some((pattern) => pattern.test(line))),
    expecting: (pattern) => allowed.push(pattern),
    async close() {
      await browser.close();
      await network.close();
    },
  };
}

async function contextOf(browser: Browser, origin: string, look: Look): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: origin,
    locale: 'en-GB',
    viewport: { width: look.width ?? 1280, height: look.height ?? 800 },
    colorScheme: look.colorScheme ?? 'light',
    reducedMotion: look.reducedMotion ?? 'reduce',
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  context.setDefaultTimeout(10_000);
  return context;
}

/** Keeps what a page complains about: errors on its console, uncaught errors, crashed tabs. */
function listen(page: Page, said: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error') said.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => said.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('crash', () => said.push('the tab crashed'));
}
