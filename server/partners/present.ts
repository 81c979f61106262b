/** How a relationship looks on the wire to one of its participants, and the telling of changes to all of them. */
import type { ClientSession } from 'mongoose';
import type { Hub } from '#server/base/hub.ts';
import { ParticipantModel, type ParticipantRecord, type RelationshipRecord } from '#server/partners/model.ts';
import { findCompanies } from '#server/people/queries.ts';
import { relationshipChanged } from '#shared/partners/calls.ts';
import type { Relationship } from '#shared/partners/shape.ts';
import type { Company } from '#shared/people/shape.ts';

/** A relationship as someone of this side and role sees it. @param companies - holds both companies by id */
export function presentRelationship(
  record: RelationshipRecord,
  companies: ReadonlyMap<string, Company>,
  reader: Pick<ParticipantRecord, 'side' | 'role'>,
): Relationship {
  return {
    id: record._id,
    name: record.name,
    purpose: record.purpose,
    state: record.state,
    buyer: companyOf(record.buyerId, companies),
    supplier: companyOf(record.supplierId, companies),
    side: reader.side,
    role: reader.role,
    since: record.createdAt.toISOString(),
  };
}

/** Writes `partners.relationshipChanged` to the outbox, once for every side and role, in the command's transaction. */
export async function announceRelationship(
  hub: Hub,
  session: ClientSession,
  record: RelationshipRecord,
): Promise<void> {
  const companies = await findCompanies([record.buyerId, record.supplierId]);
  const participants = await ParticipantModel.find({ relationshipId: record._id }).session(session).lean();
  const alike = Map.groupBy(participants, ({ side, role }) => `${side} ${role}`);
  for (const group of alike.values()) {
    const [reader] = group;
    if (reader === undefined) continue;
    const audience = { memberIds: group.map((participant) => participant.memberId) };
    await hub.outbox.put(
      session,
      relationshipChanged,
      audience,
      presentRelationship(record, companies, reader),
    );
  }
}

function companyOf(id: string, companies: ReadonlyMap<string, Company>): Company {
  const company = companies.get(id);
  // Companies are never deleted; a missing one is a fault of the data, not of the caller.
  if (company === undefined) throw new Error(`company ${id} of a relationship is missing`);
  return company;
}
