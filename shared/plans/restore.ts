/** Brings a plan, or one row, to how it was at a moment: by ordinary edits of what one's own side may write. */
import { compareTasks } from '#shared/plans/compare.ts';
import {
  type PlanDesk,
  removeTasks,
  renameTask,
  restoreTask,
  setDates,
  setKind,
  setPerson,
  setProgress,
} from '#shared/plans/edit.ts';
import { writePlace } from '#shared/plans/facts.ts';
import type { PlanView } from '#shared/plans/read.ts';
import { mayEditFacts, mayEditShared, type PlanStanding } from '#shared/plans/rules.ts';
import { homeOf, type PlanTask, type TaskId } from '#shared/plans/task.ts';

/** What is brought back of one row. */
export interface RowRestore {
  id: TaskId;
  /** As it is now; null when it is not there, not even as removed. */
  now: PlanTask | null;
  /** As it was; null for one that did not exist, which is removed. */
  was: PlanTask | null;
  cells: RestoredCell[];
}

/** A cell that an edit can bring back; `made` brings the row itself into being again. */
export type RestoredCell =
  | 'made'
  | 'removed'
  | 'title'
  | 'place'
  | 'kind'
  | 'dates'
  | 'progressPct'
  | 'personId';

/** What a row can differ in; whose it is, no restore changes. */
type Difference = RestoredCell | 'owner';

/**
 * Why something stays as it is. `otherSide`: it is the other side's to write; `handedOver`: the task has changed hands
 * since, and only who owns it now can give it back; `readOnly`: one may not write the plan now.
 */
export type LeftWhy = 'otherSide' | 'handedOver' | 'readOnly';

/** What of one row could not be brought back. */
export interface RowLeft {
  id: TaskId;
  /** Its title at the moment, or now for a row that did not exist was. */
  title: string;
  cells: Difference[];
  why: LeftWhy;
}

/** What a restore does, before it is done. */
export interface RestorePlan {
  rows: RowRestore[];
  left: RowLeft[];
}

/**
 * Works out what brings a plan to a moment. Nothing that does not differ is in it.
 * @param only - one row; the whole plan by default
 */
export function planRestore(
  standing: PlanStanding,
  now: PlanView,
  moment: PlanView,
  only?: TaskId,
): RestorePlan {
  const result: RestorePlan = { rows: [], left: [] };
  const ids = only === undefined ? new Set([...moment.tasks.keys(), ...now.tasks.keys()]) : [only];
  for (const id of ids) {
    const [is, was] = [now.tasks.get(id) ?? null, moment.tasks.get(id) ?? null];
    // Of a plan too long to be shown whole, nobody can tell what a row that is not shown was.
    if ((is === null && now.truncated) || (was === null && moment.truncated)) continue;
    sortOut(standing, { id, now: is, was, cells: [] }, result);
  }
  return result;
}

/** Makes the edits as one step in each document, so that they undo together. @returns how many cells were written */
export function applyRestore(desk: PlanDesk, plan: RestorePlan): number {
  desk.columns.transact(() => {
    for (const row of plan.rows) for (const cell of row.cells) write(desk, row, cell);
  }, desk.origin);
  return plan.rows.reduce((sum, row) => sum + row.cells.length, 0);
}

/** Divides the differences of one row into what may be written and what may not. */
function sortOut(standing: PlanStanding, row: RowRestore, result: RestorePlan): void {
  const { id, now, was } = row;
  const differing = differencesOf(row);
  if (differing.length === 0) return;
  const title = was?.title ?? now?.title ?? '';
  if (!mayEditShared(standing)) {
    result.left.push({ id, title, cells: differing, why: 'readOnly' });
    return;
  }
  const owner = now?.owner ?? homeOf(id);
  const isOwn = mayEditFacts(standing, { owner });
  const hasMoved = was !== null && was.owner !== owner;
  const isShared = (cell: Difference) => now !== null && (cell === 'title' || cell === 'place');
  const left = differing.filter((cell) => !(isShared(cell) || (isOwn && !isHands(cell, hasMoved))));
  const cells = differing.filter((cell) => !left.includes(cell)).filter(isRestored);
  if (cells.length > 0) result.rows.push({ ...row, cells });
  const why = hasMoved ? 'handedOver' : 'otherSide';
  if (left.length > 0) result.left.push({ id, title, cells: left, why });
}

/** What goes with the hands a task is in: whose it is, and who of their people does it. */
function isHands(cell: Difference, hasMoved: boolean): boolean {
  return cell === 'owner' || (hasMoved && cell === 'personId');
}

/** In the order they are written: kind before days, because it decides how days are read. */
function differencesOf({ now, was }: RowRestore): Difference[] {
  if (was === null) return now === null || now.removed ? [] : ['removed'];
  if (now === null) return was.removed ? [] : ['made', ...wholeRow];
  const cells = new Set<string>(compareTasks(now, was).map(({ cell }) => cell));
  if (now.removed !== was.removed) cells.add('removed');
  if (cells.has('start') || cells.has('finish')) cells.add('dates');
  return (['removed', ...wholeRow, 'owner'] as const).filter((cell) => cells.has(cell));
}

const wholeRow = ['title', 'place', 'kind', 'dates', 'progressPct', 'personId'] as const;

function isRestored(cell: Difference): cell is RestoredCell {
  return cell !== 'owner';
}

function write(desk: PlanDesk, { id, was }: RowRestore, cell: RestoredCell): void {
  if (was === null) {
    removeTasks(desk, [id]);
    return;
  }
  const { columns } = desk;
  switch (cell) {
    case 'made':
      columns.sides[homeOf(id)].made.write(id, true);
      return;
    case 'removed':
      if (was.removed) removeTasks(desk, [id]);
      else restoreTask(desk, id);
      return;
    case 'title':
      renameTask(desk, id, was.title);
      return;
    case 'place':
      columns.shared.place.write(id, writePlace(was.place.parentId, was.place.key ?? ''));
      return;
    case 'kind':
      setKind(desk, id, was.kind);
      return;
    case 'dates':
      setDates(desk, id, was.dates);
      return;
    case 'progressPct':
      setProgress(desk, id, was.progressPct);
      return;
    case 'personId':
      setPerson(desk, id, was.personId);
  }
}
