/** Reads one task out of a plan's columns, tolerant of anything a hostile or damaged document holds. */
import { otherSide, type Side } from '#shared/base/audience.ts';
import { idShape } from '#shared/base/ids.ts';
import type { PlanColumns, SideColumns } from '#shared/plans/doc.ts';
import { isOrderKey } from '#shared/plans/order.ts';
import { ownerOf, readDates, readProgress, readTitle, writeDates } from '#shared/plans/rules.ts';
import {
  homeOf,
  isTaskId,
  type PlanTask,
  type TaskDates,
  type TaskId,
  type TaskKind,
  type TaskPlace,
  taskKindShape,
} from '#shared/plans/task.ts';

/** The facts that travel with a task when it is given away. */
export interface Facts {
  kind: TaskKind;
  dates: TaskDates;
  progressPct: number;
}

const noFacts: Facts = { kind: 'task', dates: { start: null, finish: null }, progressPct: 0 };

/**
 * The key of a task's facts in its owner's columns. It counts how often that side has given the task away, so
 * what a side wrote before it gave a task away does not come back to life when the task returns.
 */
export function factKey(id: TaskId, timesGiven: number): string {
  return timesGiven === 0 ? id : `${id}.${timesGiven}`;
}

/** How often each side gave a task away. */
export function timesGiven(columns: PlanColumns, id: TaskId): Record<Side, number> {
  return {
    buyer: columns.sides.buyer.given.timesWritten(id),
    supplier: columns.sides.supplier.given.timesWritten(id),
  };
}

/** Whether a task exists: its home side made it, and did not take it back before it was ever given away. */
export function isTask(columns: PlanColumns, id: TaskId): boolean {
  if (!isTaskId(id)) return false;
  const { made, given } = columns.sides[homeOf(id)];
  // `made` can be taken back, by undo or by ill will; a gift cannot, so what was given stays for whoever owns it.
  return made.read(id) === true || given.timesWritten(id) > 0;
}

/** Reads a task; null when it does not exist. */
export function readTask(columns: PlanColumns, id: TaskId): PlanTask | null {
  if (!isTask(columns, id)) return null;
  const given = timesGiven(columns, id);
  const owner = ownerOf(id, given);
  const own = columns.sides[owner];
  const key = factKey(id, given[owner]);
  const person = own.person.read(key);
  const facts = readFacts(columns, id, owner, given);
  return {
    id,
    title: readTitle(columns.shared.title.read(id)),
    place: readPlace(columns.shared.place.read(id)),
    owner,
    ...facts,
    personId: idShape.safeParse(person).success ? String(person) : null,
    removed: own.removed.read(key) === true,
    noted: columns.shared.noted.read(id) === true,
  };
}

/**
 * The owner's own facts; before the owner wrote any, those its gift carries, so that what the giver undoes or writes
 * later to facts of its own is not seen. From the owner's first fact on, nothing of the giver's is read any more.
 */
function readFacts(columns: PlanColumns, id: TaskId, owner: Side, given: Record<Side, number>): Facts {
  const own = factsAt(columns.sides[owner], factKey(id, given[owner]));
  if (own !== null) return own;
  const giver = otherSide(owner);
  const gift = readCarried(columns.sides[giver].given.read(id));
  return gift ?? latestFacts(columns.sides[giver], id, given[giver] - 1) ?? noFacts;
}

/** For a gift that carries nothing readable: the last facts that the giver itself wrote. */
function latestFacts(side: SideColumns, id: TaskId, from: number): Facts | null {
  for (let times = from; times >= 0; times -= 1) {
    const facts = factsAt(side, factKey(id, times));
    if (facts !== null) return facts;
  }
  return null;
}

function factsAt(side: SideColumns, key: string): Facts | null {
  const received = readCarried(side.received.read(key));
  const known = received !== null || side.kind.has(key) || side.dates.has(key) || side.progress.has(key);
  if (!known) return null;
  const before = received ?? noFacts;
  const kind = taskKindShape.safeParse(side.kind.read(key));
  const facts = {
    kind: kind.success ? kind.data : before.kind,
    dates: side.dates.has(key) ? readDates(side.dates.read(key)) : before.dates,
    progressPct: side.progress.has(key) ? readProgress(side.progress.read(key)) : before.progressPct,
  };
  return facts.kind === 'milestone' ? { ...facts, dates: oneDay(facts.dates) } : facts;
}

/** A milestone is one day: its finish, or its start when only that is known. */
function oneDay({ start, finish }: TaskDates): TaskDates {
  const day = finish ?? start;
  return { start: day, finish: day };
}

/** The stored form of facts as they travel: in the gift, and as its owner received them. */
export function writeCarried(facts: Facts): string {
  return `${facts.kind}|${writeDates(facts.dates)}|${facts.progressPct}`;
}

function readCarried(value: unknown): Facts | null {
  if (typeof value !== 'string' || value.length > 60) return null;
  const [kind, dates, progress] = value.split('|');
  const parsed = taskKindShape.safeParse(kind);
  if (!parsed.success) return null;
  return { kind: parsed.data, dates: readDates(dates), progressPct: readProgress(Number(progress)) };
}

function readPlace(value: unknown): TaskPlace {
  if (typeof value !== 'string' || value.length > 240) return { parentId: null, key: null };
  const slash = value.indexOf('/');
  const parent = value.slice(0, Math.max(0, slash));
  const key = value.slice(slash + 1);
  return { parentId: isTaskId(parent) ? parent : null, key: slash >= 0 && isOrderKey(key) ? key : null };
}

/** The stored form of a place. */
export function writePlace(parentId: TaskId | null, key: string): string {
  return `${parentId ?? ''}/${key}`;
}
