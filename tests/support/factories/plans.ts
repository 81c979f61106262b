/** Plans on plain Yjs documents: one replica per person, synced by hand. */
import * as Y from 'yjs';
import type { Side } from '#shared/base/audience.ts';
import { openPlan, type PlanDocs } from '#shared/plans/doc.ts';
import type { PlanDesk } from '#shared/plans/edit.ts';

/** Three empty documents. */
export function planDocs(): PlanDocs {
  return { shared: new Y.Doc(), buyer: new Y.Doc(), supplier: new Y.Doc() };
}

/** A desk of someone who may write on a side. */
export function deskOf(docs: PlanDocs, side: Side): PlanDesk {
  return { columns: openPlan(docs), standing: { side, mayWrite: true }, origin: side };
}

/** Brings replicas to one state, in both directions. */
export function sync(...replicas: PlanDocs[]): void {
  for (const part of ['shared', 'buyer', 'supplier'] as const) {
    for (const from of replicas) {
      const update = Y.encodeStateAsUpdate(from[part]);
      for (const to of replicas) Y.applyUpdate(to[part], update);
    }
  }
}

/** A replica loaded from what another one holds, as after a restart. */
export function copyOf(docs: PlanDocs): PlanDocs {
  const copy = planDocs();
  sync(docs, copy);
  return copy;
}
