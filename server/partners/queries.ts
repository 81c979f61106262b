/** Reads of partners: the room's door for rooms to the right, and the one place that says who takes part. */
import { trusted } from 'mongoose';
import type { Actor } from '#server/base/actor.ts';
import { gathered } from '#server/base/gathered.ts';
import type { Hub } from '#server/base/hub.ts';
import {
  ParticipantModel,
  type ParticipantRecord,
  RelationshipModel,
  type RelationshipRecord,
} from '#server/partners/model.ts';
import { presentRelationship } from '#server/partners/present.ts';
import { findCompanies, findMembers } from '#server/people/queries.ts';
import type { Side } from '#shared/base/audience.ts';
import { fail } from '#shared/base/errors.ts';
import type {
  Participant,
  Relationship,
  RelationshipRole,
  RelationshipState,
} from '#shared/partners/shape.ts';

/** What rooms may know of a relationship to decide about rights. */
export interface RelationshipFacts {
  id: string;
  name: string;
  state: RelationshipState;
  buyerId: string;
  supplierId: string;
}

/** One member's part in one relationship, as of now. */
export interface Participation {
  relationship: RelationshipFacts;
  side: Side;
  role: RelationshipRole;
}

const readRelationship = gathered<RelationshipRecord>(async (ids) => {
  const records = await RelationshipModel.find({ _id: trusted({ $in: ids }) }).lean();
  return new Map(records.map((record) => [record._id, record]));
});

/** By `<relationship> <member>`. Of those asked for together it reads every pair there is. */
const readParticipant = gathered<ParticipantRecord>(async (keys) => {
  const pairs = keys.map((key) => key.split(' '));
  const relationshipIds = [...new Set(pairs.map(([relationshipId = '']) => relationshipId))];
  const memberIds = [...new Set(pairs.map(([, memberId = '']) => memberId))];
  const records = await ParticipantModel.find({
    relationshipId: trusted({ $in: relationshipIds }),
    memberId: trusted({ $in: memberIds }),
  }).lean();
  return new Map(records.map((record) => [`${record.relationshipId} ${record.memberId}`, record]));
});

/**
 * The one access function: every right in a relationship begins here, from current data.
 * @returns null when the relationship is absent or the member takes no part in it, alike
 */
export async function findParticipation(
  _hub: Hub,
  memberId: string,
  relationshipId: string,
): Promise<Participation | null> {
  const [participant, record] = await Promise.all([
    readParticipant(`${relationshipId} ${memberId}`),
    readRelationship(relationshipId),
  ]);
  if (participant === null || record === null) return null;
  return { relationship: factsOf(record), side: participant.side, role: participant.role };
}

/** Ids of everyone who takes part, both sides; for events and signals. [] for an unknown relationship. */
export async function listParticipantIds(hub: Hub, relationshipId: string): Promise<string[]> {
  return (await listParticipantIdsOf(hub, [relationshipId])).get(relationshipId) ?? [];
}

/** Members who take part in relationships, by relationship; without those nobody takes part in. */
export async function listParticipantIdsOf(
  _hub: Hub,
  relationshipIds: readonly string[],
): Promise<Map<string, string[]>> {
  const found = await ParticipantModel.find({
    relationshipId: trusted({ $in: [...relationshipIds] }),
  }).lean();
  const memberIds = new Map<string, string[]>();
  for (const { relationshipId, memberId } of found) {
    const known = memberIds.get(relationshipId);
    if (known === undefined) memberIds.set(relationshipId, [memberId]);
    else known.push(memberId);
  }
  return memberIds;
}

/** Relationships one takes part in, by name. */
export async function listRelationships(_hub: Hub, actor: Actor): Promise<Relationship[]> {
  const parts = await ParticipantModel.find({ memberId: actor.memberId }).lean();
  const partOf = new Map(parts.map((part) => [part.relationshipId, part]));
  const records = await RelationshipModel.find({ _id: trusted({ $in: [...partOf.keys()] }) }).lean();
  const companies = await findCompanies(records.flatMap(({ buyerId, supplierId }) => [buyerId, supplierId]));
  return records
    .flatMap((record) => {
      const part = partOf.get(record._id);
      return part === undefined ? [] : [presentRelationship(record, companies, part)];
    })
    .sort((one, other) => one.name.localeCompare(other.name, 'en') || (one.id < other.id ? -1 : 1));
}

/** One relationship with its active people, buyer side first, then by name. @throws thing.absent */
export async function getRelationship(
  _hub: Hub,
  actor: Actor,
  input: { relationshipId: string },
): Promise<{ relationship: Relationship; participants: Participant[] }> {
  const parts = await ParticipantModel.find({ relationshipId: input.relationshipId }).lean();
  const own = parts.find((part) => part.memberId === actor.memberId);
  const record = own === undefined ? null : await RelationshipModel.findById(input.relationshipId).lean();
  if (own === undefined || record === null) fail('thing.absent');
  const companies = await findCompanies([record.buyerId, record.supplierId]);
  return {
    relationship: presentRelationship(record, companies, own),
    participants: await presentParticipants(parts),
  };
}

async function presentParticipants(parts: readonly ParticipantRecord[]): Promise<Participant[]> {
  const members = await findMembers(parts.map((part) => part.memberId));
  return parts
    .flatMap(({ memberId, side, role }) => {
      const member = members.get(memberId);
      if (member === undefined || !member.active) return [];
      return [{ member: { id: member.id, name: member.name }, side, role }];
    })
    .sort(
      (one, other) =>
        one.side.localeCompare(other.side, 'en') || one.member.name.localeCompare(other.member.name, 'en'),
    );
}

function factsOf(record: RelationshipRecord): RelationshipFacts {
  const { _id, name, state, buyerId, supplierId } = record;
  return { id: _id, name, state, buyerId, supplierId };
}
