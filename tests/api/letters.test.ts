/** Letters through the real app: with a mail server the link goes there only. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { invitePartner } from '#shared/partners/calls.ts';
import { inviteColleague } from '#shared/people/calls.ts';
import type { SignedIn } from '#shared/people/shape.ts';
import { secretOf, startApp, type TestApp } from '#tests/support/app.ts';

let app: TestApp;
let admin: SignedIn;
beforeAll(async () => {
  app = await startApp({ mail: 'taken' });
  admin = await app.company('Acme Pumps', 'Anna Berg');
});
afterAll(() => app?.remove());

test('[PE24] a colleague’s link goes to the mail server and is not answered', async () => {
  const answer = await app.call(inviteColleague, { email: 'bert@acme.example', role: 'member' }, admin);
  expect(answer.link).toBeNull();
  const letter = app.letters.at(-1);
  expect(letter?.to).toBe('bert@acme.example');
  expect(letter?.link).toMatch(/^http:\/\/localhost:\d+\/join#[A-Za-z0-9_-]{43}$/);
});

test('[PA2] a partner’s link goes to the mail server, is not answered, and is logged nowhere', async () => {
  const offer = { relationshipName: 'HX pump', purpose: 'New pump', offeredSide: 'supplier' } as const;
  const answer = await app.call(invitePartner, { ...offer, email: 'cleo@supplier.example' }, admin);
  expect(answer.link).toBeNull();
  const letter = app.letters.at(-1);
  expect(letter?.to).toBe('cleo@supplier.example');
  expect(letter?.paragraphs.join('\n')).toContain('HX pump');
  const secret = secretOf(letter?.link ?? null);
  expect(secret).toHaveLength(43);
  expect(JSON.stringify(app.logged)).not.toContain(secret);
});
