/** Joins the three documents of a plan, as one thing with one state. */
import { useMemo } from 'react';
import type { LiveView } from '#client/base/live/live-view.ts';
import { useLiveDocument } from '#client/base/live/use-live-document.ts';
import type { ErrorCode } from '#shared/base/errors.ts';
import { type PlanDocs, planDocumentNames } from '#shared/plans/doc.ts';

/** The documents of a plan as joined. */
export interface PlanDocuments {
  live: Record<keyof PlanDocs, LiveView>;
  docs: PlanDocs;
  /** `ready` when all three are; `refused` when any is. */
  state: LiveView['state'];
  code: ErrorCode | undefined;
}

/** Joined while mounted. */
export function usePlanDocuments(planId: string): PlanDocuments {
  const names = planDocumentNames(planId);
  const shared = useLiveDocument(names.shared);
  const buyer = useLiveDocument(names.buyer);
  const supplier = useLiveDocument(names.supplier);
  const docs = useMemo(
    () => ({ shared: shared.doc, buyer: buyer.doc, supplier: supplier.doc }),
    [shared.doc, buyer.doc, supplier.doc],
  );
  const all = [shared, buyer, supplier];
  const refused = all.find((view) => view.state === 'refused');
  const isReady = all.every((view) => view.state === 'ready');
  return {
    live: { shared, buyer, supplier },
    docs,
    state: refused !== undefined ? 'refused' : isReady ? 'ready' : 'loading',
    code: refused?.code,
  };
}
