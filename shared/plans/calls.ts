/** The HTTP contract of plans and the events they send. */
import { z } from 'zod';
import { defineCall } from '#shared/base/call.ts';
import { defineEvent } from '#shared/base/event.ts';
import { idShape } from '#shared/base/ids.ts';
import { nameShape } from '#shared/people/shape.ts';
import { planShape } from '#shared/plans/shape.ts';

/** Plans of a relationship, active first, then by name. @throws thing.absent */
export const listPlans = defineCall({
  name: 'plans.listPlans',
  method: 'GET',
  path: '/api/plans/of/:relationshipId',
  access: 'member',
  input: z.strictObject({ relationshipId: idShape }),
  output: z.array(planShape),
});

/** @throws thing.absent */
export const getPlan = defineCall({
  name: 'plans.getPlan',
  method: 'GET',
  path: '/api/plans/:planId',
  access: 'member',
  input: z.strictObject({ planId: idShape }),
  output: planShape,
});

/** Leads and editors of either side. @throws thing.absent, rights.missing */
export const createPlan = defineCall({
  name: 'plans.createPlan',
  method: 'POST',
  path: '/api/plans/of/:relationshipId',
  access: 'member',
  input: z.strictObject({ relationshipId: idShape, name: nameShape }),
  output: planShape,
});

/** Renames, archives or brings back. @throws thing.absent, rights.missing */
export const changePlan = defineCall({
  name: 'plans.changePlan',
  method: 'PATCH',
  path: '/api/plans/:planId',
  access: 'member',
  input: z.strictObject({
    planId: idShape,
    name: nameShape.optional(),
    state: z.enum(['active', 'archived']).optional(),
  }),
  output: planShape,
});

/**
 * Takes a document of a plan, which breaks whoever reads it, back to where it could be read. Leads of either side.
 * @throws thing.absent also when it is not in quarantine; rights.missing, rate.limited, live.storageFailed
 */
export const takeBackPlan = defineCall({
  name: 'plans.takeBackPlan',
  method: 'POST',
  path: '/api/plans/:planId/take-back',
  access: 'member',
  input: z.strictObject({ planId: idShape, part: z.enum(['shared', 'buyer', 'supplier']) }),
  output: planShape,
});

/** A plan was made or changed, or edited for the first time in a minute; sent to everyone who takes part in its relationship. */
export const planChanged = defineEvent('plans.changed', planShape);
