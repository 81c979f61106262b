/** Writes of plans: making one, renaming, archiving and bringing back. Their content is edited live, not here. */
import { type ClientSession, trusted } from 'mongoose';
import type { Actor } from '#server/base/actor.ts';
import type { Hub } from '#server/base/hub.ts';
import { withTransaction } from '#server/base/mongo.ts';
import { changeRights } from '#server/base/rights-revision.ts';
import { findParticipation, listParticipantIds, listParticipantIdsOf } from '#server/partners/queries.ts';
import { PlanModel, type PlanRecord } from '#server/plans/model.ts';
import { presentPlan, presentPlans } from '#server/plans/present.ts';
import { findPlan } from '#server/plans/queries.ts';
import type { CallInput } from '#shared/base/call.ts';
import { fail } from '#shared/base/errors.ts';
import { createId } from '#shared/base/ids.ts';
import { minuteMs } from '#shared/base/units.ts';
import { mayEditContent, mayLead } from '#shared/partners/rules.ts';
import {
  type changePlan as changePlanCall,
  planChanged,
  type takeBackPlan as takeBackPlanCall,
} from '#shared/plans/calls.ts';
import { planDocumentNames } from '#shared/plans/doc.ts';
import type { Plan } from '#shared/plans/shape.ts';

/** Makes an empty plan. @throws thing.absent, rights.missing */
export async function createPlan(
  hub: Hub,
  actor: Actor,
  input: { relationshipId: string; name: string },
): Promise<Plan> {
  const { relationshipId, name } = input;
  const participation = await findParticipation(hub, actor.memberId, relationshipId);
  if (participation === null) fail('thing.absent');
  if (!mayEditContent(participation.role, participation.relationship.state)) fail('rights.missing');
  const record = {
    _id: createId(),
    relationshipId,
    name,
    state: 'active' as const,
    createdById: actor.memberId,
    createdByName: actor.name,
    createdAt: hub.now(),
    editedAt: null,
  };
  return withTransaction(async (session) => {
    await PlanModel.create([record], { session });
    return tell(hub, session, record);
  });
}

/**
 * Renames, archives or brings back. The right is that of editing content, so an archived plan can be brought back.
 * @throws thing.absent, rights.missing
 */
export async function changePlan(
  hub: Hub,
  actor: Actor,
  input: CallInput<typeof changePlanCall>,
): Promise<Plan> {
  const found = await findPlan(hub, actor, input.planId);
  if (found === null) fail('thing.absent');
  const { relationshipId } = found.record;
  const participation = await findParticipation(hub, actor.memberId, relationshipId);
  if (participation === null) fail('thing.absent');
  if (!mayEditContent(participation.role, participation.relationship.state)) fail('rights.missing');
  const change = {
    ...(input.name === undefined ? {} : { name: input.name }),
    ...(input.state === undefined ? {} : { state: input.state }),
  };
  return changeRights(hub, async (rights) => {
    // Archiving takes the right to write away; open documents are judged again at once.
    if (input.state !== undefined) rights.tell({ kind: 'relationshipChanged', relationshipId });
    const { session } = rights;
    const record = await PlanModel.findOneAndUpdate(
      { _id: input.planId },
      { $set: change, $inc: { revision: 1 } },
      { session, returnDocument: 'after' },
    ).lean();
    return record === null ? fail('thing.absent') : tell(hub, session, record);
  });
}

/** Takes a document of the plan back to where it could be read. @throws as the call says */
export async function takeBackPlan(
  hub: Hub,
  actor: Actor,
  { planId, part }: CallInput<typeof takeBackPlanCall>,
): Promise<Plan> {
  const found = await findPlan(hub, actor, planId);
  if (found === null) fail('thing.absent');
  const participation = await findParticipation(hub, actor.memberId, found.record.relationshipId);
  if (participation === null) fail('thing.absent');
  if (!mayLead(participation.role) || !found.standing.mayWrite) fail('rights.missing');
  const derivation = hub.live?.derivation ?? fail('thing.absent');
  const { memberId } = actor;
  await derivation.goBack(planDocumentNames(planId)[part], { memberId, side: participation.side });
  return presentPlan(hub, found.record);
}

/**
 * Remembers when plans were last edited; `$max` keeps the later moment.
 * @returns ids of the plans for which it is the first edit in a minute of the clock
 */
export async function notePlanEdits(lastEdits: ReadonlyMap<string, Date>): Promise<string[]> {
  const before = await PlanModel.find(
    { _id: trusted({ $in: [...lastEdits.keys()] }) },
    { editedAt: 1 },
  ).lean();
  const later = before.flatMap(({ _id, editedAt }) => {
    const at = lastEdits.get(_id);
    return at === undefined || (editedAt !== null && editedAt >= at) ? [] : [{ _id, editedAt, at }];
  });
  // One by one: rights hang on plans, and their guard looks at each write.
  await Promise.all(later.map(({ _id, at }) => PlanModel.updateOne({ _id }, { $max: { editedAt: at } })));
  return later
    .filter(({ editedAt, at }) => editedAt === null || minuteOf(editedAt) < minuteOf(at))
    .map(({ _id }) => _id);
}

/** Remembers edits and tells who takes part, once a minute of a plan at most: lists show no shorter time. */
export async function reportPlanEdits(hub: Hub, lastEdits: ReadonlyMap<string, Date>): Promise<void> {
  const planIds = await notePlanEdits(lastEdits);
  if (planIds.length === 0) return;
  await withTransaction(async (session) => {
    const records = await PlanModel.find({ _id: trusted({ $in: planIds }) })
      .session(session)
      .lean();
    const plans = await presentPlans(hub, records, session);
    const memberIds = await listParticipantIdsOf(hub, [...new Set(plans.map((plan) => plan.relationshipId))]);
    for (const plan of plans) {
      const audience = { memberIds: memberIds.get(plan.relationshipId) ?? [] };
      await hub.outbox.put(session, planChanged, audience, plan);
    }
  });
}

/** Tells who takes part what the plan says now, after its documents were read. */
export async function reportPlanSummary(hub: Hub, planId: string): Promise<void> {
  await withTransaction(async (session) => {
    const record = await PlanModel.findById(planId).session(session).lean();
    if (record !== null) await tell(hub, session, record);
  });
}

function minuteOf(at: Date): number {
  return Math.floor(at.getTime() / minuteMs);
}

async function tell(hub: Hub, session: ClientSession, record: PlanRecord): Promise<Plan> {
  const plan = await presentPlan(hub, record, session);
  const memberIds = await listParticipantIds(hub, plan.relationshipId);
  await hub.outbox.put(session, planChanged, { memberIds }, plan);
  return plan;
}
