/** Which rows each change touched, by title: for the list of changes, as far as the device knows them. */
import { useCallback, useMemo } from 'react';
import { changeKey } from '#client/history/days.ts';
import type { RecordState } from '#client/history/use-record.ts';
import { workCells } from '#client/plans/history/work-cells.ts';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import type { Change } from '#shared/history/shape.ts';
import type { PlanView } from '#shared/plans/read.ts';

/** Changes further down the list are told without titles: each costs a walk through what was written. */
const mostChanges = 200;

/** Titles as they are now, those without one left out; what is removed keeps its title. */
export function useTouchedTitles(
  { record, times, state }: RecordState,
  view: PlanView,
): (change: Change) => readonly string[] {
  const { planId } = useOpenPlan();
  const known = useMemo(() => ({ record, times, tasks: new Map<string, string[]>() }), [record, times]);
  return useCallback(
    (change) => {
      if (state !== 'ready') return [];
      const key = changeKey(change);
      const ids = known.tasks.get(key) ?? found();
      return ids.flatMap((id) => view.tasks.get(id)?.title || []);

      function found(): string[] {
        if (known.tasks.size >= mostChanges) return [];
        const ids = [...workCells(known.record, planId, change).keys()];
        known.tasks.set(key, ids);
        return ids;
      }
    },
    [known, state, planId, view],
  );
}
