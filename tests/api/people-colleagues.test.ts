/** Colleagues through the real app: invitations, roles, removal. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import { changeMemberRole as changeRole } from '#server/people/members.ts';
import { ColleagueInvitationModel, MemberModel } from '#server/people/model.ts';
import { createAuthenticate } from '#server/people/queries.ts';
import type { AppError } from '#shared/base/errors.ts';
import { createId } from '#shared/base/ids.ts';
import { dayMs } from '#shared/base/units.ts';
import {
  acceptColleagueInvitation,
  changeMemberRole,
  createCompany,
  getMe,
  inviteColleague,
  listColleagueInvitations,
  listMembers,
  readColleagueInvitation,
  removeMember,
  revokeColleagueInvitation,
  signIn,
} from '#shared/people/calls.ts';
import type { CompanyRole, SignedIn } from '#shared/people/shape.ts';
import { secretOf, startApp, type TestApp } from '#tests/support/app.ts';
import { passwordOf } from '#tests/support/hub-client.ts';

const password = 'a quiet harbour';
const invalid = { status: 410, body: { code: 'people.invitationInvalid' } };
const absent = { status: 404, body: { code: 'thing.absent' } };

let app: TestApp;
let admin: SignedIn;
let rival: SignedIn;
beforeAll(async () => {
  app = await startApp();
  admin = await app.company('Acme Pumps', 'Anna Berg');
  rival = await app.company('Rival Works', 'Ruth Vogel');
});
afterAll(() => app?.remove());

async function invite(email: string, role: CompanyRole = 'member', by = admin) {
  const { invitation, link } = await app.call(inviteColleague, { email, role }, by);
  return { invitation, secret: secretOf(link) };
}

async function join(email: string, role: CompanyRole = 'member', by = admin): Promise<SignedIn> {
  const { secret } = await invite(email, role, by);
  return app.call(acceptColleagueInvitation, { secret, name: email.split('@')[0] ?? '', password });
}

describe('an invitation of a colleague', () => {
  test('[PE21] the holder of the link joins once, with the role and address of the invitation', async () => {
    const { secret } = await invite('bert@acme.example', 'admin');
    expect(await app.call(readColleagueInvitation, { secret })).toEqual({
      companyName: 'Acme Pumps',
      invitedBy: 'Anna Berg',
      email: 'bert@acme.example',
    });
    const bert = await app.call(acceptColleagueInvitation, { secret, name: 'Bert', password });
    expect(bert.me).toMatchObject({
      member: { email: 'bert@acme.example', role: 'admin' },
      company: admin.me.company,
    });
    const again = { secret, name: 'Bert Again', password };
    expect(await app.ask(acceptColleagueInvitation, again)).toEqual(invalid);
  });

  test('[PE21] of two who use it at once, one joins', async () => {
    const { secret } = await invite('twins@acme.example');
    const asks = ['One', 'Two', 'Three'].map((name) =>
      app.ask(acceptColleagueInvitation, { secret, name, password }),
    );
    const statuses = (await Promise.all(asks)).map((answer) => answer.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(await MemberModel.countDocuments({ email: 'twins@acme.example' })).toBe(1);
  });

  test('[PE21] only a hash of the secret is stored', async () => {
    const { secret, invitation } = await invite('hash@acme.example');
    const stored = JSON.stringify(await ColleagueInvitationModel.findById(invitation.id).lean());
    expect(stored).not.toContain(secret);
  });

  test('[PE22] unknown, used, expired, revoked and replaced ones get the very same answers', async () => {
    const used = (await invite('used@acme.example')).secret;
    await app.call(acceptColleagueInvitation, { secret: used, name: 'Used', password });
    const revoked = await invite('revoked@acme.example');
    await app.call(revokeColleagueInvitation, { invitationId: revoked.invitation.id }, admin);
    const replaced = (await invite('replaced@acme.example')).secret;
    await invite('replaced@acme.example');
    const expired = (await invite('expired@acme.example')).secret;
    app.pass(14 * dayMs);
    const fresh = (await invite('fresh@acme.example', 'member', await signInAgain())).secret;
    expect((await app.ask(readColleagueInvitation, { secret: fresh })).status).toBe(200);
    for (const secret of ['A'.repeat(43), used, revoked.secret, replaced, expired]) {
      expect(await app.ask(readColleagueInvitation, { secret })).toEqual(invalid);
      const accept = { secret, name: 'Late', password };
      expect(await app.ask(acceptColleagueInvitation, accept)).toEqual(invalid);
    }
  });

  test('[PE18] only admins invite, list and revoke', async () => {
    const member = await join('plain@acme.example', 'member', await signInAgain());
    const { invitation } = await invite('open@acme.example', 'member', admin);
    const refused = { status: 403, body: { code: 'rights.missing' } };
    const input = { email: 'x@acme.example', role: 'admin' } as const;
    expect(await app.ask(inviteColleague, input, member)).toEqual(refused);
    expect(await app.ask(listColleagueInvitations, {}, member)).toEqual(refused);
    expect(await app.ask(revokeColleagueInvitation, { invitationId: invitation.id }, member)).toEqual(
      refused,
    );
  });

  test('[PE21] admins list what is open, newest first; another company’s cannot be revoked', async () => {
    const first = await invite('list1@rival.example', 'member', rival);
    app.pass(1_000);
    const second = await invite('list2@rival.example', 'member', rival);
    const listed = await app.call(listColleagueInvitations, {}, rival);
    expect(listed).toEqual([second.invitation, first.invitation]);
    const foreign = await app.ask(revokeColleagueInvitation, { invitationId: first.invitation.id }, admin);
    expect(foreign).toEqual(absent);
    expect(await app.call(listColleagueInvitations, {}, rival)).toHaveLength(2);
    await app.call(revokeColleagueInvitation, { invitationId: first.invitation.id }, rival);
    expect(await app.call(listColleagueInvitations, {}, rival)).toEqual([second.invitation]);
  });

  test('[PE2] a colleague’s address is refused, a stranger’s is not told apart until they join', async () => {
    const input = { email: admin.me.member.email, role: 'member' } as const;
    expect((await app.ask(inviteColleague, input, admin)).body).toEqual({ code: 'people.addressTaken' });
    const { secret } = await invite(rival.me.member.email);
    const accept = { secret, name: 'Ruth', password };
    expect((await app.ask(acceptColleagueInvitation, accept)).body).toEqual({ code: 'people.addressTaken' });
  });

  test('[PE23] company, role and address cannot be named by who joins', async () => {
    const { secret } = await invite('modest@acme.example');
    for (const extra of [{ role: 'admin' }, { companyId: rival.me.company.id }, { email: 'x@x.example' }]) {
      const input = { secret, name: 'Modest', password, ...extra };
      expect((await app.send('POST', acceptColleagueInvitation.path, input)).status).toBe(400);
    }
    const company = { companyName: 'C', name: 'N', email: 'c@c.example', password, role: 'admin' };
    expect((await app.send('POST', createCompany.path, company)).status).toBe(400);
    expect(
      (await app.call(acceptColleagueInvitation, { secret, name: 'Modest', password })).me.member.role,
    ).toBe('member');
  });

  test('[PE24] without a mail server the answer has the link, its secret in the fragment', async () => {
    const { link } = await app.call(inviteColleague, { email: 'link@acme.example', role: 'member' }, admin);
    expect(link).toMatch(/^http:\/\/localhost:\d+\/join#[A-Za-z0-9_-]{43}$/);
  });

  test('[PE4] whoever joins needs a password that is not easy to guess', async () => {
    const { secret } = await invite('weak@acme.example');
    const input = { secret, name: 'Weak Person', password: 'acme pumps 1' };
    expect((await app.ask(acceptColleagueInvitation, input)).body).toEqual({ code: 'people.passwordWeak' });
    expect((await app.ask(readColleagueInvitation, { secret })).status).toBe(200);
  });
});

describe('colleagues', () => {
  test('[PE17] one sees one’s own company only', async () => {
    const names = (await app.call(listMembers, {}, rival)).map((member) => member.name);
    expect(names).toEqual(['Ruth Vogel']);
  });

  test('[PE17, PE18] roles: admins change a colleague’s, members nobody’s, strangers are absent', async () => {
    const member = await join('role@acme.example');
    const change = { memberId: member.me.member.id, role: 'admin' } as const;
    expect(await app.ask(changeMemberRole, change, member)).toEqual({
      status: 403,
      body: { code: 'rights.missing' },
    });
    expect(await app.ask(changeMemberRole, change, rival)).toEqual(absent);
    expect(await app.ask(removeMember, { memberId: change.memberId }, rival)).toEqual(absent);
    expect(await app.ask(changeMemberRole, { ...change, memberId: createId() }, admin)).toEqual(absent);
    expect((await app.call(changeMemberRole, change, admin)).role).toBe('admin');
    expect((await app.call(getMe, {}, member)).member.role).toBe('admin');
    expect((await app.ask(listColleagueInvitations, {}, member)).status).toBe(200);
  });

  test('[PE18] a right taken away is gone at the next call', async () => {
    const member = await join('demoted@acme.example', 'admin');
    expect((await app.ask(listColleagueInvitations, {}, member)).status).toBe(200);
    await app.call(changeMemberRole, { memberId: member.me.member.id, role: 'member' }, admin);
    expect((await app.ask(listColleagueInvitations, {}, member)).status).toBe(403);
  });

  test('[PE19] the last admin neither steps down nor leaves', async () => {
    const { id } = rival.me.member;
    const last = { status: 409, body: { code: 'people.lastAdmin' } };
    expect(await app.ask(changeMemberRole, { memberId: id, role: 'member' }, rival)).toEqual(last);
    expect(await app.ask(removeMember, { memberId: id }, rival)).toEqual(last);
    expect((await app.call(getMe, {}, rival)).member.role).toBe('admin');
  });

  test('[PE19] two admins who demote each other at once leave one', async () => {
    const one = await app.company('Duel', 'Duel One');
    const two = await join('two@duel.example', 'admin', one);
    const authenticate = createAuthenticate(app.hub);
    const [first, second] = await Promise.all([authenticate(one.accessToken), authenticate(two.accessToken)]);
    if (first === null || second === null) throw new Error('both are signed in');
    for (let round = 0; round < 20; round += 1) {
      const demote = (by: Actor, whom: Actor) =>
        changeRole(app.hub, by, { memberId: whom.memberId, role: 'member' }).catch(
          (error: AppError) => error.code,
        );
      const outcomes = await Promise.all([demote(first, second), demote(second, first)]);
      const admins = { companyId: first.companyId, role: 'admin', active: true } as const;
      expect(await MemberModel.countDocuments(admins)).toBe(1);
      expect(outcomes).toContain('people.lastAdmin');
      await MemberModel.collection.updateMany({ companyId: first.companyId }, { $set: { role: 'admin' } });
    }
  });

  test('[PE20] a removed member is out at once, stays on record, and may join again', async () => {
    const member = await join('leaver@acme.example');
    expect((await app.ask(getMe, {}, member)).status).toBe(200);
    await app.call(removeMember, { memberId: member.me.member.id }, admin);
    expect((await app.ask(getMe, {}, member)).body).toEqual({ code: 'session.expired' });
    const listed = await app.call(listMembers, {}, admin);
    expect(listed.find((one) => one.id === member.me.member.id)).toMatchObject({ active: false });
    const again = await join('leaver@acme.example');
    expect(again.me.member.id).not.toBe(member.me.member.id);
  });
});

/** Anna again, after the clock has left her first token behind. */
async function signInAgain(): Promise<SignedIn> {
  const { email } = admin.me.member;
  admin = await app.call(signIn, { email, password: passwordOf(email) });
  const rivals = rival.me.member.email;
  rival = await app.call(signIn, { email: rivals, password: passwordOf(rivals) });
  return admin;
}
