/** The columns of the plan's table, in reading order. */

/** Columns a person can stand in. */
export const columns = ['title', 'owner', 'start', 'finish', 'progress'] as const;
export type ColumnId = (typeof columns)[number];

/** One cell: a task and a column. */
export interface CellPlace {
  taskId: string;
  column: ColumnId;
}

/** The column some steps to the end (positive) or the start; stops at the edges. */
export function columnBeside(column: ColumnId, steps: number): ColumnId {
  const at = Math.min(columns.length - 1, Math.max(0, columns.indexOf(column) + steps));
  return columns[at] ?? column;
}

/** Whether a text is the name of a column; used on what other people's tabs tell. */
export function isColumn(value: unknown): value is ColumnId {
  return columns.some((column) => column === value);
}

/** The element id of a cell, for aria-activedescendant. */
export function cellId({ taskId, column }: CellPlace): string {
  return `plan-${taskId}-${column}`;
}
