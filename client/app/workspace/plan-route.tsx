/** The page of a plan within the frame, which lists the plan's keys beside its own. */

import { usePlanKeys } from '#client/plans/plan-keys.ts';
import { PlanPage } from '#client/plans/plan-page.tsx';

/** `/r/:relationshipId/plans/:planId`. */
export function PlanRoute() {
  usePlanKeys();
  return <PlanPage />;
}
