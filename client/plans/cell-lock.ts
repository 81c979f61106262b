/** Why a person may not write a cell; the table shows such cells lighter and says the reason when asked to edit. */
import type { ColumnId } from '#client/plans/table/columns.ts';
import type { PlanRow } from '#shared/plans/outline.ts';
import { mayEditFacts, mayEditShared, type PlanStanding } from '#shared/plans/rules.ts';

/** `viewOnly`: no right to write; `sum`: it comes from the rows below; `owner`: the other company's to write. */
export type CellLock = 'viewOnly' | 'sum' | 'owner';

/** null = free to write. The same shared rules decide that the edits themselves ask. */
export function lockOf(standing: PlanStanding, row: PlanRow, column: ColumnId): CellLock | null {
  if (!mayEditShared(standing)) return 'viewOnly';
  if (column === 'title') return null;
  if (row.childCount > 0 && column !== 'owner') return 'sum';
  return mayEditFacts(standing, row.task) ? null : 'owner';
}
