/** How a plan's record looks on the wire. */
import type { ClientSession } from 'mongoose';
import type { Hub } from '#server/base/hub.ts';
import type { DerivedRecord } from '#server/base/live/derived/derived-store.ts';
import { readDerived } from '#server/base/live/derived/mongo-derived-store.ts';
import type { PlanRecord } from '#server/plans/model.ts';
import type { IsoDate } from '#shared/base/time.ts';
import type { Plan } from '#shared/plans/shape.ts';
import { readSummary } from '#shared/plans/summary.ts';
import { type PlanSummary, planFactsShape } from '#shared/plans/summary-shape.ts';

/** A plan as both sides see it. */
export async function presentPlan(
  hub: Hub,
  record: PlanRecord,
  session: ClientSession | null = null,
): Promise<Plan> {
  const derived = await readDerived([subjectOf(record)], session);
  return present(record, derived, todayOf(hub));
}

/** Plans as both sides see them. */
export async function presentPlans(
  hub: Hub,
  records: readonly PlanRecord[],
  session: ClientSession | null = null,
): Promise<Plan[]> {
  const derived = await readDerived(records.map(subjectOf), session);
  return records.map((record) => present(record, derived, todayOf(hub)));
}

function present(record: PlanRecord, derived: ReadonlyMap<string, DerivedRecord>, today: IsoDate): Plan {
  return {
    id: record._id,
    relationshipId: record.relationshipId,
    name: record.name,
    state: record.state,
    createdBy: record.createdByName,
    createdAt: record.createdAt.toISOString(),
    editedAt: record.editedAt?.toISOString() ?? null,
    summary: summaryOf(derived.get(subjectOf(record)), today),
    revision: record.revision ?? 0,
  };
}

/** Null also for a record of an earlier way of reading; it is made anew soon. */
function summaryOf(derived: DerivedRecord | undefined, today: IsoDate): PlanSummary | null {
  const parsed = planFactsShape.safeParse(derived?.value);
  return parsed.success ? readSummary(parsed.data, derived?.revision ?? 0, today) : null;
}

function subjectOf(record: PlanRecord): string {
  return `plan/${record._id}`;
}

function todayOf(hub: Hub): IsoDate {
  return hub.now().toISOString().slice(0, 10);
}
