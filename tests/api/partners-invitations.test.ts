/** Invitations to a relationship through the real app. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ParticipantModel, PartnerInvitationModel, RelationshipModel } from '#server/partners/model.ts';
import { createId } from '#shared/base/ids.ts';
import { dayMs } from '#shared/base/units.ts';
import {
  acceptPartnerInvitation,
  declinePartnerInvitation,
  getRelationship,
  invitePartner,
  listPartnerInvitations,
  listRelationships,
  readPartnerInvitation,
  revokePartnerInvitation,
} from '#shared/partners/calls.ts';
import { acceptColleagueInvitation, inviteColleague, removeMember } from '#shared/people/calls.ts';
import type { CompanyRole, SignedIn } from '#shared/people/shape.ts';
import { secretOf, startApp, type TestApp } from '#tests/support/app.ts';

const invalid = { status: 410, body: { code: 'partners.invitationInvalid' } };
const refused = { status: 403, body: { code: 'rights.missing' } };
const offer = { purpose: 'A new pump by May', offeredSide: 'supplier' } as const;

let app: TestApp;
let buyer: SignedIn;
let supplier: SignedIn;
let rival: SignedIn;
/** Companies are made anew for each group, since the clock may leave tokens behind. */
beforeAll(async () => {
  app = await startApp();
  buyer = await app.company('Aegean Marine', 'Eleni Doukas');
  supplier = await app.company('Gdansk Pumps', 'Piotr Zielinski');
  rival = await app.company('Rival Works', 'Ruth Vogel');
});
afterAll(() => app?.remove());

async function invite(relationshipName: string, email = supplier.me.member.email, by = buyer) {
  const { invitation, link } = await app.call(invitePartner, { ...offer, relationshipName, email }, by);
  return { invitation, secret: secretOf(link) };
}

async function join(email: string, role: CompanyRole, by: SignedIn): Promise<SignedIn> {
  const { link } = await app.call(inviteColleague, { email, role }, by);
  const accept = { secret: secretOf(link), name: email.split('@')[0] ?? '', password: 'a quiet harbour' };
  return app.call(acceptColleagueInvitation, accept);
}

describe('inviting', () => {
  test('[PA1] only admins invite and revoke', async () => {
    const member = await join('plain@aegean.example', 'member', buyer);
    const input = { ...offer, relationshipName: 'No right', email: 'x@x.example' };
    expect(await app.ask(invitePartner, input, member)).toEqual(refused);
    const { invitation } = await invite('Not theirs');
    expect(await app.ask(revokePartnerInvitation, { invitationId: invitation.id }, member)).toEqual(refused);
  });

  test('[PA1] a colleague’s address is refused', async () => {
    const input = { ...offer, relationshipName: 'With ourselves', email: buyer.me.member.email };
    expect((await app.ask(invitePartner, input, buyer)).body).toEqual({ code: 'partners.ownCompany' });
  });

  test('[PA2] the link has the secret in its fragment, and only a hash is stored', async () => {
    const { link, invitation } = await app.call(
      invitePartner,
      { ...offer, relationshipName: 'Hash', email: 'hash@x.example' },
      buyer,
    );
    expect(link).toMatch(/^http:\/\/localhost:\d+\/invitation#[A-Za-z0-9_-]{43}$/);
    const stored = JSON.stringify(await PartnerInvitationModel.findById(invitation.id).lean());
    expect(stored).not.toContain(secretOf(link));
  });

  test('[PA3] the holder of the link sees exactly what is offered and by whom, without an account', async () => {
    const { secret, invitation } = await invite('HX pump', 'new@nobody.example');
    expect(await app.call(readPartnerInvitation, { secret })).toEqual({
      relationshipName: 'HX pump',
      purpose: 'A new pump by May',
      fromCompany: 'Aegean Marine',
      fromPerson: 'Eleni Doukas',
      offeredSide: 'supplier',
      email: 'new@nobody.example',
      expiresAt: invitation.expiresAt,
    });
  });

  test('[PA9] a company lists and revokes its own only', async () => {
    const own = await invite('Listed', 'listed@x.example', rival);
    const foreign = await invite('Foreign', 'foreign@x.example', buyer);
    const listed = await app.call(listPartnerInvitations, {}, rival);
    expect(listed).toEqual([own.invitation]);
    const answer = await app.ask(revokePartnerInvitation, { invitationId: foreign.invitation.id }, rival);
    expect(answer).toEqual(await app.ask(revokePartnerInvitation, { invitationId: createId() }, rival));
    expect(answer).toEqual({ status: 404, body: { code: 'thing.absent' } });
    expect((await app.ask(readPartnerInvitation, { secret: foreign.secret })).status).toBe(200);
    await app.call(revokePartnerInvitation, { invitationId: own.invitation.id }, rival);
    const [revoked] = await app.call(listPartnerInvitations, {}, rival);
    expect(revoked).toEqual({ ...own.invitation, state: 'revoked' });
  });
});

describe('accepting', () => {
  test('[PA6] the relationship is active, both sides have a lead, and both see it from their side', async () => {
    const { secret } = await invite('Both see');
    const accepted = await app.call(acceptPartnerInvitation, { secret }, supplier);
    expect(accepted).toMatchObject({
      name: 'Both see',
      purpose: offer.purpose,
      state: 'active',
      buyer: buyer.me.company,
      supplier: supplier.me.company,
      side: 'supplier',
      role: 'lead',
    });
    const seen = await app.call(getRelationship, { relationshipId: accepted.id }, buyer);
    expect(seen.relationship).toEqual({ ...accepted, side: 'buyer' });
    expect(seen.participants.map(({ member, side, role }) => [member.name, side, role])).toEqual([
      ['Eleni Doukas', 'buyer', 'lead'],
      ['Piotr Zielinski', 'supplier', 'lead'],
    ]);
    expect(
      (await app.call(listPartnerInvitations, {}, buyer)).find((one) => one.relationshipName === 'Both see'),
    ).toMatchObject({ state: 'accepted' });
  });

  test('[PA6] a supplier may invite its buyer just as well', async () => {
    const input = {
      ...offer,
      offeredSide: 'buyer' as const,
      relationshipName: 'Turned',
      email: buyer.me.member.email,
    };
    const { link } = await app.call(invitePartner, input, supplier);
    const accepted = await app.call(acceptPartnerInvitation, { secret: secretOf(link) }, buyer);
    expect(accepted).toMatchObject({ buyer: buyer.me.company, supplier: supplier.me.company, side: 'buyer' });
  });

  test('[PA6] of several acceptances at once one holds, and nothing is half done', async () => {
    const second = await join('second@gdansk.example', 'admin', supplier);
    expect(second.me.member.role).toBe('admin');
    const { secret } = await invite('Race');
    const asks = Array.from({ length: 5 }, () => app.ask(acceptPartnerInvitation, { secret }, supplier));
    const statuses = (await Promise.all(asks)).map((answer) => answer.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 410)).toHaveLength(4);
    const made = await RelationshipModel.find({ name: 'Race' }).lean();
    expect(made).toHaveLength(1);
    expect(await ParticipantModel.countDocuments({ relationshipId: made[0]?._id ?? '' })).toBe(2);
  });

  test('[PA6] when the relationship cannot be made, the invitation stays unspent', async () => {
    await app.call(acceptPartnerInvitation, { secret: (await invite('Twice')).secret }, supplier);
    const { secret } = await invite('Twice');
    const before = await RelationshipModel.countDocuments();
    expect((await app.ask(acceptPartnerInvitation, { secret }, supplier)).status).toBe(409);
    expect(await RelationshipModel.countDocuments()).toBe(before);
    expect((await app.ask(readPartnerInvitation, { secret })).status).toBe(200);
  });

  test('[PA7] the same companies have one relationship of a name and sides, and others beside it', async () => {
    await app.call(acceptPartnerInvitation, { secret: (await invite('Name')).secret }, supplier);
    const again = await app.ask(acceptPartnerInvitation, { secret: (await invite('Name')).secret }, supplier);
    expect(again).toEqual({ status: 409, body: { code: 'partners.alreadyPartners' } });
    const other = await app.ask(
      acceptPartnerInvitation,
      { secret: (await invite('Name 2')).secret },
      supplier,
    );
    expect(other.status).toBe(200);
  });

  test('[PA5] another address gets the answer of an invalid link, and the link stays good', async () => {
    const { secret } = await invite('Bound');
    expect(await app.ask(acceptPartnerInvitation, { secret }, rival)).toEqual(invalid);
    const colleague = await join('other@gdansk.example', 'admin', supplier);
    expect(await app.ask(acceptPartnerInvitation, { secret }, colleague)).toEqual(invalid);
    expect((await app.ask(acceptPartnerInvitation, { secret }, supplier)).status).toBe(200);
  });

  test('[PA5] a member who is no admin may not accept for the company', async () => {
    const member = await join('member@gdansk.example', 'member', supplier);
    const { secret } = await invite('For a member', 'member@gdansk.example');
    expect(await app.ask(acceptPartnerInvitation, { secret }, member)).toEqual(refused);
  });

  test('[PA5] one’s own invitation is refused', async () => {
    const { secret } = await invite('Mine', 'someone@x.example');
    const answer = await app.ask(acceptPartnerInvitation, { secret }, buyer);
    expect(answer).toEqual({ status: 409, body: { code: 'partners.ownCompany' } });
  });

  test('[PA6] when the inviter has left, an admin of their company leads', async () => {
    const owner = await app.company('Leaver Works', 'Otto Owner');
    const leaver = await join('leaver@leaver.example', 'admin', owner);
    const { secret } = await invite('Left behind', supplier.me.member.email, leaver);
    await app.call(removeMember, { memberId: leaver.me.member.id }, owner);
    const accepted = await app.call(acceptPartnerInvitation, { secret }, supplier);
    expect(await app.call(listRelationships, {}, owner)).toEqual([{ ...accepted, side: 'buyer' }]);
  });
});

describe('the end of an invitation', () => {
  test('[PA8] whoever holds the link may decline, once', async () => {
    const { secret, invitation } = await invite('Declined');
    await app.call(declinePartnerInvitation, { secret });
    expect(await app.ask(declinePartnerInvitation, { secret })).toEqual(invalid);
    const listed = await app.call(listPartnerInvitations, {}, buyer);
    expect(listed.find((one) => one.id === invitation.id)?.state).toBe('declined');
  });

  test('[PA2, PA4] unknown, used, declined, revoked and expired get the very same answers', async () => {
    const used = (await invite('Used')).secret;
    await app.call(acceptPartnerInvitation, { secret: used }, supplier);
    const declined = (await invite('No')).secret;
    await app.call(declinePartnerInvitation, { secret: declined });
    const revoked = await invite('Taken back');
    await app.call(revokePartnerInvitation, { invitationId: revoked.invitation.id }, buyer);
    const guessed = 'A'.repeat(43);
    const over = [guessed, used, declined, revoked.secret];
    for (const secret of over) {
      expect(await app.ask(readPartnerInvitation, { secret })).toEqual(invalid);
      expect(await app.ask(declinePartnerInvitation, { secret })).toEqual(invalid);
      expect(await app.ask(acceptPartnerInvitation, { secret }, supplier)).toEqual(invalid);
    }
    const late = await invite('Late');
    app.pass(14 * dayMs);
    expect(await app.ask(readPartnerInvitation, { secret: late.secret })).toEqual(invalid);
    expect(await app.ask(declinePartnerInvitation, { secret: late.secret })).toEqual(invalid);
    const fresh = await app.company('Fresh Works', 'Frida Fresh');
    expect(await app.ask(acceptPartnerInvitation, { secret: late.secret }, fresh)).toEqual(invalid);
    expect((await PartnerInvitationModel.findById(late.invitation.id).lean())?.state).toBe('open');
  });
});
