/** What differs between two moments of a plan: row by row and cell by cell, as a table shows it. */
import type { PlanView } from '#shared/plans/read.ts';
import type { PlanTask, TaskId } from '#shared/plans/task.ts';

/** A cell of a row that can be compared; `place` is where it stands among the others. */
export type PlanCell =
  | 'title'
  | 'place'
  | 'kind'
  | 'start'
  | 'finish'
  | 'progressPct'
  | 'personId'
  | 'owner'
  | 'noted';

/** One cell, before and after. Days as ISO dates, progress in percent, persons and owners by id and side. */
export interface CellChange {
  cell: PlanCell;
  before: string | number | boolean | null;
  after: string | number | boolean | null;
}

/**
 * How a row differs. `added`: it was not there, `removed`: it is not there any more, `returned`: it had been removed and is
 * there again, `changed`: it is there at both moments.
 */
export type RowFate = 'added' | 'removed' | 'returned' | 'changed';

/** One row that differs. Never of a row that differs in nothing. */
export interface RowChange {
  id: TaskId;
  fate: RowFate;
  /** null where it did not exist; the task as it stood, also while it was removed. */
  before: PlanTask | null;
  after: PlanTask | null;
  /** Its place in the whole plan from 0; null where it is not shown. */
  indexBefore: number | null;
  indexAfter: number | null;
  /** Cells that differ, in the order of the table; [] unless it stands at both moments, or has returned. */
  cells: CellChange[];
  /** It was put somewhere else: one of `cells` is `place`. */
  moved: boolean;
  /** The other side owns it now: one of `cells` is `owner`. */
  handedOver: boolean;
}

/**
 * Compares two moments: rows there afterwards in their order, then the removed ones in theirs.
 * A row added and removed in between is in neither.
 */
export function comparePlans(before: PlanView, after: PlanView): RowChange[] {
  const changes: RowChange[] = [];
  for (const { task } of after.rows) {
    const change = changeOf(before, after, task.id);
    if (change !== null) changes.push(change);
  }
  for (const { task } of before.rows) {
    if (after.byId.has(task.id) || isCutOff(after, task.id)) continue;
    const change = changeOf(before, after, task.id);
    if (change !== null) changes.push(change);
  }
  return changes;
}

/** Of a plan too long to be shown whole, what is not shown may be there all the same. */
function isCutOff(view: PlanView, id: TaskId): boolean {
  return view.truncated && !view.tasks.has(id);
}

function changeOf(before: PlanView, after: PlanView, id: TaskId): RowChange | null {
  const [was, is] = [before.tasks.get(id) ?? null, after.tasks.get(id) ?? null];
  const [isThereBefore, isThereAfter] = [before.byId.has(id), after.byId.has(id)];
  if (!isThereBefore && isCutOff(before, id)) return null;
  const fate = fateOf(isThereBefore, isThereAfter, was);
  const cells = was === null || is === null || !isThereAfter ? [] : compareTasks(was, is);
  if (fate === 'changed' && cells.length === 0) return null;
  return {
    id,
    fate,
    before: was,
    after: is,
    indexBefore: before.byId.get(id)?.index ?? null,
    indexAfter: after.byId.get(id)?.index ?? null,
    cells,
    moved: cells.some(({ cell }) => cell === 'place'),
    handedOver: cells.some(({ cell }) => cell === 'owner'),
  };
}

function fateOf(isThereBefore: boolean, isThereAfter: boolean, was: PlanTask | null): RowFate {
  if (!isThereAfter) return 'removed';
  if (isThereBefore) return 'changed';
  return was === null ? 'added' : 'returned';
}

/** The cells in which one task differs from the same task at another moment; [] when in none. */
export function compareTasks(before: PlanTask, after: PlanTask): CellChange[] {
  const cells: [PlanCell, CellChange['before'], CellChange['after']][] = [
    ['title', before.title, after.title],
    ['place', placeText(before), placeText(after)],
    ['kind', before.kind, after.kind],
    ['start', before.dates.start, after.dates.start],
    ['finish', before.dates.finish, after.dates.finish],
    ['progressPct', before.progressPct, after.progressPct],
    ['personId', before.personId, after.personId],
    ['owner', before.owner, after.owner],
    ['noted', before.noted, after.noted],
  ];
  return cells
    .filter(([, was, is]) => was !== is)
    .map(([cell, was, is]) => ({ cell, before: was, after: is }));
}

/** `<parent's id or nothing>/<order key or nothing>`: equal texts are the same place. */
function placeText({ place }: PlanTask): string {
  return `${place.parentId ?? ''}/${place.key ?? ''}`;
}
