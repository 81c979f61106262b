/** One row of the past, beside the table: each value with who wrote it and when, its note, and bringing it back. */
import { Button } from '@mantine/core';
import { IconArrowBackUp, IconArrowLeft, IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { SideMark } from '#client/base/parts/side-mark.tsx';
import type { EditMark } from '#client/history/recorded-document.ts';
import { useMomentText } from '#client/history/use-moment-text.ts';
import { NotePast, type NotePastProps } from '#client/plans/history/note-past.tsx';
import type { PastLine } from '#client/plans/history/past-lines.ts';
import type { CellWriter } from '#client/plans/history/past-plan.ts';
import styles from '#client/plans/history/past-row-card.module.css';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import { DateCell, OwnerCell, ProgressCell } from '#client/plans/table/cells.tsx';
import { type ColumnId, columns } from '#client/plans/table/columns.ts';
import type { PlanRow } from '#shared/plans/outline.ts';

/** `onRestore` is null where there is nothing to bring back, or no right to. */
export interface PastRowCardProps extends Omit<NotePastProps, 'task'> {
  line: PastLine;
  writer: CellWriter;
  onRestore: (() => void) | null;
  onBack: () => void;
  onClose: () => void;
}

/** Takes the place of the list of changes; its arrow leads back there. */
export function PastRowCard(props: PastRowCardProps) {
  const { line, writer, onRestore, onBack, onClose, ...note } = props;
  const { t } = useTranslation('plans');
  const { t: history } = useTranslation('history');
  const { row, fate } = line;
  const { task } = row;
  const heading = useRef<HTMLHeadingElement>(null);
  const { id } = task;
  useEffect(() => {
    if (id !== '') heading.current?.focus({ preventScroll: true });
  }, [id]);
  return (
    <aside className={styles['card']} aria-labelledby="past-row-title">
      <header className={styles['head']}>
        <button
          type="button"
          aria-label={t('history.row.back')}
          title={t('history.row.back')}
          onClick={onBack}
        >
          <IconArrowLeft size={17} stroke={1.7} aria-hidden />
        </button>
        <h2 id="past-row-title" ref={heading} tabIndex={-1}>
          <bdi>{task.title === '' ? t('row.untitled') : task.title}</bdi>
        </h2>
        <button type="button" aria-label={history('close')} onClick={onClose}>
          <IconX size={17} stroke={1.7} aria-hidden />
        </button>
      </header>
      <div className={styles['content']}>
        <p className={styles['moment']}>
          {note.past === null ? history('asOfNow') : history('asOf', { moment: note.moment })}
        </p>
        {fate !== 'same' && <p className={styles['fate']}>{t(`history.fate.${fate}`)}</p>}
        <dl className={styles['facts']}>
          {columns.map((column) => (
            <Fact key={column} line={line} column={column} by={writer(task, column)} />
          ))}
        </dl>
        {onRestore !== null && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconArrowBackUp size={15} aria-hidden />}
            onClick={onRestore}
          >
            {t('history.restore.row')}
          </Button>
        )}
        <NotePast key={id} task={task} {...note} />
      </div>
    </aside>
  );
}

function Fact({ line, column, by }: { line: PastLine; column: ColumnId; by: EditMark | null }) {
  const { t } = useTranslation('plans');
  const { row, before, fate, cells } = line;
  const isChanged = fate === 'changed' && before !== null && cells.has(column);
  // Both days are one value: of one that is not set, the writer of the other says nothing.
  const isUnset = (column === 'start' || column === 'finish') && row.dates[column] === null && !isChanged;
  return (
    <div className={styles['fact']}>
      <dt>{t(`column.${column}`)}</dt>
      <dd>
        {isChanged && (
          <del>
            <FactValue row={before} column={column} />
          </del>
        )}
        <span className={styles['value']} data-changed={isChanged || undefined}>
          <FactValue row={row} column={column} />
        </span>
        {by !== null && !isUnset && <WrittenBy by={by} />}
      </dd>
    </div>
  );
}

function FactValue({ row, column }: { row: PlanRow; column: ColumnId }): ReactNode {
  const { t } = useTranslation('plans');
  const { reading } = useOpenPlan();
  const { task } = row;
  if (column === 'title') return <bdi>{task.title === '' ? t('row.untitled') : task.title}</bdi>;
  if (column === 'owner') return <OwnerCell task={task} />;
  if (column === 'progress') return <ProgressCell row={row} locale={reading.locale} />;
  const date = row.dates[column];
  if (date === null) return t('fact.none');
  return <DateCell date={date} reading={reading} isSum={row.childCount > 0} />;
}

/** One line, the side by its mark. */
export function WrittenBy({ by: { author, atMs } }: { by: EditMark }) {
  const { t } = useTranslation('history');
  const text = useMomentText();
  const { memberName: who, companyName: company, side } = author;
  return (
    <span className={styles['by']}>
      <SideMark side={side} />
      <span>{t('written', { who, company, moment: text.full(atMs) })}</span>
    </span>
  );
}
