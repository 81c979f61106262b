/** Accounts through the real app: making a company, signing in, passwords. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CompanyModel, MemberModel, SessionModel } from '#server/people/model.ts';
import {
  acceptColleagueInvitation,
  changeName,
  changePassword,
  createCompany,
  getMe,
  inviteColleague,
  removeMember,
  signIn,
} from '#shared/people/calls.ts';
import { secretOf, startApp, type TestApp } from '#tests/support/app.ts';
import { emailOf, passwordOf } from '#tests/support/hub-client.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.remove());

const acme = {
  companyName: 'Acme Pumps',
  name: 'Anna Berg',
  email: 'anna@acme.example',
  password: 'a quiet harbour',
};

describe('making a company', () => {
  test('[PE1] the first person is its admin and signed in', async () => {
    const signedIn = await app.call(createCompany, { ...acme, email: 'first@acme.example' });
    expect(signedIn.me).toMatchObject({
      member: { name: 'Anna Berg', email: 'first@acme.example', role: 'admin', active: true },
      company: { name: 'Acme Pumps' },
    });
    expect(await app.call(getMe, {}, signedIn)).toEqual(signedIn.me);
  });

  test('[PE1] nothing of it is stored when a part is refused', async () => {
    await app.call(createCompany, { ...acme, email: 'whole@acme.example' });
    const before = await Promise.all([CompanyModel.countDocuments(), SessionModel.countDocuments()]);
    const again = await app.ask(createCompany, { ...acme, email: 'whole@acme.example' });
    expect(again).toEqual({ status: 409, body: { code: 'people.addressTaken' } });
    expect(await Promise.all([CompanyModel.countDocuments(), SessionModel.countDocuments()])).toEqual(before);
  });

  test('[PE2] of many who ask for one address at once, one gets it', async () => {
    const asks = Array.from({ length: 5 }, (_, at) =>
      app.ask(createCompany, { ...acme, companyName: `Race ${at}`, email: 'race@acme.example' }),
    );
    const statuses = (await Promise.all(asks)).map((answer) => answer.status);
    expect(statuses.sort()).toEqual([200, 409, 409, 409, 409]);
    expect(await MemberModel.countDocuments({ email: 'race@acme.example' })).toBe(1);
  });

  test('[PE3] an address is one, however it is written', async () => {
    await app.call(createCompany, { ...acme, email: ' Mixed.Case@ACME.example ' });
    const again = await app.ask(createCompany, { ...acme, email: 'mixed.case@acme.example' });
    expect(again.body).toEqual({ code: 'people.addressTaken' });
    const signedIn = await app.call(signIn, { email: 'MIXED.case@acme.example', password: acme.password });
    expect(signedIn.me.member.email).toBe('mixed.case@acme.example');
  });

  test.each(['password1234', 'Acme Pumps!', 'anna.berg2026', '1234567890', 'aaaaaaaaaaaaaaaa'])(
    '[PE4] %s is refused as easy to guess, and nothing is made',
    async (password) => {
      const answer = await app.ask(createCompany, { ...acme, email: 'weak@acme.example', password });
      expect(answer).toEqual({ status: 400, body: { code: 'people.passwordWeak' } });
      expect(await MemberModel.exists({ email: 'weak@acme.example' })).toBeNull();
    },
  );
});

describe('signing in', () => {
  test('[PE5] only an argon2id hash of the password is stored', async () => {
    const { me } = await app.call(createCompany, { ...acme, email: 'hashed@acme.example' });
    const stored = await MemberModel.findById(me.member.id).lean();
    expect(stored?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(stored)).not.toContain(acme.password);
  });

  test('[PE6] unknown address, wrong password and removed member get the very same answer', async () => {
    const admin = await app.company('Same Answers', 'Sam Admin');
    const invited = await app.call(inviteColleague, { email: 'gone@same.example', role: 'member' }, admin);
    const secret = secretOf(invited.link);
    const gone = await app.call(acceptColleagueInvitation, {
      secret,
      name: 'Gone',
      password: 'a quiet harbour',
    });
    await app.call(removeMember, { memberId: gone.me.member.id }, admin);
    const tries = [
      { email: 'nobody@same.example', password: 'a quiet harbour' },
      { email: emailOf('Sam Admin'), password: 'a loud harbour' },
      { email: 'gone@same.example', password: 'a quiet harbour' },
    ];
    const answers = await Promise.all(tries.map((input) => app.ask(signIn, input)));
    for (const answer of answers)
      expect(answer).toEqual({ status: 401, body: { code: 'people.signInRefused' } });
  });

  test('[PE6] an unknown address costs the work of a wrong password', async () => {
    await app.company('Equal Work', 'Ed Work');
    const timeOf = async (email: string) => {
      const begun = performance.now();
      await app.ask(signIn, { email, password: 'not the right one' });
      return performance.now() - begun;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let at = 0; at < 8; at += 1) {
      known.push(await timeOf(emailOf('Ed Work')));
      unknown.push(await timeOf(`unknown${at}@equal.example`));
    }
    // A missing hash check would be more than ten times faster; the bound leaves room for a busy machine.
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 3);
    expect(Math.min(...known)).toBeGreaterThan(Math.min(...unknown) / 3);
  });
});

describe('one’s own account', () => {
  test('[PE16] a new password needs the current one, works, and ends every other session', async () => {
    const here = await app.company('Change Works', 'Cora Change');
    const email = emailOf('Cora Change');
    const there = await app.call(signIn, { email, password: passwordOf(email) });
    const wrong = await app.ask(changePassword, { current: 'not it at all', next: 'a quiet harbour' }, here);
    expect(wrong.body).toEqual({ code: 'people.signInRefused' });
    expect((await app.ask(getMe, {}, there)).status).toBe(200);

    await app.call(changePassword, { current: passwordOf(email), next: 'a quiet harbour' }, here);
    expect((await app.ask(getMe, {}, here)).status).toBe(200);
    expect((await app.ask(getMe, {}, there)).body).toEqual({ code: 'session.expired' });
    expect((await app.ask(signIn, { email, password: passwordOf(email) })).status).toBe(401);
    expect((await app.ask(signIn, { email, password: 'a quiet harbour' })).status).toBe(200);
  });

  test('[PE4] a new password is judged by what others know of its owner', async () => {
    const here = await app.company('Weak Works', 'Wanda Weak');
    const current = passwordOf(emailOf('Wanda Weak'));
    const answer = await app.ask(changePassword, { current, next: 'wanda weak works' }, here);
    expect(answer.body).toEqual({ code: 'people.passwordWeak' });
  });

  test('[PE8] a new name is seen at once, by the person and in what they do', async () => {
    const here = await app.company('Name Works', 'Old Name');
    await app.call(getMe, {}, here);
    await app.call(changeName, { name: '  New Name ' }, here);
    expect((await app.call(getMe, {}, here)).member.name).toBe('New Name');
    const invited = await app.call(inviteColleague, { email: 'n@name.example', role: 'member' }, here);
    expect(invited.invitation.invitedBy).toBe('New Name');
  });
});
