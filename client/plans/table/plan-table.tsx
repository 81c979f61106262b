/** The plan as a table: one tab stop, every deed by keyboard, only the rows in sight drawn. */
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shortcutsOn } from '#client/base/keyboard/shortcuts.ts';
import { writeText } from '#client/plans/cell-edit.ts';
import type { Other } from '#client/plans/others.ts';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import { putRow } from '#client/plans/plan-deeds.ts';
import { CellMenus, type MenuPlace } from '#client/plans/table/cell-menus.tsx';
import { type CellPlace, cellId, columnBeside, columns } from '#client/plans/table/columns.ts';
import { gridRoles } from '#client/plans/table/grid-roles.ts';
import styles from '#client/plans/table/plan-table.module.css';
import { beginEdit, cancelEdit, goRow, runCommand } from '#client/plans/table/table-commands.ts';
import { readKey } from '#client/plans/table/table-keys.ts';
import { type RowHands, TableRow } from '#client/plans/table/table-row.tsx';
import { useCellClipboard } from '#client/plans/table/use-cell-clipboard.ts';
import { useCellMouse } from '#client/plans/table/use-cell-mouse.ts';
import { useRowDrag } from '#client/plans/table/use-row-drag.ts';
import { useRowWindow } from '#client/plans/table/use-row-window.ts';
import type { TableState } from '#client/plans/table/use-table.ts';
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
  const { name, view, table, others, washes, openId } = props;
  const { t } = useTranslation('plans');
  const plan = useOpenPlan();
  const scroller = useRef<HTMLDivElement>(null);
  const measures = { count: table.rows.length, rowHeight, headHeight };
  const { range, showRow } = useRowWindow(scroller, measures);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const ground = useMemo(
    () => ({ scroller, rows: table.rows, view, rowHeight, headHeight }),
    [table.rows, view],
  );
  const { drag, begin } = useRowDrag(ground, (taskId, spot) => putRow(plan, taskId, spot));
  useEffect(() => showRow(table.at), [table.at, showRow]);

  const openMenu = (kind: MenuPlace['kind'], cell: CellPlace) => {
    const anchor = document.getElementById(cellId(cell));
    if (anchor !== null) setMenu({ kind, taskId: cell.taskId, anchor });
  };
  const hands = {
    plan,
    table,
    pageRows: Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 2),
    open: props.onOpen,
    openMenu: (taskId: string) => openMenu('row', { taskId, column: table.cell?.column ?? 'title' }),
    sayLocked: props.sayLocked,
  };
  const edit = (cell: CellPlace, text: string | null) => {
    beginEdit(hands, cell, text);
  };
  const focus = () => scroller.current?.focus({ preventScroll: true });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.nativeEvent.isComposing) return;
    const isRtl = getComputedStyle(event.currentTarget).direction === 'rtl';
    const command = readKey(event, { isRtl, letters: shortcutsOn() });
    if (command === null) return;
    event.preventDefault();
    runCommand(command, hands);
  };
  const clipboard = useCellClipboard({ table, edit });

  // Opening the owner's menu is how its cell is edited: there is no text to type.
  const editsOwner = table.editing !== null && table.cell?.column === 'owner';
  useEffect(() => {
    if (!editsOwner || table.cell === null) return;
    openMenu('owner', table.cell);
    table.edit(null);
  });

  const rowHands = useStableHands({
    take(cell, text) {
      const row = plan.latest().byId.get(cell.taskId);
      if (row === undefined || cell.column === 'owner') return null;
      return writeText(plan.desk, row, { column: cell.column, text, reading: plan.reading });
    },
    done(after) {
      const { cell, at } = table;
      if (table.editing?.isNew === true) cancelEdit({ plan, table });
      table.edit(null);
      focus();
      if (cell === null || after === 'stay') return;
      if (after === 'down' || after === 'up') goRow(table, cell, at + (after === 'down' ? 1 : -1));
      else table.go({ ...cell, column: columnBeside(cell.column, after === 'next' ? 1 : -1) });
    },
    cancel() {
      cancelEdit({ plan, table });
      focus();
    },
    torn: (text) => plan.say(t('said.torn', { text })),
    fold: table.fold,
    beginDrag: begin,
  });

  const mouse = useCellMouse({
    table,
    edit,
    see: washes.see,
    openMenu: (cell) => openMenu('row', cell),
    focus,
  });
  const drawn = table.rows
    .slice(range.first, range.end)
    .map((row, offset) => ({ row, index: range.first + offset }));
  const current = table.rows[table.at];
  const isOutside = current !== undefined && (table.at < range.first || table.at >= range.end);
  if (isOutside) drawn.push({ row: current, index: table.at });
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
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          if (event.target === event.currentTarget && table.cell === null)
            goRow(table, { taskId: '', column: 'title' }, 0);
        }}
        onMouseDown={mouse.onMouseDown}
        onDoubleClick={mouse.onDoubleClick}
        onMouseOver={mouse.onMouseOver}
        onContextMenu={(event) => event.preventDefault()}
        onCopy={clipboard.onCopy}
        onPaste={clipboard.onPaste}
      >
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
        <div
          {...gridRoles.group()}
          className={styles['body']}
          style={{ blockSize: table.rows.length * rowHeight }}
        >
          {drawn.map(({ row, index }) => {
            const isCurrent = table.cell?.taskId === row.task.id;
            return (
              <TableRow
                key={row.task.id}
                row={row}
                index={index}
                standing={plan.desk.standing}
                reading={plan.reading}
                column={isCurrent ? (table.cell?.column ?? null) : null}
                editing={isCurrent ? table.editing : null}
                isFolded={table.collapsed.has(row.task.id)}
                isOpen={openId === row.task.id}
                isDragged={drag?.taskId === row.task.id}
                others={others.get(row.task.id) ?? nobody}
                washes={washes.washes.get(row.task.id)}
                hands={rowHands}
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
      </div>
      {menu !== null && (
        <CellMenus
          menu={menu}
          open={() => props.onOpen(menu.taskId)}
          add={() => runCommand({ kind: 'add' }, hands)}
          onClose={() => {
            setMenu(null);
            focus();
          }}
        />
      )}
    </>
  );
}

/** One object for the life of the table that always calls the newest functions, so that rows are not drawn anew. */
function useStableHands(newest: RowHands): RowHands {
  const latest = useRef(newest);
  latest.current = newest;
  return useMemo(
    () => ({
      take: (cell, text) => latest.current.take(cell, text),
      done: (after) => latest.current.done(after),
      cancel: () => latest.current.cancel(),
      torn: (text) => latest.current.torn(text),
      fold: (taskId, isFolded) => latest.current.fold(taskId, isFolded),
      beginDrag: (taskId, event) => latest.current.beginDrag(taskId, event),
    }),
    [],
  );
}
