/** The first steps of a company, from nothing to a plan at work. */
import { describe, expect, test } from 'vitest';
import { firstSteps } from '#client/app/home/first-steps.ts';
import { planPath, plansPath } from '#client/base/paths.ts';
import { createId } from '#shared/base/ids.ts';

const relationshipId = createId();
const nothing = { relationshipId: undefined, invited: false, plans: [], mayInvite: true };
const plan = (editedAt: string | null) => ({
  id: createId(),
  relationshipId,
  name: 'HX pump',
  state: 'active' as const,
  createdBy: 'Eleni',
  createdAt: '2026-11-23T15:00:00.000Z',
  editedAt,
  revision: 0,
  summary: null,
});
const states = (facts: Parameters<typeof firstSteps>[0]) => firstSteps(facts).map(({ state }) => state);

describe('first steps', () => {
  test('[CL11] a new company begins by inviting; the milestone waits for the other company', () => {
    const [invite, milestone] = firstSteps(nothing);
    expect(invite).toMatchObject({ state: 'todo', path: '/invite-partner' });
    expect(milestone).toEqual({ name: 'milestone', state: 'todo', waits: true });
  });

  test('[CL11] steps of rooms that do not exist are marked, never offered', () => {
    for (const step of firstSteps(nothing).slice(2)) {
      expect(step.state).toBe('later');
      expect(step.path).toBeUndefined();
    }
  });

  test('[CL11] an open invitation counts as invited', () => {
    expect(states({ ...nothing, invited: true })).toEqual(['done', 'todo', 'later', 'later']);
  });

  test('[CL11] with a workspace the milestone leads to its plans, or to the plan there is', () => {
    expect(firstSteps({ ...nothing, relationshipId })[1]).toMatchObject({
      path: plansPath(relationshipId),
      waits: false,
    });
    const made = plan(null);
    const [, milestone] = firstSteps({ ...nothing, relationshipId, plans: [made] });
    expect(milestone).toMatchObject({ state: 'todo', path: planPath(relationshipId, made.id) });
  });

  test('[CL11] a plan that was edited is a milestone added', () => {
    expect(
      states({ ...nothing, relationshipId, plans: [plan(null), plan('2026-11-23T16:00:00.000Z')] }),
    ).toEqual(['done', 'done', 'later', 'later']);
  });

  test('[CL16] members who may not invite see no steps before they take part in a workspace', () => {
    expect(firstSteps({ ...nothing, mayInvite: false })).toEqual([]);
    expect(firstSteps({ ...nothing, mayInvite: false, invited: true })).toEqual([]);
    const [invite, milestone] = firstSteps({ ...nothing, mayInvite: false, relationshipId });
    expect(invite).toEqual({ name: 'invite', state: 'done' });
    expect(milestone).toMatchObject({ state: 'todo', path: plansPath(relationshipId) });
  });
});
