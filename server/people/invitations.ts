/** Invitations of colleagues: by an admin, for one address, once, for 14 days; only a hash of the secret is kept. */
import { trusted } from 'mongoose';
import type { Actor } from '#server/base/actor.ts';
import type { Hub } from '#server/base/hub.ts';
import { withTransaction } from '#server/base/mongo.ts';
import { createSecret, hashSecret } from '#server/base/secrets.ts';
import { newMember, refuseTakenAddress } from '#server/people/commands.ts';
import {
  ColleagueInvitationModel,
  type ColleagueInvitationRecord,
  CompanyModel,
  MemberModel,
} from '#server/people/model.ts';
import { hashPassword, isWeakPassword } from '#server/people/password.ts';
import { findMembers } from '#server/people/queries.ts';
import { answerSession, createSession, type OpenedSession } from '#server/people/sessions.ts';
import { fail } from '#shared/base/errors.ts';
import { createId } from '#shared/base/ids.ts';
import { dayMs } from '#shared/base/units.ts';
import { mayManageCompany } from '#shared/people/rules.ts';
import type { ColleagueInvitation, CompanyRole } from '#shared/people/shape.ts';

/** How long a colleague's invitation can be used. */
export const colleagueInvitationMs = 14 * dayMs;

/**
 * Invites an address; an older open invitation of the same address is withdrawn.
 * @returns link: null when a mail server took the letter
 * @throws rights.missing, people.addressTaken when the address is a colleague's already
 */
export async function inviteColleague(
  hub: Hub,
  actor: Actor,
  input: { email: string; role: CompanyRole },
): Promise<{ invitation: ColleagueInvitation; link: string | null }> {
  if (!mayManageCompany(actor.role)) fail('rights.missing');
  const { email, role } = input;
  // Only one's own company is looked at: whether a stranger has an account elsewhere is not for the asking.
  if (await MemberModel.exists({ companyId: actor.companyId, email, active: true }))
    fail('people.addressTaken');
  const secret = createSecret();
  const now = hub.now();
  const record: ColleagueInvitationRecord = {
    _id: createId(),
    companyId: actor.companyId,
    email,
    role,
    invitedById: actor.memberId,
    secretHash: hashSecret(secret),
    state: 'open',
    createdAt: now,
    expiresAt: new Date(now.getTime() + colleagueInvitationMs),
  };
  await withTransaction(async (session) => {
    const older = { companyId: actor.companyId, email, state: 'open' as const };
    await ColleagueInvitationModel.updateMany(older, { $set: { state: 'revoked' } }, { session });
    await ColleagueInvitationModel.create([record], { session });
  });
  const link = `${hub.env.publicUrl}/join#${secret}`;
  const sent = await hub.mail.sendLink({
    to: email,
    subject: `${actor.name} invites you to ${actor.companyName} on Tandem`,
    paragraphs: [
      `${actor.name} invites you to join ${actor.companyName} on Tandem.`,
      'The link can be used once, within 14 days. If you did not expect it, ignore this letter.',
    ],
    link,
  });
  return { invitation: presentInvitation(record, actor.name), link: sent ? null : link };
}

/** Open invitations of one's own company, newest first. @throws rights.missing */
export async function listColleagueInvitations(hub: Hub, actor: Actor): Promise<ColleagueInvitation[]> {
  if (!mayManageCompany(actor.role)) fail('rights.missing');
  const records = await ColleagueInvitationModel.find({
    companyId: actor.companyId,
    state: 'open',
    expiresAt: trusted({ $gt: hub.now() }),
  })
    .sort({ createdAt: -1, _id: 1 })
    .lean();
  const inviters = await findMembers(records.map((record) => record.invitedById));
  return records.map((record) => presentInvitation(record, inviters.get(record.invitedById)?.name ?? '?'));
}

/** Withdraws an open invitation. @throws rights.missing, thing.absent */
export async function revokeColleagueInvitation(
  actor: Actor,
  input: { invitationId: string },
): Promise<void> {
  if (!mayManageCompany(actor.role)) fail('rights.missing');
  const revoked = await ColleagueInvitationModel.updateOne(
    { _id: input.invitationId, companyId: actor.companyId, state: 'open' },
    { $set: { state: 'revoked' } },
  );
  if (revoked.matchedCount === 0) fail('thing.absent');
}

/** What a link offers. @throws people.invitationInvalid: unknown, used, expired and revoked alike */
export async function readColleagueInvitation(
  hub: Hub,
  input: { secret: string },
): Promise<{ companyName: string; invitedBy: string; email: string }> {
  const record = await findOpen(hub, input.secret);
  const company = await CompanyModel.findById(record.companyId).lean();
  const inviter = await MemberModel.findById(record.invitedById).lean();
  if (company === null || inviter === null) fail('people.invitationInvalid');
  return { companyName: company.name, invitedBy: inviter.name, email: record.email };
}

/** Joins the company that invited and signs in. @throws people.invitationInvalid, people.passwordWeak, people.addressTaken */
export async function acceptColleagueInvitation(
  hub: Hub,
  input: { secret: string; name: string; password: string },
  device: string,
): Promise<OpenedSession> {
  const found = await findOpen(hub, input.secret);
  const company = await CompanyModel.findById(found.companyId).lean();
  if (company === null) fail('people.invitationInvalid');
  if (isWeakPassword(input.password, [input.name, found.email, company.name])) fail('people.passwordWeak');
  const passwordHash = await hashPassword(input.password);
  const { companyId, email, role } = found;
  const member = newMember({ companyId, name: input.name, email, role, passwordHash, joinedAt: hub.now() });
  const session = await refuseTakenAddress(() =>
    withTransaction(async (transaction) => {
      const spent = await ColleagueInvitationModel.updateOne(
        { _id: found._id, state: 'open' },
        { $set: { state: 'accepted' } },
        { session: transaction },
      );
      if (spent.matchedCount === 0) fail('people.invitationInvalid');
      await MemberModel.create([member], { session: transaction });
      return createSession(hub, member._id, device, transaction);
    }),
  );
  return (await answerSession(hub, session, member)) ?? fail('people.invitationInvalid');
}

async function findOpen(hub: Hub, secret: string): Promise<ColleagueInvitationRecord> {
  const record = await ColleagueInvitationModel.findOne({
    secretHash: hashSecret(secret),
    state: 'open',
  }).lean();
  if (record === null || record.expiresAt.getTime() <= hub.now().getTime()) fail('people.invitationInvalid');
  return record;
}

function presentInvitation(record: ColleagueInvitationRecord, invitedBy: string): ColleagueInvitation {
  return {
    id: record._id,
    email: record.email,
    role: record.role,
    invitedBy,
    createdAt: record.createdAt.toISOString(),
    expiresAt: record.expiresAt.toISOString(),
  };
}
