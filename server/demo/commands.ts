/** Makes the demo when it is first entered, and signs visitors in as one of its people. */
import type { Actor } from '#server/base/actor.ts';
import type { Hub } from '#server/base/hub.ts';
import { createMongoStorage } from '#server/base/live/log/mongo-storage.ts';
import { isDuplicateKey, withTransaction } from '#server/base/mongo.ts';
import { DemoModel, type DemoRecord } from '#server/demo/model.ts';
import { writeDemoPlan } from '#server/demo/write-plan.ts';
import { beginRelationship, setParticipant } from '#server/partners/commands.ts';
import { foundCompany, type KnownFounder, openSession } from '#server/people/commands.ts';
import { createPlan, notePlanEdits } from '#server/plans/commands.ts';
import { type Side, sides } from '#shared/base/audience.ts';
import { fail } from '#shared/base/errors.ts';
import { createId } from '#shared/base/ids.ts';
import { demoCompanies } from '#shared/demo/companies.ts';
import { planDocumentNames } from '#shared/plans/doc.ts';

/** One making for each hub of this process; parallel first visitors wait for the same one. */
const makings = new WeakMap<Hub, Promise<DemoRecord>>();

/** Signs in as the demo's person of a side. @throws thing.absent where no demo is offered */
export async function enterDemo(hub: Hub, side: Side, device: string) {
  if (!hub.env.demo) fail('thing.absent');
  const demo = await findOrMakeDemo(hub);
  return openSession(hub, side === 'buyer' ? demo.buyerMemberId : demo.supplierMemberId, device);
}

async function findOrMakeDemo(hub: Hub): Promise<DemoRecord> {
  const found = await DemoModel.findById('demo').lean();
  if (found !== null) return found;
  const making = makings.get(hub) ?? makeDemo(hub);
  makings.set(hub, making);
  try {
    return await making;
  } finally {
    // A failed making may be tried again by the next visitor; a finished one is found in the database.
    makings.delete(hub);
  }
}

/** The record comes last: what an interrupted making leaves behind belongs to nobody and is never shown. */
async function makeDemo(hub: Hub): Promise<DemoRecord> {
  const companies = { buyer: await found(hub, 'buyer'), supplier: await found(hub, 'supplier') };
  const relationshipId = await join(hub, companies);
  const plan = await createPlan(hub, companies.buyer.lead, { relationshipId, name: planName });
  const editedAt = await writeDemoPlan(createMongoStorage(), {
    planId: plan.id,
    people: { buyer: idsOf(companies.buyer), supplier: idsOf(companies.supplier) },
    now: hub.now(),
  });
  await notePlanEdits(new Map([[plan.id, editedAt]]));
  // Written past the live engine, which tells of its own writing only: without it the list knew nothing of the plan.
  hub.live?.derivation?.written(planDocumentNames(plan.id).shared);
  const record = {
    _id: 'demo',
    buyerMemberId: companies.buyer.lead.memberId,
    supplierMemberId: companies.supplier.lead.memberId,
  };
  try {
    await DemoModel.create([record]);
    return record;
  } catch (error) {
    const first = isDuplicateKey(error) ? await DemoModel.findById('demo').lean() : null;
    if (first === null) throw error;
    return first;
  }
}

const planName = 'HX-220 housing: new part introduction';

interface Founded {
  companyId: string;
  members: readonly KnownFounder[];
  lead: Actor;
}

/** Addresses end in `.example`, which no mail ever reaches (source: RFC 2606). */
async function found(hub: Hub, side: Side): Promise<Founded> {
  const { company, person, colleagues } = demoCompanies[side];
  const making = createId().slice(0, 6);
  const founders = [person, ...colleagues].map((name, index) => ({
    name,
    email: `${side}${index + 1}.${making}@demo.example`,
  }));
  const { companyId, members } = await foundCompany(hub, { companyName: company, people: founders });
  const first = members[0] ?? fail('internal');
  const lead: Actor = {
    sessionId: '',
    memberId: first.id,
    name: first.name,
    companyId,
    companyName: company,
    role: 'admin',
  };
  return { companyId, members, lead };
}

async function join(hub: Hub, companies: Record<Side, Founded>): Promise<string> {
  const { buyer, supplier } = companies;
  const relationship = await withTransaction((session) =>
    beginRelationship(hub, session, {
      name: 'HX pump programme',
      purpose: 'Bring the HX-220 pump housing into series, and keep both companies on one plan.',
      buyer: { companyId: buyer.companyId, leadId: buyer.lead.memberId },
      supplier: { companyId: supplier.companyId, leadId: supplier.lead.memberId },
      byMemberId: supplier.lead.memberId,
    }),
  );
  for (const side of sides) {
    const { lead, members } = companies[side];
    for (const { id } of members.slice(1)) {
      await setParticipant(hub, lead, { relationshipId: relationship._id, memberId: id, role: 'editor' });
    }
  }
  return relationship._id;
}

function idsOf({ members }: Founded): string[] {
  return members.map((member) => member.id);
}
