/** The history of a plan in two browsers: who did what, earlier moments, named versions, comparing, restoring, undoing. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addRow, cell, edit, openNote, row, saved, table, titles } from '#tests/e2e/plan-steps.ts';
import { eleni, openPlan, piotr, type Stage, setStage } from '#tests/e2e/setting.ts';
import { say, words } from '#tests/e2e/words.ts';
import { violationsInBothSchemes } from '#tests/support/axe.ts';
import type { Seat } from '#tests/support/browser.ts';
import { takePicture } from '#tests/support/pictures.ts';

const { base, history, plans } = words;

let stage: Stage;
let buyer: Seat;
let supplier: Seat;

beforeAll(async () => {
  stage = await setStage();
  ({ buyer, supplier } = stage);
  const [atBuyer, atSupplier] = [buyer.page, supplier.page];
  await addRow(atBuyer, 'Tooling ordered');
  await atBuyer.keyboard.press('Escape');
  await edit(atBuyer, 'Tooling ordered', 'start', '2027-03-01');
  await row(atSupplier, 'Tooling ordered').waitFor();
  await addRow(atSupplier, 'First samples made');
  await atSupplier.keyboard.press('Escape');
  await edit(atSupplier, 'First samples made', 'progress', '40');
  const note = await openNote(atBuyer, 'Tooling ordered');
  await note.fill('Two cavities.');
  await atBuyer.getByRole('button', { name: plans.panel.close }).click();
  await Promise.all([saved(atBuyer), saved(atSupplier)]);
});

afterAll(() => stage?.close());

function openButton(page: Page): Locator {
  return page.getByRole('button', { name: plans.history.open, exact: true });
}

/** Waits for the plan one works in. */
async function live(page: Page): Promise<void> {
  await page.getByRole('button', { name: plans.add, exact: true }).waitFor();
}

function slider(page: Page): Locator {
  return page.getByRole('slider', { name: history.slider });
}

function panel(page: Page): Locator {
  return page.getByRole('complementary', { name: history.title });
}

describe('the history of a plan', () => {
  test('[HI20] says who changed what, newest first, and lets one go back change by change', async () => {
    const { page } = buyer;
    await openButton(page).click();
    const list = panel(page).getByRole('listitem');
    await list.filter({ hasText: eleni.name }).filter({ hasText: 'Tooling ordered' }).first().waitFor();
    await list.filter({ hasText: piotr.name }).filter({ hasText: piotr.company }).first().waitFor();
    await slider(page).focus();
    await page.keyboard.press('Home');
    await page.getByRole('heading', { name: /^As of / }).waitFor();
    await expect
      .poll(() => slider(page).getAttribute('aria-valuetext'))
      .toContain(`${piotr.name}, ${piotr.company}`);
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => new URL(page.url()).searchParams.get('history')).toMatch(/^\d{4}-/);
    await takePicture(page, 'history-change');
    expect(await violationsInBothSchemes(page)).toEqual([]);
  });

  test('[HI20] an earlier moment shows the earlier table, with who wrote each cell', async () => {
    const { page } = buyer;
    await list(page, piotr.name).click();
    await row(page, 'First samples made').waitFor();
    await cell(page, 'First samples made', 'progress').click();
    await page.getByText(`Written by ${piotr.name}, ${piotr.company}`).waitFor();
    await takePicture(page, 'history-work');
    expect(await table(page).getAttribute('aria-readonly')).toBe('true');
  });

  test('[HI29] a version is named, and compared with what both did since', async () => {
    const { page } = buyer;
    await page.getByRole('button', { name: history.back }).click();
    await live(page);
    await openButton(page).click();
    await page.getByRole('button', { name: history.version.name }).click();
    await page.getByLabel(history.version.label).fill('As agreed');
    await page.getByRole('button', { name: history.version.save }).click();
    await panel(page)
      .getByRole('button', { name: /As agreed/ })
      .waitFor();
    await page.keyboard.press('Escape');
    await live(page);
    await edit(page, 'Tooling ordered', 'start', '2027-04-05');
    await edit(page, 'Tooling ordered', 'title', 'Tooling ready');
    await edit(supplier.page, 'First samples made', 'progress', '70');
    await cell(page, 'First samples made', 'progress').getByText('70%').waitFor();
    await openButton(page).click();
    await panel(page)
      .getByRole('button', { name: /As agreed/ })
      .click();
    await page.getByLabel(history.compare.label).selectOption('now');
    await page.getByText('2 rows changed').waitFor();
    await cell(page, 'Tooling ready', 'start').getByRole('deletion').getByText('1 Mar 2027').waitFor();
    await cell(page, 'Tooling ready', 'start').getByRole('insertion').getByText('5 Apr 2027').waitFor();
    await takePicture(page, 'history-compare');
    expect(await violationsInBothSchemes(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await takePicture(page, 'history-compare-dark');
    await page.emulateMedia({ colorScheme: 'light' });
  });

  test('[HI29] a link leads a colleague of the other company to the same comparison', async () => {
    await expect.poll(() => new URL(buyer.page.url()).searchParams.get('with')).toBe('now');
    const { pathname, search } = new URL(buyer.page.url());
    await openPlan(supplier, pathname + search);
    await supplier.page.getByText('2 rows changed').waitFor();
    await supplier.page.keyboard.press('Escape');
    await row(supplier.page, 'Tooling ready').waitFor();
  });

  test('[PL49] restoring brings back what is one’s own, says what is not, and the partner sees it', async () => {
    const { page } = buyer;
    await page.getByRole('button', { name: plans.history.restore.whole }).click();
    const question = page.getByRole('dialog');
    await question.getByText(say(plans.history.restore.why.otherSide, { company: piotr.company })).waitFor();
    await takePicture(page, 'history-restore');
    await question.getByRole('button', { name: plans.history.restore.act, exact: true }).click();
    await row(supplier.page, 'Tooling ordered').waitFor();
    await cell(supplier.page, 'Tooling ordered', 'start').getByText('1 Mar 2027').waitFor();
    await cell(supplier.page, 'First samples made', 'progress').getByText('70%').waitFor();
    await table(page).focus();
    await page.keyboard.press('Control+Z');
    await row(supplier.page, 'Tooling ready').waitFor();
    expect(await titles(page)).toContain('Tooling ready');
  });

  test('[HI30] on a phone the panel is a sheet, and a note reads as it did', async () => {
    const { page } = buyer;
    await page.setViewportSize({ width: 390, height: 844 });
    await openButton(page).click();
    await panel(page)
      .getByRole('button', { name: /As agreed/ })
      .click();
    const opener = page.getByRole('button').filter({ hasText: 'Tooling ordered' }).first();
    await opener.waitFor();
    await takePicture(page, 'history-phone');
    expect(await violationsInBothSchemes(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await opener.click();
    await page.getByText('Two cavities.').waitFor();
    await takePicture(page, 'history-phone-row');
    expect(await violationsInBothSchemes(page)).toEqual([]);
    expect([...buyer.complaints(), ...supplier.complaints()]).toEqual([]);
  });

  test('[PL52] it opens without a network, and where it could not be loaded the plan stays and a try brings it', async () => {
    const seat = await stage.seat(eleni);
    const { page, network } = seat;
    seat.expecting(/ERR_|Failed to|plan-history/);
    await page.waitForResponse(/plan-history-.*\.js/);
    network.cut();
    await page.keyboard.press('Alt+Shift+H');
    await panel(page).getByText(history.offline).waitFor();
    network.heal();
    await page.keyboard.press('Escape');
    await page.route(/plan-history-.*\.js/, (route) => route.abort());
    await openPlan(seat, stage.planAddress);
    await openButton(page).click();
    await page.getByText(plans.history.failed).waitFor();
    await page.unroute(/plan-history-.*\.js/);
    await page.getByRole('button', { name: base.action.retry }).click();
    await panel(page).waitFor();
    await seat.close();
  });

  test('[PL50] the list of plans says what became of it within seconds, to both', async () => {
    const [atBuyer, atSupplier] = [buyer.page, supplier.page];
    await atBuyer.setViewportSize({ width: 1280, height: 800 });
    await openPlan(buyer, stage.planAddress);
    await atSupplier.goto(stage.planAddress.replace(/\/\w+$/, ''));
    await atSupplier.getByText(/^\d of 2 done$/).waitFor();
    await edit(atBuyer, 'Tooling ready', 'progress', '100');
    await atSupplier.getByText('1 of 2 done', { exact: true }).waitFor({ timeout: 8_000 });
    await takePicture(atSupplier, 'plan-summary');
    expect(await violationsInBothSchemes(atSupplier)).toEqual([]);
  });
});

/** A change of somebody in the list. */
function list(page: Page, name: string): Locator {
  return panel(page).getByRole('button').filter({ hasText: name }).first();
}
