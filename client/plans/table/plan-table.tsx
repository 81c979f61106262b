/** The plan as a table: one tab stop, every deed by keyboard, only the rows in sight drawn. */
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Other } from '#client/plans/others.ts';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import { putRow } from '#client/plans/plan-deeds.ts';
import { CellMenus } from '#client/plans/table/cell-menus.tsx';
import { type CellPlace, cellId, columns } from '#client/plans/table/columns.ts';
import { gridRoles } from '#client/plans/table/grid-roles.ts';
import styles from '#client/plans/table/plan-table.module.css';
import type { RowRange } from '#client/plans/table/row-window.ts';
import { goRow, runCommand } from '#client/plans/table/table-commands.ts';
import { type RowHands, TableRow } from '#client/plans/table/table-row.tsx';
import { useCellClipboard } from '#client/plans/table/use-cell-clipboard.ts';
import { useCellMouse } from '#client/plans/table/use-cell-mouse.ts';
import { type RowDrag, useRowDrag } from '#client/plans/table/use-row-drag.ts';
import { useRowWindow } from '#client/plans/table/use-row-window.ts';
import type { TableState } from '#client/plans/table/use-table.ts';
import { useRowHands, useTableHands } from '#client/plans/table/use-table-hands.ts';
import type { WashesInReact } from '#client/plans/use-washes.ts';
import type { PlanView } from '#shared/plans/read.ts';

const rowHeight = 38;
const headHeight = 34;
const nobody: readonly Other[] = [];

/** What the page gives to the table. */
export interface PlanTableProps {
  name: string;
  view: PlanView;
  table: TableState;
  others: ReadonlyMap<string, readonly Other[]>;
  washes: WashesInReact;
  openId: string | null;
  onOpen: (taskId: string) => void;
  sayLocked: (cell: CellPlace) => void;
}

/** See the file's first line. */
export function PlanTable(props: PlanTableProps) {
  const { name, view, table, washes } = props;
  const plan = useOpenPlan();
  const scroller = useRef<HTMLDivElement>(null);
  const { range, showRow } = useRowWindow(scroller, { count: table.rows.length, rowHeight, headHeight });
  useEffect(() => showRow(table.at), [table.at, showRow]);
  const ground = useMemo(
    () => ({ scroller, rows: table.rows, view, rowHeight, headHeight }),
    [table.rows, view],
  );
  const inReact = useTableHands(scroller, props, rowHeight);
  const { edit, focus, hands, menu, openRowMenu } = inReact;
  const { drag, begin } = useRowDrag(ground, (taskId, spot) => {
    putRow(plan, taskId, spot);
    table.go({ taskId, column: 'title' });
    focus();
  });
  const rowHands = useRowHands(table, focus, begin);
  const mouse = useCellMouse({ table, edit, see: washes.see, openMenu: openRowMenu, focus });
  useCellClipboard(scroller, { table, edit });
  return (
    <>
      <div
        ref={scroller}
        role="treegrid"
        tabIndex={0}
        className={styles['table']}
        aria-label={name}
        aria-rowcount={table.rows.length + 1}
        aria-colcount={columns.length + 1}
        aria-activedescendant={table.cell === null ? undefined : cellId(table.cell)}
        data-owns-keys
        onKeyDown={inReact.onKeyDown}
        onFocus={(event) => {
          const isFirst = event.target === event.currentTarget && table.cell === null;
          if (isFirst) goRow(table, { taskId: '', column: 'title' }, 0);
        }}
        {...mouse}
        onContextMenu={(event) => event.preventDefault()}
      >
        <TableHead />
        <TableRows {...props} range={range} drag={drag} hands={rowHands} />
      </div>
      {menu !== null && (
        <CellMenus
          menu={menu}
          open={() => props.onOpen(menu.taskId)}
          add={() => runCommand({ kind: 'add' }, hands)}
          onClose={inReact.closeMenu}
        />
      )}
    </>
  );
}

function TableHead() {
  const { t } = useTranslation('plans');
  return (
    <div {...gridRoles.group()} className={styles['head']}>
      <div {...gridRoles.headRow()} className={styles['headRow']}>
        <div {...gridRoles.columnHead(1)} className={styles['headCell']}>
          <span className="visually-hidden">{t('column.number')}</span>
        </div>
        {columns.map((column, index) => (
          <div key={column} {...gridRoles.columnHead(index + 2)} className={styles['headCell']}>
            {t(`column.${column}`)}
          </div>
        ))}
      </div>
    </div>
  );
}

interface TableRowsProps extends PlanTableProps {
  range: RowRange;
  drag: RowDrag | null;
  hands: RowHands;
}

/** The rows in sight, and the current one wherever it is: aria-activedescendant must find it. */
function TableRows({ table, others, washes, openId, range, drag, hands }: TableRowsProps) {
  const { desk, reading } = useOpenPlan();
  const drawn = table.rows
    .slice(range.first, range.end)
    .map((row, offset) => ({ row, index: range.first + offset }));
  const current = table.rows[table.at];
  const isOutside = table.at < range.first || table.at >= range.end;
  if (current !== undefined && isOutside) drawn.push({ row: current, index: table.at });
  return (
    <div
      {...gridRoles.group()}
      className={styles['body']}
      style={{ blockSize: table.rows.length * rowHeight }}
    >
      {drawn.map(({ row, index }) => {
        const isCurrent = index === table.at;
        return (
          <TableRow
            key={row.task.id}
            row={row}
            index={index}
            standing={desk.standing}
            reading={reading}
            column={isCurrent ? (table.cell?.column ?? null) : null}
            editing={isCurrent ? table.editing : null}
            isFolded={table.collapsed.has(row.task.id)}
            isOpen={openId === row.task.id}
            isDragged={drag?.taskId === row.task.id}
            others={others.get(row.task.id) ?? nobody}
            washes={washes.washes.get(row.task.id)}
            hands={hands}
          />
        );
      })}
      {drag !== null && drag.line >= 0 && (
        <div
          className={styles['line']}
          data-closed={drag.spot === null || undefined}
          style={{ insetBlockStart: drag.line * rowHeight - 1 }}
        />
      )}
    </div>
  );
}
