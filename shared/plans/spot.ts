/** Spots between rows: where a row is put by a key, a menu or a drag, and which order keys stand around it. */
import type { PlanRow } from '#shared/plans/outline.ts';
import type { PlanView } from '#shared/plans/read.ts';
import { planLimits, type TaskId } from '#shared/plans/task.ts';

/** A place among the rows under one parent: after one of them, or first. */
export interface Spot {
  parentId: TaskId | null;
  afterId: TaskId | null;
}

/** Rows directly under a parent, in order; null for the top level. */
export function rowsUnder(view: PlanView, parentId: TaskId | null): PlanRow[] {
  return view.rows.filter((row) => row.parentId === parentId);
}

/** The spot at the end of the top level. */
export function lastSpot(view: PlanView): Spot {
  return { parentId: null, afterId: rowsUnder(view, null).at(-1)?.task.id ?? null };
}

/** Just below a row as the eye sees it: first inside it when it has rows, else after it. */
export function spotBelow(view: PlanView, id: TaskId): Spot {
  const row = view.byId.get(id);
  if (row === undefined) return lastSpot(view);
  if (row.childCount > 0 || row.task.kind === 'phase') return { parentId: id, afterId: null };
  return { parentId: row.parentId, afterId: id };
}

/** One row up among its own; from the first, to the end of the row before its parent. null when it cannot. */
export function spotUp(view: PlanView, id: TaskId): Spot | null {
  const row = view.byId.get(id);
  if (row === undefined) return null;
  const beside = rowsUnder(view, row.parentId);
  const at = beside.indexOf(row);
  if (at > 0) return { parentId: row.parentId, afterId: beside[at - 2]?.task.id ?? null };
  const previous = neighbour(view, row.parentId, -1);
  if (previous === null) return null;
  return { parentId: previous.task.id, afterId: rowsUnder(view, previous.task.id).at(-1)?.task.id ?? null };
}

/** One row down among its own; from the last, to the start of the row after its parent. null when it cannot. */
export function spotDown(view: PlanView, id: TaskId): Spot | null {
  const row = view.byId.get(id);
  if (row === undefined) return null;
  const beside = rowsUnder(view, row.parentId);
  const next = beside[beside.indexOf(row) + 1];
  if (next !== undefined) return { parentId: row.parentId, afterId: next.task.id };
  const following = neighbour(view, row.parentId, 1);
  return following === null ? null : { parentId: following.task.id, afterId: null };
}

/** One level deeper: last under the row before it. null for a first row or at the deepest level. */
export function spotDeeper(view: PlanView, id: TaskId): Spot | null {
  const row = view.byId.get(id);
  if (row === undefined || row.depth >= planLimits.depth) return null;
  const beside = rowsUnder(view, row.parentId);
  const previous = beside[beside.indexOf(row) - 1];
  if (previous === undefined) return null;
  return { parentId: previous.task.id, afterId: rowsUnder(view, previous.task.id).at(-1)?.task.id ?? null };
}

/** One level up: just after its parent. null at the top. */
export function spotShallower(view: PlanView, id: TaskId): Spot | null {
  const parent = parentOf(view, view.byId.get(id));
  return parent === null ? null : { parentId: parent.parentId, afterId: parent.task.id };
}

/** Whether a row may be put there: never under itself. */
export function isSpotOpen(view: PlanView, id: TaskId, spot: Spot): boolean {
  const row = view.byId.get(id);
  const parent = spot.parentId === null ? undefined : view.byId.get(spot.parentId);
  if (row === undefined || parent === undefined) return row !== undefined;
  return parent.index < row.index || parent.index >= row.end;
}

/** The stored keys around a spot, the moving row itself left out; null where nothing stands. */
export function spotKeys(
  view: PlanView,
  spot: Spot,
  moving: TaskId | null,
): { after: string | null; before: string | null } {
  const beside = rowsUnder(view, spot.parentId).filter((row) => row.task.id !== moving);
  const at = spot.afterId === null ? -1 : beside.findIndex((row) => row.task.id === spot.afterId);
  const after = at < 0 ? null : keyUnder(view, beside[at], spot.parentId);
  const before = keyUnder(view, beside[at + 1], spot.parentId);
  // Rows that stand here only because their own parent was removed share one key: such a pair has no room between.
  return { after, before: before === after ? null : before };
}

/** The key that decides where a row stands under a parent: its own, or that of the removed row it stands for. */
function keyUnder(view: PlanView, row: PlanRow | undefined, parentId: TaskId | null): string | null {
  let task = row?.task;
  for (let level = 0; task !== undefined && level < view.tasks.size; level += 1) {
    const stored = task.place.parentId;
    if (stored === parentId || stored === null) break;
    const above = view.tasks.get(stored);
    if (above === undefined || !above.removed) break;
    task = above;
  }
  return task?.place.key ?? null;
}

function parentOf(view: PlanView, row: PlanRow | undefined): PlanRow | null {
  return row === undefined || row.parentId === null ? null : (view.byId.get(row.parentId) ?? null);
}

function neighbour(view: PlanView, id: TaskId | null, step: 1 | -1): PlanRow | null {
  const row = id === null ? undefined : view.byId.get(id);
  if (row === undefined) return null;
  const beside = rowsUnder(view, row.parentId);
  return beside[beside.indexOf(row) + step] ?? null;
}
