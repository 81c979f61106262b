/** Every screen, looked at by axe in light and in dark; and what the first page weighs. */

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCompany, fillCompanyForm, heading, invitePartner } from '#tests/e2e/steps.ts';
import { say, words } from '#tests/e2e/words.ts';
import { violationsInBothSchemes } from '#tests/support/axe.ts';
import { openSeat, type Seat } from '#tests/support/browser.ts';
import { emailOf } from '#tests/support/hub-client.ts';
import { type HubProcess, startHub } from '#tests/support/hub-process.ts';
import { type PageWeight, weigh, weightReport } from '#tests/support/page-weight.ts';

const { app, base, partners, people } = words;
const ana = { name: 'Ana Horvat', company: 'Adria Motors' };
const jan = { name: 'Jan Kowal', company: 'Kowal Castings' };
const scriptLimit = 200_000;

let hub: HubProcess;
let visitor: Seat;
let member: Seat;
let invitation = '';

beforeAll(async () => {
  hub = await startHub();
  [visitor, member] = await Promise.all([openSeat(hub), openSeat(hub)]);
});

afterAll(async () => {
  await Promise.all([visitor?.close(), member?.close()]);
  await hub?.remove();
});

/** Asserts that axe finds nothing on what the page shows now. */
async function expectSound(page: Page): Promise<void> {
  expect(await violationsInBothSchemes(page)).toEqual([]);
}

/** Opens an address and waits for its heading. */
async function open(page: Page, address: string, title: string): Promise<void> {
  await page.goto(address);
  await heading(page, title).waitFor();
}

describe('the first page', () => {
  test('[TW11] needs little script', async () => {
    // The first visit wakes the browser itself; each of the others has an empty cache and is the page's own.
    await open(visitor.page, '/', people.signIn.title);
    const weights: PageWeight[] = [];
    for (let visit = 0; visit < 3; visit += 1) {
      weights.push(await weighFirstVisit(visitor));
    }
    const [weight] = weights.sort((one, other) => one.largestPaintMs - other.largestPaintMs).slice(1);
    process.stdout.write(weightReport('Sign-in page', weight as PageWeight));
    expect(weight?.scriptBytes).toBeLessThan(scriptLimit);
  });
});

/** Opens the hub's address in a new context of a browser that runs already. */
async function weighFirstVisit(seat: Seat): Promise<PageWeight> {
  const context = await seat.context.browser()?.newContext({ baseURL: hub.url });
  if (context === undefined) throw new Error('the browser is gone');
  const page = await context.newPage();
  const weight = await weigh(page, '/', () => heading(page, people.signIn.title).waitFor());
  await context.close();
  return weight;
}

describe('screens before signing in', () => {
  test('[TW10] sign in', async () => {
    await open(visitor.page, '/sign-in', people.signIn.title);
    await expectSound(visitor.page);
  });

  test('[TW10] sign in, refused', async () => {
    const { page } = visitor;
    visitor.expecting(/401 \(Unauthorized\)/);
    await page.getByLabel(people.field.email).fill('nobody@tandem.example');
    await page.getByLabel(people.field.password, { exact: true }).fill('not the password');
    await page.getByRole('button', { name: people.signIn.send }).click();
    await page.getByText(base.errorLabel).or(page.getByRole('alert')).first().waitFor();
    await expectSound(page);
  });

  test('[TW10] create a company, with nothing filled in', async () => {
    await open(visitor.page, '/create-company', people.create.title);
    await visitor.page.getByRole('button', { name: people.create.send }).click();
    await visitor.page.getByText(base.field.email).waitFor();
    await expectSound(visitor.page);
  });

  test('[TW10] an invitation that is not valid', async () => {
    await visitor.page.goto(`/invitation#${'x'.repeat(43)}`);
    await visitor.page.getByText(partners.offer.invalidTitle).waitFor();
    visitor.expecting(/410 \(Gone\)/);
    await expectSound(visitor.page);
  });
});

describe('screens of a company', () => {
  test('[TW10] an empty home', async () => {
    await createCompany(member.page, ana);
    await member.page.getByText(app.checklist.title).waitFor();
    await expectSound(member.page);
  });

  test('[TW10] inviting a partner, the form and its result', async () => {
    await open(member.page, '/invite-partner', partners.invite.title);
    await expectSound(member.page);
    const offer = { workspace: 'Brake disc', purpose: 'First samples', email: emailOf(jan.name) };
    invitation = await invitePartner(member.page, offer);
    await expectSound(member.page);
  });

  test('[TW10] the offer, as a stranger sees it and as its addressee', async () => {
    await open(visitor.page, invitation, partners.offer.title);
    await expectSound(visitor.page);
    await visitor.page.getByRole('link', { name: partners.offer.create }).click();
    await fillCompanyForm(visitor.page, jan);
    const accept = visitor.page.getByRole('button', {
      name: say(partners.offer.accept, { company: jan.company }),
    });
    await accept.waitFor();
    await expectSound(visitor.page);
    await accept.click();
    await heading(visitor.page, 'Brake disc').waitFor();
  });

  test('[TW10] a workspace', async () => {
    await visitor.page.getByRole('heading', { name: partners.people.title }).waitFor();
    await expectSound(visitor.page);
  });

  test('[TW10] the company and its members', async () => {
    await open(member.page, '/company', ana.company);
    await member.page.getByRole('table').getByText(ana.name).first().waitFor();
    await expectSound(member.page);
  });

  test('[TW10] me', async () => {
    await open(member.page, '/me', people.me.title);
    await member.page.getByText(people.me.thisDevice, { exact: true }).waitFor();
    await expectSound(member.page);
  });

  test('[TW10] a page that does not exist', async () => {
    await open(member.page, '/nowhere', base.absent.title);
    await expectSound(member.page);
  });

  test('[TW10] the palette', async () => {
    await open(member.page, '/', app.home.title);
    await member.page.keyboard.press('Control+k');
    await member.page.getByPlaceholder(app.palette.placeholder).waitFor();
    await expectSound(member.page);
    await member.page.keyboard.press('Escape');
  });

  test('[TW10] the list of shortcuts', async () => {
    await open(member.page, '/', app.home.title);
    await member.page.keyboard.press('?');
    await member.page.getByRole('dialog', { name: base.keys.title }).waitFor();
    await expectSound(member.page);
  });

  test('[TW13] neither browser complained', () => {
    expect(visitor.complaints()).toEqual([]);
    expect(member.complaints()).toEqual([]);
  });
});
