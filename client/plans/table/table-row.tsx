/** One row of the plan's table. */
import { IconGripVertical } from '@tabler/icons-react';
import { memo, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { type TextFault, textOf } from '#client/plans/cell-edit.ts';
import { lockOf } from '#client/plans/cell-lock.ts';
import type { LeftText } from '#client/plans/clashes/take-text.ts';
import type { DateReading } from '#client/plans/date-text.ts';
import type { Other } from '#client/plans/others.ts';
import { CellFrame } from '#client/plans/table/cell-frame.tsx';
import { DateCell, OwnerCell, ProgressCell, TitleCell } from '#client/plans/table/cells.tsx';
import { type CellPlace, type ColumnId, columns } from '#client/plans/table/columns.ts';
import { gridRoles } from '#client/plans/table/grid-roles.ts';
import styles from '#client/plans/table/table-row.module.css';
import { TextEditor } from '#client/plans/table/text-editor.tsx';
import type { Editing } from '#client/plans/table/use-table.ts';
import type { AfterEdit } from '#client/plans/table/use-text-edit.ts';
import type { Wash } from '#client/plans/use-washes.ts';
import type { PlanRow } from '#shared/plans/outline.ts';
import { mayEditShared, type PlanStanding } from '#shared/plans/rules.ts';

/** What a row can ask of its table; the same object at every render. */
export interface RowHands {
  take(taskId: string, left: LeftText): TextFault | null;
  done(after: AfterEdit): void;
  cancel(): void;
  /** The row went away while this was being typed into it. */
  torn(taskId: string, text: string): void;
  fold(taskId: string, isFolded: boolean): void;
  beginDrag(taskId: string, event: PointerEvent): void;
}

/** All a row shows; equal properties draw nothing anew. */
export interface TableRowProps {
  row: PlanRow;
  /** Place among the visible rows, for where it is drawn and for readers of the screen. */
  index: number;
  standing: PlanStanding;
  reading: DateReading;
  column: ColumnId | null;
  editing: Editing | null;
  isFolded: boolean;
  isOpen: boolean;
  isDragged: boolean;
  others: readonly Other[];
  washes: ReadonlyMap<ColumnId, Wash> | undefined;
  hands: RowHands;
}

/** Drawn at its place by arithmetic; the head is row 1 for readers of the screen. */
export const TableRow = memo(function TableRow(props: TableRowProps) {
  const { row, index, column, editing, isFolded, isOpen, isDragged, hands } = props;
  const { t } = useTranslation('plans');
  const { task } = row;
  return (
    <div
      {...gridRoles.row(index, {
        level: row.depth + 1,
        isSelected: column !== null,
        isExpanded: row.childCount > 0 ? !isFolded : undefined,
      })}
      className={styles['row']}
      data-row={task.id}
      data-first={index === 0 || undefined}
      data-current={column !== null || undefined}
      data-editing={editing !== null || undefined}
      data-open={isOpen || undefined}
      data-visited={props.others.length > 0 || undefined}
      data-dragged={isDragged || undefined}
      data-summary={row.childCount > 0 || undefined}
      style={{ transform: `translateY(calc(${index} * var(--row-height)))` }}
    >
      <div {...gridRoles.rowHead(1)} className={styles['number']}>
        {mayEditShared(props.standing) && (
          <span
            className={styles['grip']}
            onPointerDown={(event) => hands.beginDrag(task.id, event)}
            title={t('row.drag')}
          >
            <IconGripVertical size={15} stroke={1.7} aria-hidden />
          </span>
        )}
        {row.index + 1}
      </div>
      {columns.map((one) => (
        <Cell key={one} {...props} place={{ taskId: task.id, column: one }} />
      ))}
    </div>
  );
});

function Cell(props: TableRowProps & { place: CellPlace }) {
  const { place, row, standing, reading, editing, others, washes, hands } = props;
  const { column } = place;
  const isCurrent = props.column === column;
  const here = others.filter((other) => other.column === column);
  return (
    <CellFrame
      place={place}
      isCurrent={isCurrent}
      isLocked={lockOf(standing, row, column) !== null}
      others={here}
      wash={washes?.get(column)}
    >
      <CellContent row={row} column={column} reading={reading} isFolded={props.isFolded} hands={hands} />
      {isCurrent && editing !== null && column !== 'owner' && (
        <CellEditor row={row} column={column} editing={editing} reading={reading} hands={hands} />
      )}
    </CellFrame>
  );
}

interface CellContentProps {
  row: PlanRow;
  column: ColumnId;
  reading: DateReading;
  isFolded: boolean;
  hands: RowHands;
}

function CellContent({ row, column, reading, isFolded, hands }: CellContentProps) {
  if (column === 'title')
    return <TitleCell row={row} isFolded={isFolded} onFold={() => hands.fold(row.task.id, !isFolded)} />;
  if (column === 'owner') return <OwnerCell task={row.task} />;
  if (column === 'progress') return <ProgressCell row={row} locale={reading.locale} />;
  return <DateCell date={row.dates[column]} reading={reading} isSum={row.childCount > 0} />;
}

interface CellEditorProps {
  row: PlanRow;
  column: Exclude<ColumnId, 'owner'>;
  editing: Editing;
  reading: DateReading;
  hands: RowHands;
}

function CellEditor({ row, column, editing, reading, hands }: CellEditorProps) {
  const { t } = useTranslation('plans');
  return (
    <TextEditor
      label={t('edit.label', { column: t(`column.${column}`), title: row.task.title || t('row.untitled') })}
      column={column}
      text={editing.text ?? textOf(row, column, reading)}
      stands={textOf(row, column, reading)}
      selectsAll={editing.text === null && column !== 'title'}
      chosen={column === 'start' || column === 'finish' ? row.dates[column] : null}
      reading={reading}
      take={(text, stood) => hands.take(row.task.id, { column, text, stood })}
      onDone={hands.done}
      onCancel={hands.cancel}
      onTorn={(text) => hands.torn(row.task.id, text)}
    />
  );
}
