/** Undo of a plan: the shared undo of live documents, with a step for everything done in one turn. */
import { createSharedUndo, type SharedUndo } from '#client/base/live/shared-undo.ts';
import type { Side } from '#shared/base/audience.ts';
import { openPlan, type PlanDocs, undoScope } from '#shared/plans/doc.ts';

/** How a plan's undo is made. */
export interface PlanUndoOptions {
  /** Marks one's own edits at the table; nothing else is ever taken back. */
  origin: unknown;
  /** One's own side; its gifts end what could be undone. */
  side: Side;
}

/** Starts to record; `destroy` ends it. */
export function createPlanUndo(docs: PlanDocs, { origin, side }: PlanUndoOptions): SharedUndo {
  const types = undoScope(docs);
  return createSharedUndo({
    scopes: [docs.shared, docs.buyer, docs.supplier].map((doc) => ({
      doc,
      types: types.filter((map) => map.doc === doc),
    })),
    trackedOrigins: [origin],
    // Turns instead of milliseconds: one deed writes into several documents, and two quick deeds are still two.
    captureTimeoutMs: 1,
    now: countTurns(),
    // A row that is the other company's now must not lose its title and place because adding it is undone.
    endedBy: (end) => openPlan(docs).sides[side].given.watch(end),
  });
}

/** A clock that moves on by one with each turn in which it is asked. */
function countTurns(): () => number {
  let turns = 0;
  let isCounted = false;
  return () => {
    if (isCounted) return turns;
    isCounted = true;
    turns += 1;
    queueMicrotask(() => {
      isCounted = false;
    });
    return turns;
  };
}
