/** How a plan's record looks on the wire. */
import type { PlanRecord } from '#server/plans/model.ts';
import type { Plan } from '#shared/plans/shape.ts';

/** A plan as both sides see it. */
export function presentPlan(record: PlanRecord): Plan {
  return {
    id: record._id,
    relationshipId: record.relationshipId,
    name: record.name,
    state: record.state,
    createdBy: record.createdByName,
    createdAt: record.createdAt.toISOString(),
    editedAt: record.editedAt?.toISOString() ?? null,
    revision: record.revision ?? 0,
  };
}
