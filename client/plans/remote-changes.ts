/** Finds which cells somebody else has just changed, so that they can be washed in that side's tint. */
import type { ColumnId } from '#client/plans/table/columns.ts';
import type { Side } from '#shared/base/audience.ts';
import type { PlanView } from '#shared/plans/read.ts';
import type { PlanTask } from '#shared/plans/task.ts';

/** A cell changed from elsewhere; `side` is null where both may write and nobody is seen there. */
export interface RemoteChange {
  taskId: string;
  column: ColumnId;
  side: Side | null;
}

/** More changes at once than this are a catch-up after an absence, not somebody's hand: no wash. */
const mostAtOnce = 30;

/** Cells that differ between two views; [] for a catch-up. New rows count by their title. */
export function changedCells(before: PlanView, after: PlanView): RemoteChange[] {
  const changes: RemoteChange[] = [];
  for (const [id, task] of after.tasks) {
    const old = before.tasks.get(id);
    if (old === task || task.removed) continue;
    changes.push(...cellsOf(task, old?.removed === true ? undefined : old));
    if (changes.length > mostAtOnce) return [];
  }
  return changes;
}

function cellsOf(task: PlanTask, old: PlanTask | undefined): RemoteChange[] {
  const cell = (column: ColumnId, side: Side | null) => ({ taskId: task.id, column, side });
  if (old === undefined) return [cell('title', task.owner)];
  const found: RemoteChange[] = [];
  if (
    old.title !== task.title ||
    old.place.parentId !== task.place.parentId ||
    old.place.key !== task.place.key
  )
    found.push(cell('title', null));
  if (old.owner !== task.owner) found.push(cell('owner', old.owner));
  else if (old.personId !== task.personId) found.push(cell('owner', task.owner));
  if (old.dates.start !== task.dates.start) found.push(cell('start', task.owner));
  if (old.dates.finish !== task.dates.finish) found.push(cell('finish', task.owner));
  if (old.progressPct !== task.progressPct) found.push(cell('progress', task.owner));
  if (old.kind !== task.kind) found.push(cell('title', task.owner));
  return found;
}
