/** The live documents of plans: who may read and write each, judged from current data. */
import type { Hub } from '#server/base/hub.ts';
import type { LiveKind, LiveSubject } from '#server/base/live/kind.ts';
import { reportPlanEdits, reportPlanSummary } from '#server/plans/commands.ts';
import { findPlan, listReaderIds } from '#server/plans/queries.ts';
import { sideShape } from '#shared/base/audience.ts';
import { idShape } from '#shared/base/ids.ts';
import { noteDocumentName, planDocumentNames } from '#shared/plans/doc.ts';
import { mayEditShared, mayWritePart } from '#shared/plans/rules.ts';
import { isTaskId } from '#shared/plans/task.ts';

/** Kind `plan`: `plan/<planId>/shared`, `plan/<planId>/buyer`, `plan/<planId>/supplier`. */
export function planKind(hub: Hub): LiveKind {
  return {
    kind: 'plan',
    async judge(actor, key) {
      const [planId, part, ...rest] = key;
      if (rest.length > 0 || !isPlanId(planId) || !isPart(part)) return null;
      const found = await findPlan(hub, actor, planId);
      if (found === null) return null;
      const { standing, record } = found;
      const mayWrite = mayWritePart(standing, part);
      return { mayWrite, side: standing.side, relationshipId: record.relationshipId };
    },
    subject: ([planId]) => (isPlanId(planId) ? `plan/${planId}` : null),
  };
}

/** Kind `plan-note`: `plan-note/<planId>/<taskId>`, whether or not the task exists yet on this replica. */
export function planNoteKind(hub: Hub): LiveKind {
  return {
    kind: 'plan-note',
    async judge(actor, key) {
      const [planId, taskId, ...rest] = key;
      if (rest.length > 0 || !isPlanId(planId) || !isTaskId(taskId)) return null;
      const found = await findPlan(hub, actor, planId);
      if (found === null) return null;
      const { standing, record } = found;
      return {
        mayWrite: mayEditShared(standing),
        side: standing.side,
        relationshipId: record.relationshipId,
      };
    },
    subject: ([planId]) => (isPlanId(planId) ? `plan/${planId}` : null),
  };
}

/** Subject `plan/<planId>`: its three documents, and every note that was ever written. */
export function planSubject(hub: Hub): LiveSubject {
  return {
    kind: 'plan',
    async documents(planId, written) {
      if (!isPlanId(planId)) return [];
      const notes = await written(noteDocumentName(planId, ''));
      return [...Object.values(planDocumentNames(planId)), ...notes].sort();
    },
    edited: (lastEdits) => reportPlanEdits(hub, lastEdits),
    derived: {
      module: new URL('./derive.ts', import.meta.url),
      version: 1,
      reads: (document) => document.startsWith('plan/'),
      changed: (planId) => reportPlanSummary(hub, planId),
    },
    past: {
      // Both companies read every document of a plan; what each may write differs, but all who write may write `shared`.
      hasOneAudience: true,
      async judge(actor, planId) {
        const found = isPlanId(planId) ? await findPlan(hub, actor, planId) : null;
        if (found === null) return null;
        const { standing, record } = found;
        const mayWrite = mayWritePart(standing, 'shared');
        return { mayWrite, side: standing.side, relationshipId: record.relationshipId };
      },
      readers: (planId) => listReaderIds(hub, planId),
    },
  };
}

function isPlanId(value: string | undefined): value is string {
  return idShape.safeParse(value).success;
}

function isPart(value: string | undefined): value is 'shared' | 'buyer' | 'supplier' {
  return value === 'shared' || sideShape.safeParse(value).success;
}
