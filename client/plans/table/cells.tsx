/** What stands in the cells of a row: title, owner, days, progress. */
import { IconChevronDown, IconChevronRight, IconNote } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { PersonAvatar } from '#client/base/parts/person-avatar.tsx';
import { SideMark } from '#client/base/parts/side-mark.tsx';
import { type DateReading, showDate, showFullDate } from '#client/plans/date-text.ts';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import styles from '#client/plans/table/cells.module.css';
import type { Side } from '#shared/base/audience.ts';
import type { IsoDate } from '#shared/base/time.ts';
import type { PlanRow } from '#shared/plans/outline.ts';
import type { PlanTask } from '#shared/plans/task.ts';

/** The title with its place in the tree, a diamond for milestones, and a mark when there is a note. */
export function TitleCell({
  row,
  isFolded = false,
  onFold,
}: {
  row: PlanRow;
  isFolded?: boolean;
  /** Left out where rows cannot be folded. */
  onFold?: () => void;
}) {
  const { t } = useTranslation('plans');
  const { task, depth, childCount } = row;
  return (
    <span className={styles['title']} data-kind={task.kind} data-depth={depth}>
      {childCount > 0 && onFold !== undefined ? (
        <button
          type="button"
          tabIndex={-1}
          className={styles['fold']}
          aria-label={isFolded ? t('row.unfold') : t('row.fold')}
          onMouseDown={(event) => event.preventDefault()}
          onClick={onFold}
        >
          {isFolded ? <IconChevronRight size={15} aria-hidden /> : <IconChevronDown size={15} aria-hidden />}
        </button>
      ) : (
        <span className={styles['noFold']} />
      )}
      {task.kind === 'milestone' && (
        <span
          className={styles['diamond']}
          data-side={task.owner}
          role="img"
          aria-label={t('kind.milestone')}
        />
      )}
      <bdi className={styles['text']} data-blank={task.title === '' || undefined}>
        {task.title === '' ? t('row.untitled') : task.title}
      </bdi>
      {task.noted && (
        <IconNote className={styles['note']} size={15} stroke={1.7} aria-label={t('row.noted')} role="img" />
      )}
    </span>
  );
}

/** Side by shape and colour, company in words, and the person when one is named. */
export function OwnerCell({ task }: { task: PlanTask }) {
  const { companies, people } = useOpenPlan();
  const person = task.personId === null ? undefined : people.get(task.personId);
  const known = person?.side === task.owner ? person : undefined;
  return (
    <span className={styles['owner']}>
      <OwnerMark side={task.owner} name={known?.name} />
      <bdi className={styles['person']}>{known?.name ?? companies[task.owner]}</bdi>
      {known !== undefined && <bdi className={styles['company']}>{companies[task.owner]}</bdi>}
    </span>
  );
}

function OwnerMark({ side, name }: { side: Side; name: string | undefined }) {
  if (name !== undefined) return <PersonAvatar name={name} side={side} size={20} decorative />;
  return (
    <span className={styles['mark']}>
      <SideMark side={side} />
    </span>
  );
}

/** A day in few signs, in full on hover; nothing when it is not set. */
export function DateCell({
  date,
  reading,
  isSum,
}: {
  date: IsoDate | null;
  reading: DateReading;
  isSum: boolean;
}) {
  if (date === null) return null;
  return (
    <time
      dateTime={date}
      title={showFullDate(date, reading.locale)}
      className={styles['date']}
      data-sum={isSum || undefined}
    >
      {showDate(date, reading)}
    </time>
  );
}

/** A bar in the owner's colour and shape, and the percent in words. */
export function ProgressCell({ row, locale }: { row: PlanRow; locale: string }) {
  const percent = new Intl.NumberFormat(locale, { style: 'percent' }).format(row.progressPct / 100);
  return (
    <span className={styles['progress']}>
      <ProgressBar side={row.task.owner} progressPct={row.progressPct} />
      <span className={styles['percent']}>{percent}</span>
    </span>
  );
}

/** The bar alone; the number stands beside it. */
export function ProgressBar({ side, progressPct }: { side: Side; progressPct: number }) {
  return (
    <span className={styles['bar']} data-side={side} aria-hidden>
      <span style={{ inlineSize: `${progressPct}%` }} />
    </span>
  );
}
