/** Pasting what was copied from a table elsewhere: each copied cell goes into the cell at its place, where one may write. */
import { writeText } from '#client/plans/cell-edit.ts';
import { lockOf } from '#client/plans/cell-lock.ts';
import type { OpenPlan } from '#client/plans/plan-context.ts';
import { type CellPlace, columns } from '#client/plans/table/columns.ts';
import type { PlanRow } from '#shared/plans/outline.ts';

/** How many copied cells were not blank, and how many of them the plan took. */
export interface Pasted {
  taken: number;
  offered: number;
}

/** Copied cells by line, as spreadsheets write them: tabs between cells, an empty line at the end. */
export function copiedCells(text: string): string[][] {
  const lines = text.split(/\r\n|\r|\n/u);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.split('\t').map((cell) => cell.trim()));
}

/** Writes from `from` down and to the end, as one step of undo. Blank cells, and cells without a place, write nothing. */
export function pasteCells(
  { desk, latest, reading }: Pick<OpenPlan, 'desk' | 'latest' | 'reading'>,
  rows: readonly PlanRow[],
  from: CellPlace,
  cells: readonly (readonly string[])[],
): Pasted {
  const first = rows.findIndex((row) => row.task.id === from.taskId);
  const column = columns.indexOf(from.column);
  const pasted = { taken: 0, offered: 0 };
  const put = (text: string, down: number, along: number): boolean => {
    // The row as it is by now: an earlier cell of the same paste may have changed its days.
    const row = latest().byId.get(rows[first + down]?.task.id ?? '');
    const into = columns[column + along];
    if (row === undefined || into === undefined || into === 'owner') return false;
    return (
      lockOf(desk.standing, row, into) === null &&
      writeText(desk, row, { column: into, text, reading }) === null
    );
  };
  desk.columns.transact(() => {
    for (const [down, line] of cells.entries()) {
      for (const [along, text] of line.entries()) {
        if (text === '') continue;
        pasted.offered += 1;
        if (put(text, down, along)) pasted.taken += 1;
      }
    }
  }, desk.origin);
  return pasted;
}
