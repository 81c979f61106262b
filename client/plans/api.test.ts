/** Answers and events about plans that overtake each other. */
import { QueryObserver } from '@tanstack/react-query';
import { afterEach, describe, expect, test } from 'vitest';
import { cache } from '#client/base/cache.ts';
import { applyPlan, laterPlans, listOptions, planOptions } from '#client/plans/api.ts';
import { laterPlan, type Plan } from '#shared/plans/shape.ts';

const early = '2026-03-02T10:00:00.000Z';
const late = '2026-03-02T10:05:00.000Z';

function plan(more: Partial<Plan> = {}): Plan {
  const made = {
    createdBy: 'Eleni Doukas',
    createdAt: '2026-03-01T09:00:00.000Z',
    editedAt: null,
    summary: null,
  };
  return { id: 'p1', relationshipId: 'r1', name: 'Housing', state: 'active', revision: 0, ...made, ...more };
}

const renamed = plan({ name: 'New housing', revision: 1 });

afterEach(() => cache.clear());

describe('an answer that was overtaken', () => {
  test('[PL19] an older answer after a newer event changes nothing, a newer one does', () => {
    applyPlan(renamed);
    applyPlan(plan());
    expect(cache.getQueryData(planOptions('p1').queryKey)).toEqual(renamed);
    const archived = plan({ name: 'New housing', state: 'archived', revision: 2 });
    applyPlan(archived);
    expect(cache.getQueryData(planOptions('p1').queryKey)).toEqual(archived);
  });

  test('[PL18] the moment of the last edit does not go back with it, nor stays behind a newer name', () => {
    const edited = plan({ editedAt: late });
    expect(laterPlan(edited, plan({ editedAt: early }))).toEqual(edited);
    expect(laterPlan(edited, plan({ name: 'New housing', revision: 1, editedAt: early }))).toEqual({
      ...renamed,
      editedAt: late,
    });
    expect(laterPlan(renamed, plan({ editedAt: late }))).toEqual({ ...renamed, editedAt: late });
    expect(laterPlan(undefined, edited)).toBe(edited);
  });

  test('[PL19] a list and a plan asked for before an event, and answered after it, keep what it told', async () => {
    const other = plan({ id: 'p2', name: 'Casting' });
    for (const { options, answer, known } of [
      { options: listOptions('r1'), answer: [plan()], known: [other, renamed] },
      { options: planOptions('p1'), answer: plan(), known: renamed },
    ]) {
      const asked = Promise.withResolvers<unknown>();
      cache.setQueryData(options.queryKey, known === renamed ? plan() : [plan()]);
      const observer = new QueryObserver<unknown>(cache, {
        ...options,
        queryFn: () => asked.promise,
        staleTime: 0,
      });
      const stop = observer.subscribe(() => undefined);
      applyPlan(renamed);
      applyPlan(other);
      asked.resolve(answer);
      await observer.refetch({ cancelRefetch: false });
      expect(cache.getQueryData(options.queryKey)).toEqual(known);
      stop();
    }
  });

  test('[PL19] a list that tells the news itself is taken as it is', () => {
    expect(laterPlans([plan()], [renamed, plan({ id: 'p2' })]).map(({ id, name }) => [id, name])).toEqual([
      ['p2', 'Housing'],
      ['p1', 'New housing'],
    ]);
  });
});
