/** The four first steps and how far a company is. Pure. */
import { pathPatterns, planPath, plansPath } from '#client/base/paths.ts';
import type { Plan } from '#shared/plans/shape.ts';

/** One step; `later` = its room does not exist yet, which is said instead of pretended. */
export interface FirstStep {
  name: 'invite' | 'milestone' | 'forecast' | 'question';
  state: 'done' | 'todo' | 'later';
  /** Where to do it; absent when this person cannot do it now. */
  path?: string;
  /** True while it waits for the other company's answer. */
  waits?: boolean;
}

/** What is known of the company. */
export interface StepFacts {
  /** The first workspace; undefined without any. */
  relationshipId: string | undefined;
  /** An invitation waits for an answer, or was accepted by a company that one does not work with oneself. */
  invited: boolean;
  /** Plans of the first workspace. */
  plans: readonly Plan[];
  mayInvite: boolean;
}

/**
 * In the order in which they are done. A plan that was ever edited counts as a first milestone.
 * @returns [] for someone who takes part in nothing and may not invite: none of the steps is theirs to do
 */
export function firstSteps({ relationshipId, invited, plans, mayInvite }: StepFacts): FirstStep[] {
  const hasPartner = relationshipId !== undefined;
  if (!hasPartner && !mayInvite) {
    return [];
  }
  const invite: FirstStep = { name: 'invite', state: hasPartner || invited ? 'done' : 'todo' };
  if (mayInvite) {
    invite.path = pathPatterns.invitePartner;
  }
  const milestone: FirstStep = { name: 'milestone', state: 'todo', waits: !hasPartner };
  if (hasPartner) {
    const [plan] = plans;
    milestone.path = plan === undefined ? plansPath(relationshipId) : planPath(relationshipId, plan.id);
    milestone.state = plans.some(({ editedAt }) => editedAt !== null) ? 'done' : 'todo';
  }
  return [invite, milestone, { name: 'forecast', state: 'later' }, { name: 'question', state: 'later' }];
}
