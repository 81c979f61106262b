/** Writes of partners about a relationship and its people: the room's door on the server. */
import type { ClientSession } from 'mongoose';
import type { Actor } from '#server/base/actor.ts';
import type { Hub } from '#server/base/hub.ts';
import { isDuplicateKey } from '#server/base/mongo.ts';
import { changeRights } from '#server/base/rights-revision.ts';
import { ParticipantModel, RelationshipModel, type RelationshipRecord } from '#server/partners/model.ts';
import { announceRelationship, presentRelationship } from '#server/partners/present.ts';
import { findParticipation } from '#server/partners/queries.ts';
import { findCompanies, findMembers, type KnownMember } from '#server/people/queries.ts';
import type { Side } from '#shared/base/audience.ts';
import { fail } from '#shared/base/errors.ts';
import { createId } from '#shared/base/ids.ts';
import { relationshipLeft } from '#shared/partners/calls.ts';
import { mayBecome, mayLead } from '#shared/partners/rules.ts';
import type {
  Participant,
  Relationship,
  RelationshipRole,
  RelationshipState,
} from '#shared/partners/shape.ts';
import { mayManageCompany } from '#shared/people/rules.ts';

/** One side of a relationship that begins: the company, and its person who leads at first. */
export interface FirstLead {
  companyId: string;
  leadId: string;
}

/** What two companies have agreed on. */
export interface NewRelationship {
  name: string;
  purpose: string;
  buyer: FirstLead;
  supplier: FirstLead;
  byMemberId: string;
}

/**
 * Begins a relationship, active, with one lead on each side, in the caller's transaction.
 * @throws partners.alreadyPartners when the same companies have one of this name on these sides
 */
export async function beginRelationship(
  hub: Hub,
  session: ClientSession,
  from: NewRelationship,
): Promise<RelationshipRecord> {
  const { name, purpose, buyer, supplier } = from;
  const now = hub.now();
  const record: RelationshipRecord = {
    _id: createId(),
    name,
    purpose,
    state: 'active',
    buyerId: buyer.companyId,
    supplierId: supplier.companyId,
    createdAt: now,
    transitions: [{ from: null, to: 'active', byMemberId: from.byMemberId, at: now }],
    revision: 0,
  };
  const lead = { relationshipId: record._id, role: 'lead', addedAt: now } as const;
  try {
    await RelationshipModel.create([record], { session });
  } catch (error) {
    if (isDuplicateKey(error)) fail('partners.alreadyPartners');
    throw error;
  }
  await ParticipantModel.insertMany(
    [
      { _id: createId(), memberId: buyer.leadId, side: 'buyer', ...lead },
      { _id: createId(), memberId: supplier.leadId, side: 'supplier', ...lead },
    ],
    { session },
  );
  await announceRelationship(hub, session, record);
  return record;
}

/** Takes a relationship to its next state. @throws thing.absent, rights.missing, partners.wrongState */
export async function changeRelationshipState(
  hub: Hub,
  actor: Actor,
  input: { relationshipId: string; state: RelationshipState },
): Promise<Relationship> {
  const part = await findParticipation(hub, actor.memberId, input.relationshipId);
  if (part === null) fail('thing.absent');
  if (!mayLead(part.role)) fail('rights.missing');
  const from = part.relationship.state;
  if (!mayBecome(from, input.state)) fail('partners.wrongState');
  const transition = { from, to: input.state, byMemberId: actor.memberId, at: hub.now() };
  const { relationshipId } = input;
  const changed = await changeRights(hub, async ({ session, tell }) => {
    tell({ kind: 'relationshipChanged', relationshipId });
    const record = await RelationshipModel.findOneAndUpdate(
      { _id: input.relationshipId, state: from },
      { $set: { state: input.state }, $push: { transitions: transition } },
      { session, returnDocument: 'after' },
    ).lean();
    if (record === null) fail('partners.wrongState');
    await announceRelationship(hub, session, record);
    return record;
  });
  const companies = await findCompanies([changed.buyerId, changed.supplierId]);
  return presentRelationship(changed, companies, part);
}

/**
 * Adds a colleague to the relationship, or changes their role in it.
 * @throws thing.absent, rights.missing, people.lastAdmin when one's side would be without a lead
 */
export async function setParticipant(
  hub: Hub,
  actor: Actor,
  input: { relationshipId: string; memberId: string; role: RelationshipRole },
): Promise<Participant> {
  const { relationshipId, memberId, role } = input;
  const side = await findLedSide(hub, actor, relationshipId);
  const member = await findColleague(actor, memberId);
  await changePeople(hub, relationshipId, side, async (session) => {
    const filter = { relationshipId, memberId };
    const changed = await ParticipantModel.updateOne(filter, { $set: { role } }, { session });
    if (changed.matchedCount > 0) return;
    const added = { _id: createId(), relationshipId, memberId, side, role, addedAt: hub.now() };
    await ParticipantModel.create([added], { session });
  });
  return { member: { id: member.id, name: member.name }, side, role };
}

/** Takes a colleague out of the relationship. @throws thing.absent, rights.missing, people.lastAdmin */
export async function removeParticipant(
  hub: Hub,
  actor: Actor,
  input: { relationshipId: string; memberId: string },
): Promise<void> {
  const { relationshipId, memberId } = input;
  const side = await findLedSide(hub, actor, relationshipId);
  await changePeople(hub, relationshipId, side, async (session) => {
    // The side stands in the filter: nobody takes the partner's people out.
    const removed = await ParticipantModel.deleteOne({ relationshipId, memberId, side }, { session });
    if (removed.deletedCount === 0) fail('thing.absent');
    await hub.outbox.put(session, relationshipLeft, { memberIds: [memberId] }, { relationshipId });
  });
}

/**
 * The side whose people the actor may change: leads change their own side's, and so do the company's admins,
 * so that a side whose last lead has left the company can be given a new one.
 */
async function findLedSide(hub: Hub, actor: Actor, relationshipId: string): Promise<Side> {
  const part = await findParticipation(hub, actor.memberId, relationshipId);
  if (part !== null)
    return mayLead(part.role) || mayManageCompany(actor.role) ? part.side : fail('rights.missing');
  const record = mayManageCompany(actor.role)
    ? await RelationshipModel.findById(relationshipId).lean()
    : null;
  if (record?.buyerId === actor.companyId) return 'buyer';
  if (record?.supplierId === actor.companyId) return 'supplier';
  return fail('thing.absent');
}

async function findColleague(actor: Actor, memberId: string): Promise<KnownMember> {
  const member = (await findMembers([memberId])).get(memberId);
  if (member === undefined || !member.active || member.companyId !== actor.companyId) fail('thing.absent');
  return member;
}

async function changePeople(
  hub: Hub,
  relationshipId: string,
  side: Side,
  change: (session: ClientSession) => Promise<void>,
): Promise<void> {
  await changeRights(hub, async ({ session, tell }) => {
    tell({ kind: 'relationshipChanged', relationshipId });
    // Writing the relationship as well makes two such changes at once meet: the second sees the first.
    const record: RelationshipRecord | null = await RelationshipModel.findOneAndUpdate(
      { _id: relationshipId },
      { $inc: { revision: 1 } },
      { session, returnDocument: 'after' },
    ).lean();
    if (record === null) fail('thing.absent');
    await change(session);
    if (!(await hasLead(relationshipId, side, session))) fail('people.lastAdmin');
    await announceRelationship(hub, session, record);
  });
}

async function hasLead(relationshipId: string, side: Side, session: ClientSession): Promise<boolean> {
  const leads = await ParticipantModel.find({ relationshipId, side, role: 'lead' }).session(session).lean();
  const members = await findMembers(leads.map((lead) => lead.memberId));
  return leads.some((lead) => members.get(lead.memberId)?.active === true);
}
