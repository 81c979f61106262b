/** The mouse in the table, heard once for all cells: choosing, editing, the row's menu, and having seen a change. */
import { type MouseEvent, useRef } from 'react';
import { type CellPlace, isColumn } from '#client/plans/table/columns.ts';
import type { TableState } from '#client/plans/table/use-table.ts';

/** What the mouse can set off. */
export interface CellMouse {
  table: TableState;
  edit: (cell: CellPlace, text: null) => void;
  see: (taskId: string) => void;
  openMenu: (cell: CellPlace) => void;
  focus: () => void;
}

/**
 * A press chooses; a press on the cell chosen by an earlier press, or two, edit; the other button opens the row's menu.
 * A cell one came to by keys or by an edit is only chosen by a press: the next key is a command, not a letter.
 */
export function useCellMouse({ table, edit, see, openMenu, focus }: CellMouse) {
  const pressed = useRef<CellPlace | null>(null);
  // The very object that a press put there: every other way of coming to a cell puts another one.
  const wasPressed = (cell: CellPlace) => table.cell === pressed.current && isSame(table.cell, cell);
  return {
    onMouseDown(event: MouseEvent) {
      const cell = cellOf(event.target);
      if (cell === null || isInControl(event.target)) return;
      // The table keeps the focus: its cells are named by aria-activedescendant.
      event.preventDefault();
      const wasHere = wasPressed(cell);
      const hadFocus = document.activeElement === event.currentTarget;
      // Focus first: a table that had none goes to its first row with it, and the press must have the last word.
      focus();
      if (!wasHere) {
        pressed.current = cell;
        table.go(cell);
      }
      if (event.button === 2) openMenu(cell);
      else if (wasHere && hadFocus && table.editing === null) edit(cell, null);
    },
    onDoubleClick(event: MouseEvent) {
      const cell = cellOf(event.target);
      if (cell !== null && !isInControl(event.target) && table.editing === null) edit(cell, null);
    },
    onMouseOver(event: MouseEvent) {
      const cell = cellOf(event.target);
      if (cell !== null) see(cell.taskId);
    },
  };
}

function isSame(one: CellPlace | null, other: CellPlace): boolean {
  return one?.taskId === other.taskId && one.column === other.column;
}

function isInControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('input, button, [role="menu"], [role="alert"]') !== null;
}

function cellOf(target: EventTarget): CellPlace | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-column]') : null;
  const column = cell?.dataset['column'];
  const taskId = cell?.closest<HTMLElement>('[data-row]')?.dataset['row'];
  return isColumn(column) && taskId !== undefined ? { taskId, column } : null;
}
