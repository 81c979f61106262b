/** What people do at the hub, step by step, found by role and name. */
import type { Locator, Page } from 'playwright-core';
import type { Side } from '#shared/base/audience.ts';
import { demoCompanies } from '#shared/demo/companies.ts';
import { say, words } from '#tests/e2e/words.ts';
import { emailOf, passwordOf } from '#tests/support/hub-client.ts';

/** A made-up person and their company. */
export interface Visitor {
  name: string;
  company: string;
}

const { app, partners, people } = words;

/** The page's one heading of the first level, with this text. */
export function heading(page: Page, name: string): Locator {
  return page.getByRole('heading', { level: 1, name, exact: true });
}

/** Fills the form that makes a company and sends it; the address is `emailOf(name)` unless it stands there already. */
export async function fillCompanyForm(page: Page, visitor: Visitor): Promise<void> {
  await heading(page, people.create.title).waitFor();
  const email = page.getByLabel(people.field.email);
  await page.getByLabel(people.field.companyName).fill(visitor.company);
  await page.getByLabel(people.field.name).fill(visitor.name);
  if ((await email.inputValue()) === '') await email.fill(emailOf(visitor.name));
  await page.getByLabel(people.field.password, { exact: true }).fill(passwordOf(emailOf(visitor.name)));
  await page.getByRole('button', { name: people.create.send }).click();
}

/** From the first page to an empty home. */
export async function createCompany(page: Page, visitor: Visitor): Promise<void> {
  await page.goto('/');
  await heading(page, people.signIn.title).waitFor();
  await page.getByRole('link', { name: people.signIn.create }).click();
  await fillCompanyForm(page, visitor);
  await heading(page, app.home.title).waitFor();
}

/** Signs in with the address and password of `makeCompany`. */
export async function signIn(page: Page, visitor: Visitor): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel(people.field.email).fill(emailOf(visitor.name));
  await page.getByLabel(people.field.password, { exact: true }).fill(passwordOf(emailOf(visitor.name)));
  await page.getByRole('button', { name: people.signIn.send }).click();
  await heading(page, app.home.title).waitFor();
}

/** What an invitation to a workspace says. */
export interface Offer {
  workspace: string;
  purpose: string;
  email: string;
}

/** Fills and sends the invitation of a supplier. @returns the link as shown to copy */
export async function invitePartner(page: Page, offer: Offer): Promise<string> {
  await heading(page, partners.invite.title).waitFor();
  await page.getByLabel(partners.invite.name).fill(offer.workspace);
  await page.getByLabel(partners.invite.purpose).fill(offer.purpose);
  await page.getByLabel(partners.invite.email).fill(offer.email);
  await page.getByRole('button', { name: partners.invite.send }).click();
  return page.getByLabel(say(partners.invite.linkLabel, { email: offer.email })).inputValue();
}

/** Opens the demo as one side with one click on the first page. */
export async function enterDemo(page: Page, side: Side): Promise<void> {
  await page.goto('/');
  const choice = side === 'buyer' ? app.demo.asBuyer : app.demo.asSupplier;
  await page.getByRole('button', { name: `${choice} ${demoCompanies[side].company}` }).click();
  await heading(page, app.home.title).waitFor();
}
