/** The rows a person sees: those not under a collapsed one. */
import type { PlanRow } from '#shared/plans/outline.ts';

/** Rows in order, without what stands under collapsed rows. */
export function visibleRows(rows: readonly PlanRow[], collapsed: ReadonlySet<string>): readonly PlanRow[] {
  if (collapsed.size === 0) return rows;
  const visible: PlanRow[] = [];
  let at = 0;
  while (at < rows.length) {
    const row = rows[at];
    if (row === undefined) break;
    visible.push(row);
    at = row.childCount > 0 && collapsed.has(row.task.id) ? row.end : at + 1;
  }
  return visible;
}
