/** A plan's three documents as one readable view in React. */
import { useMemo, useSyncExternalStore } from 'react';
import { openPlan, type PlanDocs } from '#shared/plans/doc.ts';
import { createPlanReader, type PlanReader, type PlanView } from '#shared/plans/read.ts';

/** The view and what it is read from; all follow the documents when one is replaced. */
export interface PlanReading {
  view: PlanView;
  reader: PlanReader;
  columns: ReturnType<typeof openPlan>;
}

/** Renders again when the plan changed; the view is the same object until then. */
export function usePlanView({ shared, buyer, supplier }: PlanDocs): PlanReading {
  const { reader, columns } = useMemo(() => {
    const docs = { shared, buyer, supplier };
    return { reader: createPlanReader(docs), columns: openPlan(docs) };
  }, [shared, buyer, supplier]);
  const view = useSyncExternalStore(reader.subscribe, reader.view);
  return { view, reader, columns };
}
