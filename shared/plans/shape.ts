/** Plans: the joint plan of one relationship, as lists and pages know it; its content lives in `doc.ts`. */
import { z } from 'zod';
import { idShape } from '#shared/base/ids.ts';
import { isoInstantShape } from '#shared/base/time.ts';
import { nameShape } from '#shared/people/shape.ts';
import { planSummaryShape } from '#shared/plans/summary-shape.ts';

export const planShape = z.strictObject({
  id: idShape,
  relationshipId: idShape,
  name: nameShape,
  state: z.enum(['active', 'archived']),
  createdBy: nameShape,
  createdAt: isoInstantShape,
  /** Last accepted edit of any of its documents; null before the first. */
  editedAt: isoInstantShape.nullable(),
  /** What its documents said when they were read last, at most seconds ago; null before they were. */
  summary: planSummaryShape.nullable(),
  /** Rises with each change of name or state; of two answers about one plan the one with more is the later. */
  revision: z.int().nonnegative(),
});
export type Plan = z.infer<typeof planShape>;

/** What is known after an answer that may have been overtaken on its way: nothing goes back. */
export function laterPlan(known: Plan | undefined, told: Plan): Plan {
  if (known === undefined) return told;
  const later = known.revision > told.revision ? known : told;
  const editedAt = (known.editedAt ?? '') > (told.editedAt ?? '') ? known.editedAt : told.editedAt;
  const isOlder = (known.summary?.revision ?? 0) <= (told.summary?.revision ?? 0);
  const summary = isOlder ? told.summary : known.summary;
  const isWhole = later.editedAt === editedAt && later.summary === summary;
  return isWhole ? later : { ...later, editedAt, summary };
}
