/** Plans through the cache: reads, writes, and how answers and events are put into every place that shows a plan. */
import { replaceEqualDeep, useMutation, useQuery } from '@tanstack/react-query';
import { cache } from '#client/base/cache.ts';
import { callHub } from '#client/base/http.ts';
import type { CallInput } from '#shared/base/call.ts';
import { changePlan, createPlan, getPlan, listPlans } from '#shared/plans/calls.ts';
import { laterPlan, type Plan } from '#shared/plans/shape.ts';

const listKey = (relationshipId: string) => ['plans', 'of', relationshipId] as const;
const planKey = (planId: string) => ['plans', 'plan', planId] as const;

/** How the plans of a relationship are asked for, active first, then by name. */
export function listOptions(relationshipId: string) {
  return {
    queryKey: listKey(relationshipId),
    queryFn: () => callHub(listPlans, { relationshipId }),
    structuralSharing: (known: unknown, told: unknown) =>
      replaceEqualDeep(known, laterPlans(known as Plan[] | undefined, told as Plan[])),
  };
}

/** How one plan is asked for. */
export function planOptions(planId: string) {
  return {
    queryKey: planKey(planId),
    queryFn: () => callHub(getPlan, { planId }),
    structuralSharing: (known: unknown, told: unknown) =>
      replaceEqualDeep(known, laterPlan(known as Plan | undefined, told as Plan)),
  };
}

/** Plans of a relationship, active first, then by name. */
export function usePlans(relationshipId: string) {
  return useQuery(listOptions(relationshipId));
}

/** One plan; the error is `thing.absent` when one may not see it. */
export function usePlan(planId: string) {
  return useQuery(planOptions(planId));
}

/** Makes a plan; the answer is in the list before the promise resolves. */
export function useCreatePlan() {
  return useMutation({
    mutationFn: (input: CallInput<typeof createPlan>) => callHub(createPlan, input),
    onSuccess: applyPlan,
  });
}

/** Renames, archives or brings back. */
export function useChangePlan() {
  return useMutation({
    mutationFn: (input: CallInput<typeof changePlan>) => callHub(changePlan, input),
    onSuccess: applyPlan,
  });
}

/** Puts a plan, as told by an answer or an event, into every place that shows it. */
export function applyPlan(plan: Plan): void {
  cache.setQueryData<Plan>(planKey(plan.id), (known) => laterPlan(known, plan));
  cache.setQueryData<Plan[]>(listKey(plan.relationshipId), (list) => list && placePlan(list, plan));
}

/** Plans as of a list that may have been overtaken by events on its way; plans are never taken away. */
export function laterPlans(known: readonly Plan[] | undefined, told: Plan[]): Plan[] {
  return known === undefined ? told : known.reduce<Plan[]>(placePlan, told);
}

/** Puts a plan into the list unless the list knows a later one; it stays active first, then by name. */
export function placePlan(list: readonly Plan[], plan: Plan): Plan[] {
  const later = laterPlan(
    list.find(({ id }) => id === plan.id),
    plan,
  );
  return [...list.filter(({ id }) => id !== plan.id), later].sort((one, other) =>
    one.state === other.state ? one.name.localeCompare(other.name) : one.state === 'active' ? -1 : 1,
  );
}

/** Asks again for everything of plans that is shown, once after a lost connection. */
export function refreshPlans(): Promise<void> {
  return cache.invalidateQueries({ queryKey: ['plans'] });
}
