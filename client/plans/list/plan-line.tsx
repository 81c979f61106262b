/** One plan of the list: its name as a link, when it was edited, and what can be done with it. */
import { IconArchive, IconArchiveOff, IconDots, IconPencil } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMomentWords } from '#client/base/moments.ts';
import { planPath } from '#client/base/paths.ts';
import { PlanSummaryLine } from '#client/plans/list/plan-summary-line.tsx';
import styles from '#client/plans/list/plans-list.module.css';
import { ChoiceMenu } from '#client/plans/parts/choice-menu.tsx';
import type { Side } from '#shared/base/audience.ts';
import type { Plan } from '#shared/plans/shape.ts';

/** The whole line is the link's target; the menu stands beside it. */
export interface PlanLineProps {
  plan: Plan;
  /** By side; null while they are not known. */
  companies: Record<Side, string> | null;
  mayEdit: boolean;
  onRename: () => void;
  onState: (state: Plan['state']) => void;
}

export function PlanLine({ plan, companies, mayEdit, onRename, onState }: PlanLineProps) {
  const { t } = useTranslation('plans');
  const { moment } = useMomentWords();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const isArchived = plan.state === 'archived';
  const rename = {
    id: 'rename',
    words: t('list.rename'),
    icon: <IconPencil size={15} stroke={1.7} aria-hidden />,
    run: onRename,
  };
  const archive = {
    id: 'archive',
    words: isArchived ? t('list.bringBack') : t('list.archive'),
    icon: isArchived ? (
      <IconArchiveOff size={15} stroke={1.7} aria-hidden />
    ) : (
      <IconArchive size={15} stroke={1.7} aria-hidden />
    ),
    run: () => onState(isArchived ? 'active' : 'archived'),
  };
  return (
    <li className={styles['line']} data-archived={isArchived || undefined}>
      <Link to={planPath(plan.relationshipId, plan.id)} className={styles['link'] ?? ''}>
        <bdi className={styles['name']}>{plan.name}</bdi>
        {isArchived && <span className={styles['state']}>{t('list.archived')}</span>}
        <span className={styles['when']}>
          {plan.editedAt === null
            ? t('list.made', { name: plan.createdBy })
            : t('list.edited', { when: moment(plan.editedAt) })}
        </span>
        {plan.summary !== null && <PlanSummaryLine summary={plan.summary} companies={companies} />}
      </Link>
      {mayEdit && (
        <button
          ref={button}
          type="button"
          className={styles['menu']}
          aria-label={t('list.menu', { name: plan.name })}
          aria-haspopup="menu"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <IconDots size={17} stroke={1.7} aria-hidden />
        </button>
      )}
      {open && button.current !== null && (
        <ChoiceMenu
          label={t('list.menu', { name: plan.name })}
          anchor={button.current}
          groups={[[rename, archive]]}
          onClose={() => {
            setOpen(false);
            button.current?.focus();
          }}
        />
      )}
    </li>
  );
}
