/** Joins the table's state, the open plan and the page: what keys, mouse, clipboard, rows and menus set off. */
import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { shortcutsOn } from '#client/base/keyboard/shortcuts.ts';
import { takeText } from '#client/plans/clashes/take-text.ts';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import type { MenuPlace } from '#client/plans/table/cell-menus.tsx';
import { type CellPlace, cellId, columnBeside } from '#client/plans/table/columns.ts';
import type { PlanTableProps } from '#client/plans/table/plan-table.tsx';
import {
  beginEdit,
  cancelEdit,
  goRow,
  runCommand,
  type TableHands,
} from '#client/plans/table/table-commands.ts';
import { readKey } from '#client/plans/table/table-keys.ts';
import type { RowHands } from '#client/plans/table/table-row.tsx';
import type { TableState } from '#client/plans/table/use-table.ts';
import type { AfterEdit } from '#client/plans/table/use-text-edit.ts';

/** What the table's element and its menus are given. */
export interface TableInReact {
  hands: TableHands;
  menu: MenuPlace | null;
  closeMenu(): void;
  openRowMenu(cell: CellPlace): void;
  edit(cell: CellPlace, text: string | null): void;
  focus(): void;
  onKeyDown(event: KeyboardEvent): void;
}

/** Everything but the rows' own hands. */
export function useTableHands(
  scroller: RefObject<HTMLElement | null>,
  { table, onOpen, sayLocked }: PlanTableProps,
  rowHeight: number,
): TableInReact {
  const plan = useOpenPlan();
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const focus = () => scroller.current?.focus({ preventScroll: true });
  const openMenu = (kind: MenuPlace['kind'], cell: CellPlace) => {
    const anchor = document.getElementById(cellId(cell));
    if (anchor !== null) setMenu({ kind, taskId: cell.taskId, anchor });
  };
  const hands: TableHands = {
    plan,
    table,
    pageRows: Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 2),
    open: onOpen,
    openMenu: (taskId) => openMenu('row', { taskId, column: table.cell?.column ?? 'title' }),
    sayLocked,
  };
  // Opening the owner's menu is how its cell is edited: there is no text to type.
  const editsOwner = table.editing !== null && table.cell?.column === 'owner';
  useEffect(() => {
    if (!editsOwner || table.cell === null) return;
    openMenu('owner', table.cell);
    table.edit(null);
  });
  return {
    hands,
    menu,
    closeMenu() {
      setMenu(null);
      focus();
    },
    openRowMenu: (cell) => openMenu('row', cell),
    edit: (cell, text) => beginEdit(hands, cell, text),
    focus,
    onKeyDown(event) {
      if (event.target !== event.currentTarget || event.nativeEvent.isComposing) return;
      const isRtl = getComputedStyle(event.currentTarget).direction === 'rtl';
      const command = readKey(event, { isRtl, letters: shortcutsOn() });
      if (command === null) return;
      event.preventDefault();
      runCommand(command, hands);
    },
  };
}

/** The rows' hands: one object for the life of the table that calls the newest functions, so that rows rest. */
export function useRowHands(
  table: TableState,
  focus: () => void,
  beginDrag: (taskId: string, event: PointerEvent) => void,
): RowHands {
  const plan = useOpenPlan();
  const { t } = useTranslation('plans');
  const newest: RowHands = {
    take: (taskId, left) => takeText(t, plan, taskId, left),
    done(after) {
      if (table.editing?.isNew === true) cancelEdit({ plan, table });
      table.edit(null);
      focus();
      goAfter(table, after);
    },
    cancel() {
      cancelEdit({ plan, table });
      focus();
    },
    torn(taskId, text) {
      const isGone = !plan.latest().byId.has(taskId);
      plan.notify({ words: t(isGone ? 'notice.torn' : 'notice.notTaken', { text }), copy: text });
    },
    fold: table.fold,
    beginDrag,
  };
  const latest = useRef(newest);
  latest.current = newest;
  return useMemo(
    () => ({
      take: (taskId, left) => latest.current.take(taskId, left),
      done: (after) => latest.current.done(after),
      cancel: () => latest.current.cancel(),
      torn: (taskId, text) => latest.current.torn(taskId, text),
      fold: (taskId, isFolded) => latest.current.fold(taskId, isFolded),
      beginDrag: (taskId, event) => latest.current.beginDrag(taskId, event),
    }),
    [],
  );
}

function goAfter(table: TableState, after: AfterEdit): void {
  const { cell, at } = table;
  if (cell === null || after === 'stay') return;
  if (after === 'down' || after === 'up') goRow(table, cell, at + (after === 'down' ? 1 : -1));
  else table.go({ ...cell, column: columnBeside(cell.column, after === 'next' ? 1 : -1) });
}
