/** Carries out what the keyboard told the table; everything a key does can also be done by a control. */

import { lockOf } from '#client/plans/cell-lock.ts';
import type { OpenPlan } from '#client/plans/plan-context.ts';
import { addBelow, forgetBlank, moveRow, shiftRow } from '#client/plans/plan-deeds.ts';
import { type CellPlace, columnBeside, columns } from '#client/plans/table/columns.ts';
import type { TableCommand } from '#client/plans/table/table-keys.ts';
import type { Editing, TableState } from '#client/plans/table/use-table.ts';

/** What a command works on. */
export interface TableHands {
  plan: OpenPlan;
  table: TableState;
  pageRows: number;
  /** Opens the side panel of a task. */
  open(taskId: string): void;
  /** Opens the menu of a task's row. */
  openMenu(taskId: string): void;
  /** Says why a cell cannot be written. */
  sayLocked(cell: CellPlace): void;
}

/** Runs one command at the current cell; does nothing where it makes no sense. */
export function runCommand(command: TableCommand, hands: TableHands): void {
  const { plan, table } = hands;
  if (command.kind === 'undo') plan.undo.undo();
  else if (command.kind === 'redo') plan.undo.redo();
  else if (command.kind === 'add') add(hands);
  else if (table.cell === null) goFirst(table);
  else runAtCell(command, hands, table.cell);
}

type CellCommand = Exclude<TableCommand, { kind: 'undo' | 'redo' | 'add' }>;

function runAtCell(command: CellCommand, hands: TableHands, cell: CellPlace): void {
  const { plan, table } = hands;
  switch (command.kind) {
    case 'go':
      step(table, cell, command);
      break;
    case 'goEdge':
      goEdge(table, cell, command.edge);
      break;
    case 'goPage':
      goRow(table, cell, table.at + command.pages * hands.pageRows);
      break;
    case 'edit':
      beginEdit(hands, cell, command.text);
      break;
    case 'remove':
      plan.remove(cell.taskId);
      break;
    case 'moveRow':
      moveRow(plan, cell.taskId, command.way);
      break;
    case 'shiftDays':
      shiftRow(plan, cell.taskId, command.days, () => hands.sayLocked({ ...cell, column: 'start' }));
      break;
    case 'open':
      hands.open(cell.taskId);
      break;
    case 'menu':
      hands.openMenu(cell.taskId);
      break;
  }
}

/** Adds a row below the current one, or at the end, and begins its title. */
export function add({ plan, table }: Pick<TableHands, 'plan' | 'table'>): void {
  const taskId = addBelow(plan, table.cell?.taskId ?? null);
  if (taskId === null) return;
  if (table.cell !== null) table.fold(table.cell.taskId, false);
  begin(table, taskId, { text: '', isNew: true });
}

/** Goes to a row's title and opens its editor. */
export function begin(table: TableState, taskId: string, editing: Editing): void {
  table.go({ taskId, column: 'title' });
  table.edit(editing);
}

/** Opens the editor of a cell, or says why there is none. */
export function beginEdit(hands: TableHands, cell: CellPlace, text: string | null): void {
  const row = hands.plan.latest().byId.get(cell.taskId);
  if (row === undefined) return;
  if (lockOf(hands.plan.desk.standing, row, cell.column) === null) hands.table.edit({ text, isNew: false });
  else hands.sayLocked(cell);
}

/** Closes the editor without writing; a row just added and left without a title goes again. */
export function cancelEdit({ plan, table }: Pick<TableHands, 'plan' | 'table'>): void {
  const wasNew = table.editing?.isNew === true;
  table.edit(null);
  if (wasNew && table.cell !== null) forgetBlank(plan, table.cell.taskId);
}

function goFirst(table: TableState): void {
  const first = table.rows[0];
  if (first !== undefined) table.go({ taskId: first.task.id, column: 'title' });
}

/** At the title, an arrow towards the start folds an open row and one towards the end unfolds a folded one. */
function step(table: TableState, cell: CellPlace, by: { rows: number; columns: number }): void {
  const row = table.rows[table.at];
  const isFolded = table.collapsed.has(cell.taskId);
  const folds = by.columns !== 0 && cell.column === 'title' && (row?.childCount ?? 0) > 0;
  if (folds && by.columns < 0 !== isFolded) table.fold(cell.taskId, by.columns < 0);
  else goRow(table, { ...cell, column: columnBeside(cell.column, by.columns) }, table.at + by.rows);
}

/** Goes to a row by its index, kept inside the table. */
export function goRow(table: TableState, cell: CellPlace, index: number): void {
  const row = table.rows[Math.min(table.rows.length - 1, Math.max(0, index))];
  if (row !== undefined) table.go({ taskId: row.task.id, column: cell.column });
}

function goEdge(table: TableState, cell: CellPlace, edge: 'rowStart' | 'rowEnd' | 'first' | 'last'): void {
  if (edge === 'first') {
    goRow(table, cell, 0);
  } else if (edge === 'last') {
    goRow(table, cell, table.rows.length - 1);
  } else {
    const steps = edge === 'rowStart' ? -columns.length : columns.length;
    table.go({ ...cell, column: columnBeside(cell.column, steps) });
  }
}
