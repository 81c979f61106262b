/** Fills a hub with companies, people, relationships, plans and sessions: `hub-seed.ts <data folder> <order>`. */

import type { Hub } from '#server/base/hub.ts';
import { withTransaction } from '#server/base/mongo.ts';
import { ParticipantModel, RelationshipModel } from '#server/partners/model.ts';
import { newMember } from '#server/people/commands.ts';
import { CompanyModel, MemberModel, SessionModel } from '#server/people/model.ts';
import { signAccessToken } from '#server/people/tokens.ts';
import { PlanModel } from '#server/plans/model.ts';
import { startHub } from '#server/start-hub.ts';
import { type Side, sides } from '#shared/base/audience.ts';
import { createId } from '#shared/base/ids.ts';
import { noteDocumentName } from '#shared/plans/doc.ts';
import { hubEnvironment } from '#tests/bench/servers/hub-environment.ts';
import type { SeededDocument, SeedOrder } from '#tests/bench/servers/seed-order.ts';

/** Members of one side of a relationship, with their tokens. */
interface Seeded {
  companyId: string;
  people: { memberId: string; token: string }[];
}

const [dataDir = '', order = '{}'] = process.argv.slice(2);
const running = await startHub(hubEnvironment(dataDir), { projectRoot: null });
const documents = await seed(running.hub, JSON.parse(order) as SeedOrder);
await running.close();
process.send?.(documents, () => process.exit(0));

/** Each group is one relationship of two companies: a hub is shared by many. */
async function seed(
  hub: Hub,
  { groups, documentsPerGroup, peoplePerDocument }: SeedOrder,
): Promise<SeededDocument[]> {
  const documents: SeededDocument[] = [];
  for (let group = 0; group < groups; group += 1) {
    const perSide = Math.ceil(peoplePerDocument / 2) * documentsPerGroup;
    const [buyer, supplier] = [
      await found(hub, group, 'buyer', perSide),
      await found(hub, group, 'supplier', perSide),
    ];
    const relationshipId = await relate(hub, buyer, supplier);
    documents.push(
      ...(await plan(hub, { relationshipId, buyer, supplier }, documentsPerGroup, peoplePerDocument)),
    );
  }
  return documents;
}

async function found(hub: Hub, group: number, side: Side, count: number): Promise<Seeded> {
  const now = hub.now();
  const company = { _id: createId(), name: `${side} company ${group}`, createdAt: now, revision: 0 };
  const members = Array.from({ length: count }, (_, index) =>
    newMember({
      companyId: company._id,
      name: `${side === 'buyer' ? 'Anna' : 'Bela'} Example ${index}`,
      email: `${side}.${group}.${index}@tandem.example`,
      role: index === 0 ? 'admin' : 'member',
      passwordHash: 'fits nothing',
      joinedAt: now,
    }),
  );
  const sessions = members.map(({ _id }) => ({
    _id: createId(),
    memberId: _id,
    salt: createId(),
    generation: 0,
    rotatedAt: now,
    device: 'a browser',
    createdAt: now,
    lastSeenAt: now,
  }));
  await withTransaction(async (session) => {
    await CompanyModel.create([company], { session });
    await MemberModel.insertMany(members, { session });
    await SessionModel.insertMany(sessions, { session });
  });
  const people = sessions.map(async ({ _id, memberId }) => {
    const { token } = await signAccessToken(hub, { memberId, sessionId: _id });
    return { memberId, token };
  });
  return { companyId: company._id, people: await Promise.all(people) };
}

async function relate(hub: Hub, buyer: Seeded, supplier: Seeded): Promise<string> {
  const now = hub.now();
  const relationship = {
    _id: createId(),
    name: 'HX pump programme',
    purpose: 'One plan for both.',
    state: 'active' as const,
    buyerId: buyer.companyId,
    supplierId: supplier.companyId,
    createdAt: now,
    transitions: [],
    revision: 0,
  };
  const participants = sides.flatMap((side) =>
    (side === 'buyer' ? buyer : supplier).people.map(({ memberId }, index) => ({
      _id: createId(),
      relationshipId: relationship._id,
      memberId,
      side,
      role: index === 0 ? ('lead' as const) : ('editor' as const),
      addedAt: now,
    })),
  );
  await withTransaction(async (session) => {
    await RelationshipModel.create([relationship], { session });
    await ParticipantModel.insertMany(participants, { session });
  });
  return relationship._id;
}

async function plan(
  hub: Hub,
  of: { relationshipId: string; buyer: Seeded; supplier: Seeded },
  count: number,
  peoplePerDocument: number,
): Promise<SeededDocument[]> {
  const perSide = Math.ceil(peoplePerDocument / 2);
  const records = Array.from({ length: count }, (_, index) => ({
    _id: createId(),
    relationshipId: of.relationshipId,
    name: `Plan ${index}`,
    state: 'active' as const,
    createdById: of.buyer.people[0]?.memberId ?? '',
    createdByName: 'Anna Example 0',
    createdAt: hub.now(),
    editedAt: null,
  }));
  await PlanModel.insertMany(records);
  return records.map(({ _id }, index) => {
    const seats = [of.buyer, of.supplier].flatMap(({ people }) =>
      people.slice(index * perSide, (index + 1) * perSide),
    );
    return {
      document: noteDocumentName(_id, `b${createId()}`),
      tokens: seats.slice(0, peoplePerDocument).map(({ token }) => token),
    };
  });
}
