/** The menus that open at a cell: the owner's choices, or everything that can be done with the row. */
import { useTranslation } from 'react-i18next';
import { ChoiceMenu } from '#client/plans/parts/choice-menu.tsx';
import { useOwnerChoices } from '#client/plans/parts/owner-choices.tsx';
import { useRowChoices } from '#client/plans/parts/row-choices.tsx';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import type { PlanTask } from '#shared/plans/task.ts';

/** Which menu stands where. */
export interface MenuPlace {
  kind: 'owner' | 'row';
  taskId: string;
  anchor: Element;
}

/** What the menus of the table can do beyond the plan itself. */
export interface CellMenusProps {
  menu: MenuPlace;
  open: () => void;
  add: () => void;
  onClose: () => void;
}

/** Nothing when the row went away meanwhile. */
export function CellMenus({ menu, open, add, onClose }: CellMenusProps) {
  const task = useOpenPlan().latest().tasks.get(menu.taskId);
  if (task === undefined || task.removed) return null;
  return menu.kind === 'owner' ? (
    <OwnerMenu task={task} anchor={menu.anchor} onClose={onClose} />
  ) : (
    <RowMenu task={task} anchor={menu.anchor} open={open} add={add} onClose={onClose} />
  );
}

interface MenuProps {
  task: PlanTask;
  anchor: Element;
  onClose: () => void;
}

/** Who of one's own side does it, or giving it to the other company. */
export function OwnerMenu({ task, anchor, onClose }: MenuProps) {
  const { t } = useTranslation('plans');
  const groups = useOwnerChoices(task);
  return <ChoiceMenu label={t('column.owner')} anchor={anchor} groups={groups} onClose={onClose} />;
}

/** Everything that can be done with the row; without `open` where the task is open already. */
export function RowMenu(props: MenuProps & { open?: () => void; add: () => void }) {
  const { t } = useTranslation('plans');
  const { task, anchor, add, open, onClose } = props;
  const groups = useRowChoices(task, open === undefined ? { add } : { open, add });
  return <ChoiceMenu label={t('menu.label')} anchor={anchor} groups={groups} onClose={onClose} />;
}
