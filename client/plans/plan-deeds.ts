/** Deeds of the plan that several controls offer: the table's keys, the row's menu, the panel, the cards. */
import type { OpenPlan } from '#client/plans/plan-context.ts';
import type { NewTask } from '#shared/plans/edit.ts';
import { addTask, forgetTask, moveTask, shiftDates } from '#shared/plans/edit.ts';
import { readTask } from '#shared/plans/facts.ts';
import { mayEditFacts, mayEditShared } from '#shared/plans/rules.ts';
import {
  isSpotOpen,
  lastSpot,
  type Spot,
  spotBelow,
  spotDeeper,
  spotDown,
  spotShallower,
  spotUp,
} from '#shared/plans/spot.ts';
import type { PlanTask, TaskId } from '#shared/plans/task.ts';

/** Ways a row can go by one spot. */
export type Way = 'up' | 'down' | 'deeper' | 'shallower';

const spotOf = { up: spotUp, down: spotDown, deeper: spotDeeper, shallower: spotShallower };

/** Where a row would go; null when it cannot go that way. */
export function spotFor(plan: OpenPlan, id: TaskId, way: Way): Spot | null {
  return spotOf[way](plan.latest(), id);
}

/** Moves a row by one spot, with what stands under it. */
export function moveRow(plan: OpenPlan, id: TaskId, way: Way): void {
  putRow(plan, id, spotFor(plan, id, way));
}

/** Puts a row at a spot; nothing happens for null, under itself, or without the right. */
export function putRow(plan: OpenPlan, id: TaskId, spot: Spot | null): void {
  const view = plan.latest();
  if (spot === null || !mayEditShared(plan.desk.standing) || !isSpotOpen(view, id, spot)) return;
  moveTask(plan.desk, view, id, spot);
}

/** Adds a row below another one, or at the end. @returns null without the right */
export function addBelow(plan: OpenPlan, id: TaskId | null, task: NewTask = {}): TaskId | null {
  if (!mayEditShared(plan.desk.standing)) return null;
  const view = plan.latest();
  return addTask(plan.desk, view, id === null ? lastSpot(view) : spotBelow(view, id), task);
}

/** Takes back a row that was added and got neither a title nor anything else, by whomever. */
export function forgetBlank(plan: Pick<OpenPlan, 'desk' | 'latest'>, id: TaskId): void {
  const task = readTask(plan.desk.columns, id);
  const isOver = (plan.latest().byId.get(id)?.childCount ?? 0) > 0;
  if (task === null || isOver || !isBlank(task) || !mayEditFacts(plan.desk.standing, task)) return;
  forgetTask(plan.desk, id);
}

function isBlank({ title, kind, dates, progressPct, personId, noted }: PlanTask): boolean {
  const hasFacts = kind !== 'task' || progressPct !== 0 || personId !== null;
  return title === '' && !noted && !hasFacts && dates.start === null && dates.finish === null;
}

/** Moves a row's days; a row over others moves all of one's own below it. `onLocked` when none could move. */
export function shiftRow(plan: OpenPlan, id: TaskId, days: number, onLocked: () => void): void {
  const view = plan.latest();
  const row = view.byId.get(id);
  if (row === undefined) return;
  const rows = row.childCount === 0 ? [row] : view.rows.slice(row.index + 1, row.end);
  const own = rows.filter((one) => one.childCount === 0 && mayEditFacts(plan.desk.standing, one.task));
  if (own.length === 0) {
    onLocked();
    return;
  }
  plan.desk.columns.transact(() => {
    for (const one of own) shiftDates(plan.desk, one.task.id, days);
  }, plan.desk.origin);
}

/** The row and all rows below it that one may remove; [] when the row itself is not one's own. */
export function removableWith(plan: OpenPlan, id: TaskId): TaskId[] {
  const view = plan.latest();
  const row = view.byId.get(id);
  if (row === undefined || !mayEditFacts(plan.desk.standing, row.task)) return [];
  const rows = view.rows.slice(row.index, row.end);
  return rows.filter((one) => mayEditFacts(plan.desk.standing, one.task)).map((one) => one.task.id);
}
