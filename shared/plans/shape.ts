/** Plans: the joint plan of one relationship, as lists and pages know it; its content lives in `doc.ts`. */
import { z } from 'zod';
import { idShape } from '#shared/base/ids.ts';
import { isoInstantShape } from '#shared/base/time.ts';
import { nameShape } from '#shared/people/shape.ts';

export const planShape = z.strictObject({
  id: idShape,
  relationshipId: idShape,
  name: nameShape,
  state: z.enum(['active', 'archived']),
  createdBy: nameShape,
  createdAt: isoInstantShape,
  /** Last accepted edit of any of its documents; null before the first. */
  editedAt: isoInstantShape.nullable(),
});
export type Plan = z.infer<typeof planShape>;
