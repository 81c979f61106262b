/** Invitations to a relationship: for one address, once, for 14 days; accepting one begins the relationship. */
import type { ClientSession } from 'mongoose';
import type { Actor } from '#server/base/actor.ts';
import type { Hub } from '#server/base/hub.ts';
import { withTransaction } from '#server/base/mongo.ts';
import { createSecret, hashSecret } from '#server/base/secrets.ts';
import { beginRelationship } from '#server/partners/commands.ts';
import { PartnerInvitationModel, type PartnerInvitationRecord } from '#server/partners/model.ts';
import { presentRelationship } from '#server/partners/present.ts';
import {
  findAddress,
  findCompanies,
  findFirstAdmin,
  findMemberIds,
  findMembers,
  isAddressOf,
} from '#server/people/queries.ts';
import type { Side } from '#shared/base/audience.ts';
import { fail } from '#shared/base/errors.ts';
import { createId } from '#shared/base/ids.ts';
import { dayMs } from '#shared/base/units.ts';
import { partnerInvitationAnswered } from '#shared/partners/calls.ts';
import type { PartnerInvitation, PartnerOffer, Relationship } from '#shared/partners/shape.ts';
import { mayManageCompany } from '#shared/people/rules.ts';

/** How long an invitation to a relationship can be used. */
export const partnerInvitationMs = 14 * dayMs;

/** What the inviting side offers; shapes have been checked. */
export interface NewPartnerInvitation {
  relationshipName: string;
  purpose: string;
  offeredSide: Side;
  email: string;
}

/**
 * Invites a partner company by the address of one of its people.
 * @returns link: null when a mail server took the letter
 * @throws rights.missing, partners.ownCompany when the address is a colleague's
 */
export async function invitePartner(
  hub: Hub,
  actor: Actor,
  input: NewPartnerInvitation,
): Promise<{ invitation: PartnerInvitation; link: string | null }> {
  if (!mayManageCompany(actor.role)) fail('rights.missing');
  if (await isAddressOf(actor.companyId, input.email)) fail('partners.ownCompany');
  const { relationshipName, purpose, offeredSide, email } = input;
  const secret = createSecret();
  const now = hub.now();
  const record: PartnerInvitationRecord = {
    _id: createId(),
    companyId: actor.companyId,
    invitedById: actor.memberId,
    relationshipName,
    purpose,
    offeredSide,
    email,
    secretHash: hashSecret(secret),
    state: 'open',
    createdAt: now,
    expiresAt: new Date(now.getTime() + partnerInvitationMs),
  };
  await PartnerInvitationModel.create([record]);
  const link = `${hub.env.publicUrl}/invitation#${secret}`;
  const sent = await hub.mail.sendLink({
    to: email,
    subject: `${actor.companyName} invites you to work together on Tandem`,
    paragraphs: [
      `${actor.name} of ${actor.companyName} invites your company to the workspace "${relationshipName}" as ${offeredSide}.`,
      'The link shows what is offered before you decide. It can be used once, within 14 days.',
      'If you did not expect it, ignore this letter.',
    ],
    link,
  });
  return { invitation: presentInvitation(record, actor.name, now), link: sent ? null : link };
}

/** Invitations of one's own company, newest first. */
export async function listPartnerInvitations(hub: Hub, actor: Actor): Promise<PartnerInvitation[]> {
  const records = await PartnerInvitationModel.find({ companyId: actor.companyId })
    .sort({ createdAt: -1, _id: 1 })
    .lean();
  const inviters = await findMembers(records.map((record) => record.invitedById));
  const now = hub.now();
  return records.map((record) =>
    presentInvitation(record, inviters.get(record.invitedById)?.name ?? '?', now),
  );
}

/** Withdraws an open invitation. @throws rights.missing, thing.absent */
export async function revokePartnerInvitation(actor: Actor, input: { invitationId: string }): Promise<void> {
  if (!mayManageCompany(actor.role)) fail('rights.missing');
  const revoked = await PartnerInvitationModel.updateOne(
    { _id: input.invitationId, companyId: actor.companyId, state: 'open' },
    { $set: { state: 'revoked' } },
  );
  if (revoked.matchedCount === 0) fail('thing.absent');
}

/** What a link offers, and by whom. @throws partners.invitationInvalid: unknown, used, expired and revoked alike */
export async function readPartnerInvitation(hub: Hub, input: { secret: string }): Promise<PartnerOffer> {
  const record = await findOpen(hub, input.secret);
  const company = (await findCompanies([record.companyId])).get(record.companyId);
  const person = (await findMembers([record.invitedById])).get(record.invitedById);
  if (company === undefined || person === undefined) fail('partners.invitationInvalid');
  return {
    relationshipName: record.relationshipName,
    purpose: record.purpose,
    fromCompany: company.name,
    fromPerson: person.name,
    offeredSide: record.offeredSide,
    email: record.email,
    expiresAt: record.expiresAt.toISOString(),
  };
}

/**
 * Accepts for one's company: the invitation is spent, the relationship is active and both sides have a lead, or
 * nothing of it happens.
 * @throws rights.missing, partners.invitationInvalid, partners.ownCompany, partners.alreadyPartners
 */
export async function acceptPartnerInvitation(
  hub: Hub,
  actor: Actor,
  input: { secret: string },
): Promise<Relationship> {
  if (!mayManageCompany(actor.role)) fail('rights.missing');
  const invitation = await findOpen(hub, input.secret);
  if (invitation.companyId === actor.companyId) fail('partners.ownCompany');
  if ((await findAddress(actor.memberId)) !== invitation.email) fail('partners.invitationInvalid');
  const side = invitation.offeredSide;
  const guest = { companyId: actor.companyId, leadId: actor.memberId };
  const host = { companyId: invitation.companyId, leadId: await findHost(invitation) };
  const offer = {
    name: invitation.relationshipName,
    purpose: invitation.purpose,
    buyer: side === 'buyer' ? guest : host,
    supplier: side === 'buyer' ? host : guest,
  };
  const record = await withTransaction(async (session) => {
    await answer(hub, session, invitation, 'accepted');
    return beginRelationship(hub, session, { ...offer, byMemberId: actor.memberId });
  });
  const companies = await findCompanies([record.buyerId, record.supplierId]);
  return presentRelationship(record, companies, { side, role: 'lead' });
}

/** Declines; whoever holds the link may. @throws partners.invitationInvalid */
export async function declinePartnerInvitation(hub: Hub, input: { secret: string }): Promise<void> {
  const invitation = await findOpen(hub, input.secret);
  await withTransaction((session) => answer(hub, session, invitation, 'declined'));
}

/** Spends an open invitation and tells the company that made it. @throws partners.invitationInvalid */
async function answer(
  hub: Hub,
  session: ClientSession,
  invitation: PartnerInvitationRecord,
  state: 'accepted' | 'declined',
): Promise<void> {
  const spent = await PartnerInvitationModel.updateOne(
    { _id: invitation._id, state: 'open' },
    { $set: { state } },
    { session },
  );
  if (spent.matchedCount === 0) fail('partners.invitationInvalid');
  const inviter = (await findMembers([invitation.invitedById])).get(invitation.invitedById);
  const told = presentInvitation({ ...invitation, state }, inviter?.name ?? '?', hub.now());
  const audience = { memberIds: await findMemberIds(invitation.companyId) };
  await hub.outbox.put(session, partnerInvitationAnswered, audience, told);
}

async function findOpen(hub: Hub, secret: string): Promise<PartnerInvitationRecord> {
  const record = await PartnerInvitationModel.findOne({
    secretHash: hashSecret(secret),
    state: 'open',
  }).lean();
  if (record === null || record.expiresAt.getTime() <= hub.now().getTime())
    fail('partners.invitationInvalid');
  return record;
}

/** Who leads on the inviting side: the person who invited, or the company's first admin when they have left. */
async function findHost(invitation: PartnerInvitationRecord): Promise<string> {
  const inviter = (await findMembers([invitation.invitedById])).get(invitation.invitedById);
  if (inviter?.active) return inviter.id;
  return (await findFirstAdmin(invitation.companyId))?.id ?? fail('partners.invitationInvalid');
}

function presentInvitation(record: PartnerInvitationRecord, invitedBy: string, now: Date): PartnerInvitation {
  const isPast = record.state === 'open' && record.expiresAt.getTime() <= now.getTime();
  return {
    id: record._id,
    relationshipName: record.relationshipName,
    purpose: record.purpose,
    offeredSide: record.offeredSide,
    email: record.email,
    invitedBy,
    state: isPast ? 'expired' : record.state,
    createdAt: record.createdAt.toISOString(),
    expiresAt: record.expiresAt.toISOString(),
  };
}
