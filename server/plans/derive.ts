/** Reads a plan's documents in the deriving thread; nothing of the hub is there. */
import * as Y from 'yjs';
import type { Derive } from '#server/base/live/kind.ts';
import { planDocumentNames } from '#shared/plans/doc.ts';
import { readPlan } from '#shared/plans/read.ts';
import { summarizePlan } from '#shared/plans/summary.ts';

/** The plan's record, as `planRecordShape` says. */
export const derive: Derive = (documents, planId) => {
  const names = planDocumentNames(planId);
  const find = (name: string) => documents.get(name) ?? new Y.Doc();
  const docs = { shared: find(names.shared), buyer: find(names.buyer), supplier: find(names.supplier) };
  return summarizePlan(readPlan(docs));
};
