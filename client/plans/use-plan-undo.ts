/** Undo of one's own edits in the open plan, for as long as it is open. */
import { useEffect, useMemo } from 'react';
import { createPlanUndo } from '#client/plans/plan-undo.ts';
import type { Side } from '#shared/base/audience.ts';
import type { PlanDocs } from '#shared/plans/doc.ts';

/** The mark of edits made at this table; edits of another table or a note have their own. */
const origin = Symbol('edited at the plan');

/** `origin` goes with every edit that may be undone. */
export function usePlanUndo(docs: PlanDocs, side: Side) {
  const undo = useMemo(() => createPlanUndo(docs, { origin, side }), [docs, side]);
  useEffect(() => () => undo.destroy(), [undo]);
  return { origin, undo };
}
