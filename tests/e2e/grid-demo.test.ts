/** The test bench's grid in real browsers: two sides, a conflict, a foreign row, and a patch written offline. */
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureChromium, thisMachine } from '#tests/support/chromium.ts';
import { type GridDemo, startGridDemo } from '#tests/support/grid-demo/serve.ts';
import { takePicture } from '#tests/support/pictures.ts';

let demo: GridDemo;
let browser: Browser;
const complaints: string[] = [];

beforeAll(async () => {
  demo = await startGridDemo();
  browser = await chromium.launch({ executablePath: ensureChromium(thisMachine()), args: ['--disable-gpu'] });
});
afterAll(async () => {
  await browser.close();
  await demo.stop();
});

async function open(person: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 760 } });
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(demo.addressOf(person));
  await shows(page, '#state', 'Saved');
  return page;
}

/** Until the element's text is, or holds, what is expected. */
async function shows(page: Page, selector: string, text: string): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor();
}

async function write(page: Page, row: number, bucket: number, text: string): Promise<void> {
  await page.locator(`[data-at="${row}:${bucket}"]`).click();
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

const at = (row: number, bucket: number): string => `[data-at="${row}:${bucket}"]`;

test('[LV100, LV104, LV110, LV111] two sides in one grid: live, refused, offline and in conflict', async () => {
  const [anna, otto, piotr] = [await open('anna'), await open('otto'), await open('piotr')];
  await write(anna, 0, 5, '1200');
  await shows(piotr, at(0, 5), '1,200');
  await write(piotr, 1, 5, '1100');
  await shows(anna, at(1, 5), '1,100');

  await write(piotr, 0, 6, '7');
  await shows(piotr, '#refused li', 'this row belongs to the other side');
  await expect.poll(() => piotr.locator(at(0, 6)).textContent()).toBe('');
  await piotr.locator('#dealt').click();
  await shows(piotr, '#state', 'Saved');

  await anna.locator('#offline').click();
  await write(anna, 0, 5, '1300');
  await shows(anna, '#state', 'Offline, kept on this device (1)');
  await write(otto, 0, 5, '1250');
  await shows(piotr, at(0, 5), '1,250');
  await anna.reload();
  await shows(anna, '#conflicts li', 'Otto Lind had 1250, You wrote 1300');
  await shows(otto, '#conflicts li', 'You had 1250, Anna Berg wrote 1300');
  await shows(piotr, at(0, 5), '1,300');

  const rows = Array.from({ length: 12 }, (_, row) => (row % 2 === 0 && row % 10 < 8 ? 1 : 0));
  for (const [row, isOwn] of rows.entries()) {
    if (isOwn === 1) await write(anna, row, 7 + (row % 5), String(900 + row * 37));
  }
  await shows(anna, '#state', 'Saved');
  await takePicture(anna, 'live-grid');
  expect(complaints).toEqual([]);
});
