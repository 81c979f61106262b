/** Measures how a page arrives in a browser: the script it needs, gzipped, and when its largest part was painted. */
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';

/** What one first visit cost. Sizes in bytes, `largestPaintMs` since the start of the navigation. */
export interface PageWeight {
  scriptBytes: number;
  styleBytes: number;
  requests: number;
  largestPaintMs: number;
}

/** Visits an address with nothing in the cache and weighs what came; `ready` says when the page stands. */
export async function weigh(page: Page, address: string, ready: () => Promise<void>): Promise<PageWeight> {
  const bodies: Promise<{ type: string; bytes: number }>[] = [];
  const keep = (response: Awaited<ReturnType<Page['waitForResponse']>>): void => {
    const type = response.request().resourceType();
    // Gzipped here and not read off the wire, so that the figure does not depend on what the server compresses.
    bodies.push(
      response.body().then(
        (body) => ({ type, bytes: gzipSync(body).length }),
        () => ({ type, bytes: 0 }),
      ),
    );
  };
  page.on('response', keep);
  await page.goto(address);
  await ready();
  await page.waitForLoadState('networkidle');
  page.off('response', keep);
  const loaded = await Promise.all(bodies);
  const sum = (type: string): number =>
    loaded.filter((each) => each.type === type).reduce((bytes, each) => bytes + each.bytes, 0);
  return {
    scriptBytes: sum('script'),
    styleBytes: sum('stylesheet'),
    requests: loaded.length,
    largestPaintMs: await largestPaint(page),
  };
}

function largestPaint(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? 0)).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        });
      }),
  );
}

/** One line of figures for the log. */
export function weightReport(name: string, weight: PageWeight): string {
  const kilo = (bytes: number): string => (bytes / 1000).toFixed(0);
  const { scriptBytes, styleBytes, requests, largestPaintMs } = weight;
  return `${name}: script ${kilo(scriptBytes)} KB gzip, style ${kilo(styleBytes)} KB gzip, ${requests} requests, largest paint after ${largestPaintMs.toFixed(0)} ms\n`;
}
