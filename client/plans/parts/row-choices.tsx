/** Everything that can be done with a row, as a menu: each drag and each key has its place here too. */
import {
  IconArrowDown,
  IconArrowsExchange,
  IconArrowUp,
  IconDiamond,
  IconIndentDecrease,
  IconIndentIncrease,
  IconLayoutSidebarRightExpand,
  IconPlus,
  IconSquareCheck,
  IconTimeline,
  IconTrash,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Choice } from '#client/plans/parts/choice-menu.tsx';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import { moveRow, spotFor, type Way } from '#client/plans/plan-deeds.ts';
import { otherSide } from '#shared/base/audience.ts';
import { setKind } from '#shared/plans/edit.ts';
import { mayEditFacts, mayEditShared } from '#shared/plans/rules.ts';
import { type PlanTask, taskKindShape } from '#shared/plans/task.ts';

const size = { size: 15, stroke: 1.7, 'aria-hidden': true } as const;
const wayIcons = {
  up: <IconArrowUp {...size} />,
  down: <IconArrowDown {...size} />,
  deeper: <IconIndentIncrease {...size} />,
  shallower: <IconIndentDecrease {...size} />,
};
const kindIcons = {
  task: <IconSquareCheck {...size} />,
  milestone: <IconDiamond {...size} />,
  phase: <IconTimeline {...size} />,
};
const wayKeys = { up: 'Alt ↑', down: 'Alt ↓', deeper: 'Alt Shift →', shallower: 'Alt Shift ←' };
const ways: readonly Way[] = ['up', 'down', 'deeper', 'shallower'];

/** What the place of the menu adds. */
export interface RowChoiceHands {
  /** Absent where the task is already open. */
  open?: () => void;
  add: () => void;
}

/** Groups of choices; what the person may not do is left out, what cannot be done now is dimmed. */
export function useRowChoices(task: PlanTask, hands: RowChoiceHands): Choice[][] {
  const plan = useOpenPlan();
  const { t } = useTranslation('plans');
  const { standing } = plan.desk;
  const open = hands.open;
  const opening: Choice[] =
    open === undefined
      ? []
      : [
          {
            id: 'open',
            words: t('menu.open'),
            icon: <IconLayoutSidebarRightExpand {...size} />,
            keys: t('key.space'),
            run: open,
          },
        ];
  if (!mayEditShared(standing)) return [opening];
  const moves = ways.map((way) => ({
    id: way,
    words: t(`menu.${way}`),
    icon: wayIcons[way],
    keys: wayKeys[way],
    isDisabled: spotFor(plan, task.id, way) === null,
    run: () => moveRow(plan, task.id, way),
  }));
  const adding = { id: 'add', words: t('menu.add'), icon: <IconPlus {...size} />, keys: 'n', run: hands.add };
  if (!mayEditFacts(standing, task)) return [[...opening, adding], moves];
  const kinds = taskKindShape.options.map((kind) => ({
    id: kind,
    words: t(`kind.${kind}`),
    icon: kindIcons[kind],
    isChosen: task.kind === kind,
    run: () => setKind(plan.desk, task.id, kind),
  }));
  const company = plan.companies[otherSide(task.owner)];
  return [
    [...opening, adding],
    moves,
    kinds,
    [
      {
        id: 'handOver',
        words: t('owner.handOver', { company }),
        icon: <IconArrowsExchange {...size} />,
        run: () => plan.askHandOver(task.id),
      },
      {
        id: 'remove',
        words: t('menu.remove'),
        icon: <IconTrash {...size} />,
        keys: t('key.delete'),
        run: () => plan.remove(task.id),
      },
    ],
  ];
}
