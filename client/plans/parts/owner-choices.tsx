/** The choices of an owner cell: the people of the owner's own side, and giving the task to the other company. */
import { IconArrowsExchange, IconUserOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { PersonAvatar } from '#client/base/parts/person-avatar.tsx';
import type { Choice } from '#client/plans/parts/choice-menu.tsx';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import { otherSide } from '#shared/base/audience.ts';
import { setPerson } from '#shared/plans/edit.ts';
import { mayHandOver } from '#shared/plans/rules.ts';
import type { PlanTask } from '#shared/plans/task.ts';

/** Groups of choices for a task one owns; [] for anyone else. */
export function useOwnerChoices(task: PlanTask): Choice[][] {
  const plan = useOpenPlan();
  const { t } = useTranslation('plans');
  if (!mayHandOver(plan.desk.standing, task)) return [];
  const people = [...plan.people.values()].filter((person) => person.side === task.owner);
  const choose = (personId: string | null) => () => setPerson(plan.desk, task.id, personId);
  return [
    [
      ...people.map((person) => ({
        id: person.id,
        words: person.name,
        isChosen: person.id === task.personId,
        icon: <PersonAvatar name={person.name} side={person.side} size={20} decorative />,
        run: choose(person.id),
      })),
      {
        id: 'nobody',
        words: t('owner.nobody'),
        isChosen: task.personId === null,
        icon: <IconUserOff size={15} stroke={1.7} aria-hidden />,
        run: choose(null),
      },
    ],
    [
      {
        id: 'handOver',
        words: t('owner.handOver', { company: plan.companies[otherSide(task.owner)] }),
        icon: <IconArrowsExchange size={15} stroke={1.7} aria-hidden />,
        run: () => plan.askHandOver(task.id),
      },
    ],
  ];
}
