/** Pictures of what people see, for the README and for looking at after a run. */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { projectRoot } from '#tests/support/project-files.ts';

/** Takes a picture into test-results/ once fonts stand. @returns its path */
export async function takePicture(page: Page, name: string): Promise<string> {
  const path = join(projectRoot, 'test-results', `${name}.png`);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.screenshot({ path });
  return path;
}

/**
 * Makes a picture the README's. Its dates move with the days, so it is only written anew when it is missing or
 * asked for by UPDATE_PICTURES=1; else every test run would change the project.
 */
export function keepForReadme(picture: string): void {
  const kept = join(projectRoot, 'docs', 'screenshot.png');
  if (existsSync(kept) && process.env['UPDATE_PICTURES'] !== '1') return;
  mkdirSync(dirname(kept), { recursive: true });
  copyFileSync(picture, kept);
}
