/** A plan as it was, as a table to read: one tab stop, the keys of the plan's table that change nothing. */
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { PastLine } from '#client/plans/history/past-lines.ts';
import type { CellWriter } from '#client/plans/history/past-plan.ts';
import { PastRow } from '#client/plans/history/past-row.tsx';
import styles from '#client/plans/history/past-table.module.css';
import { type CellPlace, cellId, columnBeside, columns, isColumn } from '#client/plans/table/columns.ts';
import { gridRoles } from '#client/plans/table/grid-roles.ts';
import tableStyles from '#client/plans/table/plan-table.module.css';
import { readKey, type TableCommand } from '#client/plans/table/table-keys.ts';
import { useRowWindow } from '#client/plans/table/use-row-window.ts';

const rowHeight = 38;
const headHeight = 34;

/** What is shown, and where one stands in it. */
export interface PastTableProps {
  /** Says of which plan and which moment it is. */
  label: string;
  lines: readonly PastLine[];
  /** Who wrote the cells of the later moment. */
  writer: CellWriter;
  /** Whether cells that differ show what stood there before. */
  showsBefore: boolean;
  cell: CellPlace | null;
  onCell: (cell: CellPlace) => void;
  onOpen: (taskId: string) => void;
}

/** Enter, Space or a double click opens the row beside the table. */
export function PastTable(props: PastTableProps) {
  const { label, lines, writer, showsBefore, cell, onCell, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { range, showRow } = useRowWindow(scroller, { count: lines.length, rowHeight, headHeight });
  const at = cell === null ? -1 : lines.findIndex(({ row }) => row.task.id === cell.taskId);
  useEffect(() => showRow(at), [at, showRow]);
  const firstChanged = lines.findIndex(({ fate }) => fate !== 'same');
  const changedId = lines[firstChanged]?.row.task.id;
  useEffect(() => {
    // A change that is chosen must be seen; who stands in a cell stays there.
    if (changedId !== undefined && at === -1) showRow(firstChanged);
  }, [changedId, firstChanged, at, showRow]);
  const drawn = lines
    .slice(range.first, range.end)
    .map((line, offset) => ({ line, index: range.first + offset }));
  const current = lines[at];
  if (current !== undefined && (at < range.first || at >= range.end))
    drawn.push({ line: current, index: at });
  const go = (index: number, column: CellPlace['column']) => {
    const line = lines[Math.min(lines.length - 1, Math.max(0, index))];
    if (line !== undefined) onCell({ taskId: line.row.task.id, column });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const isRtl = getComputedStyle(event.currentTarget).direction === 'rtl';
    const command = readKey(event, { isRtl, letters: false });
    if (command === null || !isReading(command)) return;
    event.preventDefault();
    if (command.kind === 'open' || command.kind === 'edit') {
      if (current !== undefined) onOpen(current.row.task.id);
      return;
    }
    const page = Math.max(1, Math.floor((event.currentTarget.clientHeight - headHeight) / rowHeight) - 1);
    const next = placeAfter(
      command,
      { at, column: cell?.column ?? 'title' },
      { last: lines.length - 1, page },
    );
    go(next.at, next.column);
  };
  return (
    <div
      ref={scroller}
      role="treegrid"
      tabIndex={0}
      className={`${tableStyles['table']} ${styles['table']}`}
      aria-label={label}
      aria-readonly
      aria-rowcount={lines.length + 1}
      aria-colcount={columns.length + 1}
      aria-activedescendant={current === undefined || cell === null ? undefined : cellId(cell)}
      data-owns-keys
      onKeyDown={onKeyDown}
      onMouseDown={(event) => {
        // A double click opens the row; it should not mark a word as well.
        if (event.detail > 1) event.preventDefault();
        const place = placeUnder(event.target);
        if (place !== null) onCell(place);
      }}
      onDoubleClick={(event) => {
        const place = placeUnder(event.target);
        if (place !== null) onOpen(place.taskId);
      }}
      onFocus={() => {
        if (current === undefined) go(0, 'title');
      }}
    >
      <PastHead />
      <div
        {...gridRoles.group()}
        className={tableStyles['body']}
        style={{ blockSize: lines.length * rowHeight }}
      >
        {drawn.map(({ line, index }) => (
          <PastRow
            key={`${line.row.task.id} ${line.fate === 'removed'}`}
            line={line}
            index={index}
            column={index === at ? (cell?.column ?? null) : null}
            showsBefore={showsBefore}
            writer={writer}
          />
        ))}
      </div>
    </div>
  );
}

function PastHead() {
  const { t } = useTranslation('plans');
  return (
    <div {...gridRoles.group()} className={`${tableStyles['head']} ${styles['head']}`}>
      <div {...gridRoles.headRow()} className={tableStyles['headRow']}>
        <div {...gridRoles.columnHead(1)} className={tableStyles['headCell']}>
          <span className="visually-hidden">{t('column.number')}</span>
        </div>
        {columns.map((column, index) => (
          <div key={column} {...gridRoles.columnHead(index + 2)} className={tableStyles['headCell']}>
            {t(`column.${column}`)}
          </div>
        ))}
      </div>
    </div>
  );
}

/** The cell under the pointer; its number stands for its title. */
function placeUnder(target: EventTarget): CellPlace | null {
  if (!(target instanceof HTMLElement || target instanceof SVGElement)) return null;
  const taskId = target.closest<HTMLElement>('[data-past-row]')?.dataset['pastRow'];
  const column = target.closest<HTMLElement>('[data-column]')?.dataset['column'];
  if (taskId === undefined) return null;
  return { taskId, column: isColumn(column) ? column : 'title' };
}

type ReadingCommand = Extract<TableCommand, { kind: 'go' | 'goEdge' | 'goPage' | 'open' | 'edit' }>;

/** Enter opens here, since there is nothing to edit; printed characters do nothing. */
function isReading(command: TableCommand): command is ReadingCommand {
  if (command.kind === 'edit') return command.text === null;
  return ['go', 'goEdge', 'goPage', 'open'].includes(command.kind);
}

interface Standing {
  at: number;
  column: CellPlace['column'];
}

function placeAfter(
  command: ReadingCommand,
  { at, column }: Standing,
  { last, page }: { last: number; page: number },
): Standing {
  if (command.kind === 'go') return { at: at + command.rows, column: columnBeside(column, command.columns) };
  if (command.kind === 'goPage') return { at: at + command.pages * page, column };
  if (command.kind !== 'goEdge') return { at, column };
  if (command.edge === 'first') return { at: 0, column };
  if (command.edge === 'last') return { at: last, column };
  return { at, column: columnBeside(column, command.edge === 'rowStart' ? -columns.length : columns.length) };
}
