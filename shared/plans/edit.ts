/** The edits of a plan: each asks the shared rule first, then writes into the one document it belongs to. */
import { fail } from '#shared/base/errors.ts';
import { addDays } from '#shared/base/time.ts';
import type { PlanColumns, SideColumns, Value } from '#shared/plans/doc.ts';
import { factKey, readTask, timesGiven, writeCarried, writePlace } from '#shared/plans/facts.ts';
import { orderKeyBetween } from '#shared/plans/order.ts';
import type { PlanView } from '#shared/plans/read.ts';
import {
  areDatesInOrder,
  mayEditFacts,
  mayEditShared,
  mayHandOver,
  ownerOf,
  type PlanStanding,
  readProgress,
  readTitle,
  writeDates,
} from '#shared/plans/rules.ts';
import { type Spot, spotKeys } from '#shared/plans/spot.ts';
import {
  createTaskId,
  homeOf,
  type PlanTask,
  planLimits,
  type TaskDates,
  type TaskId,
  type TaskKind,
} from '#shared/plans/task.ts';

/** Who edits which plan. `origin` marks the edits in Yjs, so that undo knows its own. */
export interface PlanDesk {
  columns: PlanColumns;
  standing: PlanStanding;
  origin?: unknown;
}

/** What a new task starts with; the rest is empty. */
export interface NewTask {
  title?: string;
  kind?: TaskKind;
  dates?: TaskDates;
  progressPct?: number;
  personId?: string | null;
}

/** Adds a task of one's own side at a spot. @returns its id. @throws rights.missing */
export function addTask(desk: PlanDesk, view: PlanView, spot: Spot, task: NewTask = {}): TaskId {
  const { columns, standing } = desk;
  if (!mayEditShared(standing)) fail('rights.missing');
  const id = createTaskId(standing.side);
  const own = columns.sides[standing.side];
  step(desk, () => {
    own.made.write(id, true);
    own.kind.write(id, task.kind ?? 'task');
    columns.shared.place.write(id, placeAt(view, spot));
    if (task.title !== undefined) columns.shared.title.write(id, readTitle(task.title));
    if (task.dates !== undefined) own.dates.write(id, writeDates(checked(task.dates)));
    if (task.progressPct !== undefined) own.progress.write(id, readProgress(task.progressPct));
    if (task.personId !== undefined) own.person.write(id, task.personId ?? '');
  });
  return id;
}

/** Writes the title, shortened to one line of 300. @throws rights.missing */
export function renameTask(desk: PlanDesk, id: TaskId, title: string): void {
  if (!mayEditShared(desk.standing)) fail('rights.missing');
  step(desk, () => desk.columns.shared.title.write(id, readTitle(title)));
}

/** Puts a task, and all that stands under it, at a spot. @throws rights.missing */
export function moveTask(desk: PlanDesk, view: PlanView, id: TaskId, spot: Spot): void {
  if (!mayEditShared(desk.standing)) fail('rights.missing');
  step(desk, () => desk.columns.shared.place.write(id, placeAt(view, spot, id)));
}

/** Sets both days; a milestone keeps one day, its finish. @throws rights.missing, input.invalid when out of order */
export function setDates(desk: PlanDesk, id: TaskId, dates: TaskDates): void {
  writeFact(desk, id, 'dates', writeDates(checked(dates)));
}

/** Moves the days a task has by whole days; nothing happens when it has none. @throws rights.missing */
export function shiftDates(desk: PlanDesk, id: TaskId, days: number): void {
  const task = taskOf(desk, id);
  const { start, finish } = task.dates;
  if (start === null && finish === null) return;
  const shift = (day: string | null) => (day === null ? null : addDays(day, days));
  setDates(desk, id, { start: shift(start), finish: shift(finish) });
}

/** @throws rights.missing */
export function setProgress(desk: PlanDesk, id: TaskId, progressPct: number): void {
  writeFact(desk, id, 'progress', readProgress(progressPct));
}

/** Names the person of one's own side who does it; null for nobody. @throws rights.missing */
export function setPerson(desk: PlanDesk, id: TaskId, personId: string | null): void {
  writeFact(desk, id, 'person', personId ?? '');
}

/** @throws rights.missing */
export function setKind(desk: PlanDesk, id: TaskId, kind: TaskKind): void {
  writeFact(desk, id, 'kind', kind);
}

/** Removes tasks of one's own side in one step; they can come back with all they hold. @throws rights.missing */
export function removeTasks(desk: PlanDesk, ids: readonly TaskId[]): void {
  step(desk, () => {
    for (const id of ids) writeFact(desk, id, 'removed', true);
  });
}

/**
 * Takes a task back that was just added by mistake, without a trace in the list of removed ones. One that was ever
 * given away is removed like any other.
 */
export function forgetTask(desk: PlanDesk, id: TaskId): void {
  if (!mayEditFacts(desk.standing, taskOf(desk, id)) || homeOf(id) !== desk.standing.side)
    fail('rights.missing');
  if (timesGiven(desk.columns, id)[homeOf(id)] > 0) removeTasks(desk, [id]);
  else step(desk, () => desk.columns.sides[homeOf(id)].made.write(id, false));
}

/** Remembers whether a task's note holds text; written only when that changed. @throws rights.missing */
export function markNote(desk: PlanDesk, id: TaskId, noted: boolean): void {
  if (!mayEditShared(desk.standing)) fail('rights.missing');
  if (taskOf(desk, id).noted !== noted) step(desk, () => desk.columns.shared.noted.write(id, noted));
}

/** Brings a removed task back to where it stood. @throws rights.missing */
export function restoreTask(desk: PlanDesk, id: TaskId): void {
  writeFact(desk, id, 'removed', false);
}

/**
 * Gives a task to the other company: from now on only they write its facts, and only they can give it back.
 * The facts travel; the person does not.
 * @throws rights.missing, plans.wrongState when it has changed hands too often
 */
export function handOver(desk: PlanDesk, id: TaskId): void {
  const task = taskOf(desk, id);
  if (!mayHandOver(desk.standing, task)) fail('rights.missing');
  const given = timesGiven(desk.columns, id);
  const { side } = desk.standing;
  if (Math.max(given.buyer, given.supplier) >= planLimits.handOvers) fail('plans.wrongState');
  step(desk, () => {
    adopt(desk, task);
    const own = desk.columns.sides[side];
    for (let times = given[side]; ownerOf(id, { ...given, [side]: times }) === side; times += 1) {
      own.given.write(id, writeCarried(task));
    }
  });
}

function step(desk: PlanDesk, work: () => void): void {
  desk.columns.transact(work, desk.origin);
}

function taskOf(desk: PlanDesk, id: TaskId): PlanTask {
  return readTask(desk.columns, id) ?? fail('thing.absent');
}

function checked(dates: TaskDates): TaskDates {
  return areDatesInOrder(dates) ? dates : fail('input.invalid', { field: 'dates' });
}

function placeAt(view: PlanView, spot: Spot, moving: TaskId | null = null): string {
  const { after, before } = spotKeys(view, spot, moving);
  return writePlace(spot.parentId, orderKeyBetween(after, before));
}

function writeFact(
  desk: PlanDesk,
  id: TaskId,
  column: Exclude<keyof SideColumns, 'made' | 'given'>,
  value: Value,
) {
  const task = taskOf(desk, id);
  if (!mayEditFacts(desk.standing, task)) fail('rights.missing');
  step(desk, () => {
    adopt(desk, task);
    desk.columns.sides[task.owner][column].write(keyOf(desk, task), value);
  });
}

function keyOf(desk: PlanDesk, task: PlanTask): string {
  return factKey(task.id, timesGiven(desk.columns, task.id)[task.owner]);
}

/** The owner's first word on a received task takes its facts over, so that the giver's document no longer counts. */
function adopt(desk: PlanDesk, task: PlanTask): void {
  const own = desk.columns.sides[task.owner];
  const key = keyOf(desk, task);
  if (own.received.has(key) || own.kind.has(key)) return;
  own.received.write(key, writeCarried(task));
}
