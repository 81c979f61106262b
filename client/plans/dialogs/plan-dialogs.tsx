/** The dialogs of an open plan: giving a row away, and the removed rows. */
import { HandOverDialog } from '#client/plans/dialogs/hand-over-dialog.tsx';
import { RemovedDialog } from '#client/plans/dialogs/removed-dialog.tsx';
import { keepFocus } from '#client/plans/focus-plan.ts';
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
  // What the dialog was opened from may be gone with the right to it; known only once the dialog is.
  const shut = () => {
    onAsked();
    requestAnimationFrame(keepFocus);
  };
  const task = asked === null ? undefined : view.tasks.get(asked);
  return (
    <>
      {task !== undefined && !task.removed && task.owner === desk.standing.side && (
        <HandOverDialog
          task={task}
          onClose={shut}
          onConfirm={() => {
            shut();
            handOver(desk, task.id);
          }}
        />
      )}
      {showsRemoved && <RemovedDialog removed={view.removed} onClose={onRemovedSeen} />}
    </>
  );
}
