/** Reads of plans; every one goes through the participation of the reader, so a foreign plan is an absent one. */
import { trusted } from 'mongoose';
import type { Actor } from '#server/base/actor.ts';
import { gathered } from '#server/base/gathered.ts';
import type { Hub } from '#server/base/hub.ts';
import { ReadAhead } from '#server/base/read-ahead.ts';
import { findParticipation, listParticipantIds } from '#server/partners/queries.ts';
import { PlanModel, type PlanRecord } from '#server/plans/model.ts';
import { presentPlan, presentPlans } from '#server/plans/present.ts';
import { fail } from '#shared/base/errors.ts';
import { mayWritePlan, type PlanStanding } from '#shared/plans/rules.ts';
import type { Plan } from '#shared/plans/shape.ts';

/** A plan that the reader may see, and what they may do in it. */
export interface FoundPlan {
  record: PlanRecord;
  standing: PlanStanding;
}

const readPlan = gathered<PlanRecord>(async (ids) => {
  const records = await PlanModel.find({ _id: trusted({ $in: ids }) }).lean();
  return new Map(records.map((record) => [record._id, record]));
});

/** By plan. */
const relationships = new ReadAhead();

/** Finds a plan for a reader; null for absent and foreign alike. */
export async function findPlan(hub: Hub, actor: Actor, planId: string): Promise<FoundPlan | null> {
  const led = await relationships.follow(planId, {
    read: readPlan,
    targetOf: ({ relationshipId }) => relationshipId,
    readTarget: (relationshipId) => findParticipation(hub, actor.memberId, relationshipId),
  });
  if (led === null || led.to === null) return null;
  const { from: record, to: participation } = led;
  const { relationship, side, role } = participation;
  return { record, standing: { side, mayWrite: mayWritePlan(role, relationship.state, record.state) } };
}

/** Plans of a relationship, active first, then by name. @throws thing.absent */
export async function listPlans(hub: Hub, actor: Actor, input: { relationshipId: string }): Promise<Plan[]> {
  const participation = await findParticipation(hub, actor.memberId, input.relationshipId);
  if (participation === null) fail('thing.absent');
  const records = await PlanModel.find({ relationshipId: input.relationshipId }).lean();
  return (await presentPlans(hub, records)).sort(comparePlans);
}

/** @throws thing.absent */
export async function getPlan(hub: Hub, actor: Actor, input: { planId: string }): Promise<Plan> {
  const found = await findPlan(hub, actor, input.planId);
  return found === null ? fail('thing.absent') : presentPlan(hub, found.record);
}

/** Members who may read a plan; [] for an unknown one. */
export async function listReaderIds(hub: Hub, planId: string): Promise<string[]> {
  const record = await PlanModel.findById(planId).lean();
  return record === null ? [] : listParticipantIds(hub, record.relationshipId);
}

const byName = new Intl.Collator('en');

function comparePlans(one: Plan, two: Plan): number {
  if (one.state !== two.state) return one.state === 'active' ? -1 : 1;
  return byName.compare(one.name, two.name) || (one.id < two.id ? -1 : 1);
}
