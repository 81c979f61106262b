/** The dialogs of an open plan: giving a row away, and the removed rows. */
import { HandOverDialog } from '#client/plans/dialogs/hand-over-dialog.tsx';
import { RemovedDialog } from '#client/plans/dialogs/removed-dialog.tsx';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import { handOver } from '#shared/plans/edit.ts';
import type { PlanView } from '#shared/plans/read.ts';

/** `asked` is the task that is to be given away; null for none. */
export interface PlanDialogsProps {
  view: PlanView;
  asked: string | null;
  onAsked: () => void;
  showsRemoved: boolean;
  onRemovedSeen: () => void;
}

/** At most one of each; a task that went away meanwhile is not asked about any more. */
export function PlanDialogs({ view, asked, onAsked, showsRemoved, onRemovedSeen }: PlanDialogsProps) {
  const { desk } = useOpenPlan();
  const task = asked === null ? undefined : view.tasks.get(asked);
  return (
    <>
      {task !== undefined && !task.removed && task.owner === desk.standing.side && (
        <HandOverDialog
          task={task}
          onClose={onAsked}
          onConfirm={() => {
            onAsked();
            handOver(desk, task.id);
          }}
        />
      )}
      {showsRemoved && <RemovedDialog removed={view.removed} onClose={onRemovedSeen} />}
    </>
  );
}
