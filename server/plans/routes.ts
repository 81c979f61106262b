/** The routes of plans: one line a call. */

import { type Route, route } from '#server/base/http.ts';
import type { Hub } from '#server/base/hub.ts';
import { changePlan, createPlan, takeBackPlan } from '#server/plans/commands.ts';
import { getPlan, listPlans } from '#server/plans/queries.ts';
import * as calls from '#shared/plans/calls.ts';

/** Every route of the room. */
export function planRoutes(hub: Hub): Route[] {
  return [
    route(calls.listPlans, (input, { actor }) => listPlans(hub, actor, input)),
    route(calls.getPlan, (input, { actor }) => getPlan(hub, actor, input)),
    route(calls.createPlan, (input, { actor }) => createPlan(hub, actor, input)),
    route(calls.takeBackPlan, (input, { actor }) => takeBackPlan(hub, actor, input)),
    route(calls.changePlan, (input, { actor }) => changePlan(hub, actor, input)),
  ];
}
