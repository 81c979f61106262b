/** The first minutes of two companies, in two browsers against a hub of its own: from nothing to a shared workspace. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCompany, fillCompanyForm, heading, invitePartner } from '#tests/e2e/steps.ts';
import { say, words } from '#tests/e2e/words.ts';
import { openSeat, type Seat } from '#tests/support/browser.ts';
import { emailOf } from '#tests/support/hub-client.ts';
import { type HubProcess, startHub } from '#tests/support/hub-process.ts';

const { app, base, partners, plans } = words;
const eleni = { name: 'Eleni Doukas', company: 'Aegean Marine' };
const piotr = { name: 'Piotr Zielinski', company: 'Gdansk Pumps' };
const offer = {
  workspace: 'HX pump programme',
  purpose: 'Tooling, first samples and ramp-up of the new pump.',
  email: emailOf(piotr.name),
};

let hub: HubProcess;
let buyer: Seat;
let supplier: Seat;
let link = '';

beforeAll(async () => {
  hub = await startHub();
  [buyer, supplier] = await Promise.all([openSeat(hub), openSeat(hub)]);
});

afterAll(async () => {
  await Promise.all([buyer?.close(), supplier?.close()]);
  await hub?.remove();
});

describe('the first minutes', () => {
  test('[TW1] a company is made in one form, and its home shows the first steps', async () => {
    await createCompany(buyer.page, eleni);
    await buyer.page.getByText(app.home.noWorkspacesTitle).waitFor();
    const checklist = buyer.page.getByRole('region', { name: app.checklist.title });
    await checklist.waitFor();
    expect(await checklist.getByRole('listitem').count()).toBe(4);
    for (const step of ['invite', 'milestone', 'forecast', 'question'] as const) {
      expect(await checklist.getByText(app.checklist[step], { exact: true }).count()).toBe(1);
    }
  });

  test('[TW1] the session outlives a reload', async () => {
    await buyer.page.reload();
    await heading(buyer.page, app.home.title).waitFor();
    await buyer.page.getByText(eleni.company).first().waitFor();
  });

  test('[TW2] the invitation is a link to copy, and its secret stands in the fragment alone', async () => {
    await buyer.page.goto('/invite-partner');
    link = await invitePartner(buyer.page, offer);
    const address = new URL(link);
    expect(address.origin).toBe(hub.url);
    expect(address.pathname).toBe('/invitation');
    expect(address.search).toBe('');
    expect(address.hash.length).toBeGreaterThan(43);
  });

  test('[TW2] the other company sees exactly what is offered and by whom, before it exists here', async () => {
    const { page } = supplier;
    await page.goto(link);
    await heading(page, partners.offer.title).waitFor();
    const facts = page.getByRole('main');
    for (const fact of [
      offer.workspace,
      offer.purpose,
      eleni.name,
      eleni.company,
      offer.email,
      base.side.supplier,
    ]) {
      await facts.getByText(fact, { exact: true }).first().waitFor();
    }
    expect(await facts.textContent()).not.toContain(emailOf(eleni.name));
  });

  test('[TW2] it creates its company, comes back to the offer, and accepts', async () => {
    const { page } = supplier;
    await page.getByRole('link', { name: partners.offer.create }).click();
    await fillCompanyForm(page, piotr);
    await page.getByRole('button', { name: say(partners.offer.accept, { company: piotr.company }) }).click();
    await heading(page, offer.workspace).waitFor();
  });

  test('[TW2] both see the same workspace, the inviter without reloading', async () => {
    await buyer.page.getByRole('link', { name: partners.invite.home }).click();
    await buyer.page.getByRole('main').getByRole('link', { name: offer.workspace }).click();
    await heading(buyer.page, offer.workspace).waitFor();
    expect(new URL(buyer.page.url()).pathname).toBe(new URL(supplier.page.url()).pathname);
    for (const seat of [buyer, supplier]) {
      for (const seen of [eleni.company, piotr.company, eleni.name, piotr.name]) {
        await seat.page.getByText(seen).first().waitFor();
      }
    }
  });

  test('[TW2, TW3] a plan that one makes is there for the other, and both see each other in it', async () => {
    await supplier.page.getByText(app.plans.noneTitle).waitFor();
    await buyer.page.getByRole('button', { name: app.plans.new }).click();
    await buyer.page.getByLabel(app.plans.name).fill('Ramp-up');
    await buyer.page.getByRole('button', { name: app.plans.create }).click();
    await heading(buyer.page, 'Ramp-up').waitFor();
    await supplier.page.getByRole('main').getByRole('link', { name: 'Ramp-up' }).click();
    await heading(supplier.page, 'Ramp-up').waitFor();
    for (const [seat, other] of [
      [buyer, piotr],
      [supplier, eleni],
    ] as const) {
      const here = seat.page.getByRole('list', { name: plans.here.label });
      const person = say(base.person.of, other);
      await here.getByRole('img', { name: say(base.person.here, { person }) }).waitFor();
    }
  });

  test('[TW2] the spent link offers nothing any more', async () => {
    await supplier.page.goto(link);
    await supplier.page.getByText(partners.offer.invalidTitle).waitFor();
    supplier.expecting(/410 \(Gone\)/);
  });

  test('[TW13] neither browser complained', () => {
    // Asking who this is before anyone has signed in is no error, so nothing is expected here.
    expect(buyer.complaints()).toEqual([]);
    expect(supplier.complaints()).toEqual([]);
  });
});
