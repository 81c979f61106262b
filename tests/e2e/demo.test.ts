/** The demo as either side with one click, its screens looked at by axe, and the pictures of the README. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoCompanies } from '#shared/demo/companies.ts';
import { cell, openNote, openOwners, row, saved, standIn, table } from '#tests/e2e/plan-steps.ts';
import { enterDemo, heading } from '#tests/e2e/steps.ts';
import { say, words } from '#tests/e2e/words.ts';
import { violationsInBothSchemes } from '#tests/support/axe.ts';
import { openSeat, type Seat } from '#tests/support/browser.ts';
import { type HubProcess, startHub } from '#tests/support/hub-process.ts';
import { keepForReadme, takePicture } from '#tests/support/pictures.ts';

const { app, plans } = words;
const { buyer: greek, supplier: polish } = demoCompanies;

let hub: HubProcess;
let buyer: Seat;
let supplier: Seat;
let workspaceAddress = '';
let planAddress = '';

beforeAll(async () => {
  hub = await startHub();
  [buyer, supplier] = await Promise.all([openSeat(hub), openSeat(hub, { width: 390, height: 844 })]);
});

afterAll(async () => {
  await Promise.all([buyer?.close(), supplier?.close()]);
  await hub?.remove();
});

/** Asserts that axe finds nothing on what the page shows now. */
async function expectSound(page: Page): Promise<void> {
  expect(await violationsInBothSchemes(page)).toEqual([]);
}

/** Goes to the demo's plan and waits for its rows. */
async function openPlan(page: Page): Promise<void> {
  await page.goto(planAddress);
  await page.getByText('Tool design approval', { exact: true }).waitFor();
  await saved(page);
}

describe('the demo', () => {
  test('[TW9] opens as the buyer with one click, with one workspace and one plan of some forty rows', async () => {
    const { page } = buyer;
    await enterDemo(page, 'buyer');
    await page.getByText(greek.person).first().waitFor();
    await page.getByRole('main').getByRole('listitem').getByRole('link').first().click();
    await page.waitForURL(/\/r\/\w+$/);
    workspaceAddress = page.url();
    await page.getByRole('main').getByRole('link', { name: 'HX-220' }).click();
    await page.waitForURL(/\/plans\/\w+$/);
    planAddress = page.url();
    await row(page, 'Tool design approval').waitFor();
    const count = Number(/\d+/.exec((await page.getByText(/^\d+ rows$/).textContent()) ?? '')?.[0]);
    expect(count).toBeGreaterThanOrEqual(40);
  });

  test('[TW9] opens as the supplier with one click, in the same workspace', async () => {
    const { page } = supplier;
    await enterDemo(page, 'supplier');
    await page.getByText(greek.company).first().waitFor();
    await openPlan(page);
  });

  test('[TW10] home, workspace and list of plans', async () => {
    const { page } = buyer;
    await page.goto('/');
    await heading(page, app.home.title).waitFor();
    await page.getByText(polish.company).first().waitFor();
    await takePicture(page, 'home');
    await expectSound(page);
    await page.goto(workspaceAddress);
    await page.getByText(polish.person).first().waitFor();
    await takePicture(page, 'workspace');
    await expectSound(page);
    await page.goto(planAddress.replace(/\/\w+$/, ''));
    await page.getByRole('link', { name: 'HX-220' }).waitFor();
    await expectSound(page);
  });

  test('[TW10] the plan, and the pictures of it in light and dark', async () => {
    const { page } = buyer;
    const partner = await openSeat(hub, { width: 1280 });
    await enterDemo(partner.page, 'supplier');
    await Promise.all([openPlan(page), openPlan(partner.page)]);
    await standIn(partner.page, 'Casting simulation report', 'progress');
    await standIn(page, 'Tool design approval', 'finish');
    await cell(page, 'Casting simulation report', 'progress').getByText(polish.person).waitFor();
    keepForReadme(await takePicture(page, 'plan-light'));
    await page.emulateMedia({ colorScheme: 'dark' });
    await takePicture(page, 'plan-dark');
    await partner.close();
    await expectSound(page);
  });

  test('[TW10] editing a day, with the calendar', async () => {
    const { page } = buyer;
    await openPlan(page);
    await cell(page, 'Tool design approval', 'finish').dblclick();
    await page.getByRole('table', { name: plans.calendar.label }).waitFor();
    await takePicture(page, 'plan-calendar');
    await expectSound(page);
    await table(page).getByRole('textbox').fill('no day');
    await page.keyboard.press('Enter');
    await page.getByText(plans.fault.notADay).waitFor();
    await expectSound(page);
    await page.keyboard.press('Escape');
  });

  test('[TW10] the menus of owner and row, and giving a row away', async () => {
    const { page } = buyer;
    await openPlan(page);
    const owners = await openOwners(page, 'Tool design approval');
    await expectSound(page);
    await owners
      .getByRole('menuitem', { name: say(plans.owner.handOver, { company: polish.company }) })
      .click();
    await page.getByRole('dialog').waitFor();
    await expectSound(page);
    await page.keyboard.press('Escape');
    await cell(page, 'Tool design approval', 'title').click({ button: 'right' });
    await page.getByRole('menu', { name: plans.menu.label }).waitFor();
    await takePicture(page, 'plan-menu');
    await expectSound(page);
    await page.keyboard.press('Escape');
  });

  test('[TW10] the panel of a row with its note', async () => {
    const { page } = buyer;
    await openPlan(page);
    await openNote(page, 'Tool design approval');
    await takePicture(page, 'plan-panel');
    await expectSound(page);
  });

  test('[TW10] what is saved, document by document', async () => {
    const { page } = buyer;
    await openPlan(page);
    await page.getByRole('button', { name: plans.save.details }).click();
    await page.getByText(plans.save.promise).waitFor();
    await expectSound(page);
  });

  test('[TW10] on a phone: home, plan and panel, and nothing scrolls sideways', async () => {
    const { page } = supplier;
    await page.goto('/');
    await heading(page, app.home.title).waitFor();
    await page.getByText(greek.company).first().waitFor();
    await takePicture(page, 'narrow-home');
    await expectNoSideways(page);
    await expectSound(page);
    await openPlan(page);
    await takePicture(page, 'narrow-plan');
    await expectNoSideways(page);
    await expectSound(page);
    await page.getByText('Tool design approval', { exact: true }).click();
    await page.getByRole('textbox', { name: plans.note.label }).waitFor();
    await takePicture(page, 'narrow-panel');
    await expectNoSideways(page);
    await expectSound(page);
  });

  test('[TW13] neither browser complained', () => {
    expect(buyer.complaints()).toEqual([]);
    expect(supplier.complaints()).toEqual([]);
  });
});

async function expectNoSideways(page: Page): Promise<void> {
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(beyond).toBeLessThanOrEqual(0);
}
