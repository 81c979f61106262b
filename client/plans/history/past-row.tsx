/** One row of a past plan: what stood in it, and where two moments differ, what stood there before. */
import { IconMinus, IconPencil, IconPlus } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { PastLine } from '#client/plans/history/past-lines.ts';
import type { CellWriter } from '#client/plans/history/past-plan.ts';
import styles from '#client/plans/history/past-row.module.css';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import { DateCell, OwnerCell, ProgressCell, TitleCell } from '#client/plans/table/cells.tsx';
import { type ColumnId, cellId, columns } from '#client/plans/table/columns.ts';
import { gridRoles } from '#client/plans/table/grid-roles.ts';
import type { PlanRow } from '#shared/plans/outline.ts';

/** Equal properties draw nothing anew. */
export interface PastRowProps {
  line: PastLine;
  /** Place among the lines shown. */
  index: number;
  /** The column one stands in; null when one stands in another row. */
  column: ColumnId | null;
  showsBefore: boolean;
  writer: CellWriter;
}

/** Drawn at its place by arithmetic, as rows of the plan's table are. */
export const PastRow = memo(function PastRow(props: PastRowProps) {
  const { line, index, column } = props;
  const { row, fate } = line;
  return (
    <div
      {...gridRoles.row(index, { level: row.depth + 1, isSelected: column !== null, isExpanded: undefined })}
      className={styles['row']}
      data-past-row={row.task.id}
      data-fate={fate}
      data-summary={row.childCount > 0 || undefined}
      style={{ transform: `translateY(calc(${index} * var(--row-height)))` }}
    >
      <div {...gridRoles.rowHead(1)} className={styles['number']}>
        <FateMark line={line} />
        {fate !== 'removed' && row.index + 1}
      </div>
      {columns.map((one) => (
        <PastCell key={one} {...props} one={one} />
      ))}
    </div>
  );
});

const fateIcons = { added: IconPlus, returned: IconPlus, removed: IconMinus, changed: IconPencil };

function FateMark({ line: { fate, moved, note, cells } }: { line: PastLine }) {
  const { t } = useTranslation('plans');
  if (fate === 'same') return null;
  const Icon = fateIcons[fate];
  const changed = moved ? 'moved' : note === true ? (cells.size === 0 ? 'note' : 'noteToo') : 'changed';
  const words = t(`history.fate.${fate === 'changed' ? changed : fate}`);
  return (
    <span className={styles['fate']} role="img" aria-label={words} title={words}>
      <Icon size={14} stroke={2.2} aria-hidden />
    </span>
  );
}

function PastCell(props: PastRowProps & { one: ColumnId }) {
  const { line, column, one, showsBefore, writer } = props;
  const { row, before, fate } = line;
  const place = { taskId: row.task.id, column: one };
  const isWritten = line.cells.has(one);
  const side = isWritten && fate !== 'removed' ? (writer(row.task, one)?.author.side ?? 'none') : undefined;
  const isCompared = showsBefore && isWritten && fate === 'changed' && before !== null;
  const isCurrent = column === one;
  return (
    <div
      id={cellId(place)}
      {...gridRoles.cell(columns.indexOf(one) + 2, { isSelected: isCurrent, isLocked: true })}
      className={styles['cell']}
      data-column={one}
      data-current={isCurrent || undefined}
      data-written={side}
    >
      {isCompared ? (
        <span className={styles['both']}>
          <del>
            <Content row={before} column={one} isNarrow />
          </del>
          <ins>
            <Content row={row} column={one} isNarrow />
          </ins>
        </span>
      ) : (
        <Content row={row} column={one} />
      )}
    </div>
  );
}

/** What stands in a cell of a row; nothing can be folded or typed here. */
function Content(props: { row: PlanRow; column: ColumnId; isNarrow?: boolean }) {
  const { row, column, isNarrow = false } = props;
  const { reading } = useOpenPlan();
  const { t } = useTranslation('plans');
  if (column === 'title') return <TitleCell row={row} />;
  if (column === 'owner') return <OwnerCell task={row.task} />;
  if (column === 'progress' && isNarrow) return percentOf(row, reading.locale);
  if (column === 'progress') return <ProgressCell row={row} locale={reading.locale} />;
  const date = row.dates[column];
  // What was emptied, or empty before, must be seen as such.
  if (date === null) return <span className={styles['nothing']}>{t('history.nothing')}</span>;
  return <DateCell date={date} reading={reading} isSum={row.childCount > 0} />;
}

/** Two bars, one above the other, say less than two figures. */
function percentOf({ progressPct }: PlanRow, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'percent' }).format(progressPct / 100);
}
