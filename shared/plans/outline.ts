/** Turns a bag of tasks into the ordered tree that everybody sees: the same on every device, whatever the links say. */
import { type PlanTask, planLimits, type TaskDates, type TaskId } from '#shared/plans/task.ts';

/** One visible row of a plan. */
export interface PlanRow {
  task: PlanTask;
  /** Place in the whole plan, from 0; shown as index + 1. */
  index: number;
  /** Levels below the top, 0–8. */
  depth: number;
  /** The row it stands under; null at the top. May differ from the stored parent when that one is removed. */
  parentId: TaskId | null;
  /** Rows directly below it. */
  childCount: number;
  /** Index of the first row that is not below it. */
  end: number;
  /** Its own dates, or the span of the rows below when there are any with dates. */
  dates: TaskDates;
  /** Its own progress, or that of the rows below weighted by their days. */
  progressPct: number;
}

interface Visit {
  task: PlanTask;
  depth: number;
  parentId: TaskId | null;
}

/**
 * Orders tasks: under their parent, by key, then by id. A removed task gives its place to what still stands under
 * it. Unknown parents count as none, and a ring of parents opens at its smallest id.
 */
export function outline(tasks: ReadonlyMap<TaskId, PlanTask>): PlanRow[] {
  const children = childrenByParent(tasks);
  const seen = new Set<TaskId>();
  const rows: PlanRow[] = [];
  walk(children.get(null) ?? [], children, seen, rows);
  for (const id of [...tasks.keys()].sort()) {
    if (seen.has(id)) continue;
    const opening = tasks.get(openingOf(id, tasks));
    if (opening !== undefined) walk([opening], children, seen, rows);
  }
  close(rows);
  return rows;
}

function childrenByParent(tasks: ReadonlyMap<TaskId, PlanTask>): Map<TaskId | null, PlanTask[]> {
  const children = new Map<TaskId | null, PlanTask[]>();
  for (const task of tasks.values()) {
    const { parentId } = task.place;
    const parent = parentId !== null && parentId !== task.id && tasks.has(parentId) ? parentId : null;
    const list = children.get(parent);
    if (list === undefined) children.set(parent, [task]);
    else list.push(task);
  }
  for (const list of children.values()) list.sort(compareTasks);
  return children;
}

/** Order among rows with one parent; tasks without a key come last. */
export function compareTasks(one: PlanTask, two: PlanTask): number {
  if (one.place.key !== two.place.key) {
    if (one.place.key === null) return 1;
    if (two.place.key === null) return -1;
    return one.place.key < two.place.key ? -1 : 1;
  }
  return one.id < two.id ? -1 : 1;
}

/** Depth first with a stack of its own: a hostile chain of thousands of parents must not end the call stack. */
function walk(
  roots: readonly PlanTask[],
  children: ReadonlyMap<TaskId | null, PlanTask[]>,
  seen: Set<TaskId>,
  rows: PlanRow[],
): void {
  const stack: Visit[] = roots.map((task) => ({ task, depth: 0, parentId: null })).reverse();
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    const { task, depth, parentId } = visit;
    if (seen.has(task.id)) continue;
    seen.add(task.id);
    if (!task.removed) rows.push(rowOf(visit, rows.length));
    const below = {
      depth: task.removed ? depth : Math.min(depth + 1, planLimits.depth),
      parentId: task.removed ? parentId : task.id,
    };
    const list = children.get(task.id) ?? [];
    for (let at = list.length - 1; at >= 0; at -= 1) {
      const child = list[at];
      if (child !== undefined) stack.push({ task: child, ...below });
    }
  }
}

function rowOf({ task, depth, parentId }: Visit, index: number): PlanRow {
  const { dates, progressPct } = task;
  return { task, index, depth, parentId, childCount: 0, end: index + 1, dates, progressPct };
}

/** The smallest id of the ring that an unreachable task hangs on. */
function openingOf(id: TaskId, tasks: ReadonlyMap<TaskId, PlanTask>): TaskId {
  const passed = new Set<TaskId>();
  let at = id;
  while (!passed.has(at)) {
    passed.add(at);
    at = tasks.get(at)?.place.parentId ?? at;
  }
  let smallest = at;
  for (
    let next = tasks.get(at)?.place.parentId ?? at;
    next !== at;
    next = tasks.get(next)?.place.parentId ?? at
  ) {
    if (next < smallest) smallest = next;
  }
  return smallest;
}

interface Sum {
  start: string | null;
  finish: string | null;
  days: number;
  done: number;
}

/** Fills in child counts, ends and sums, from the last row to the first, so that every row is met after its own. */
function close(rows: PlanRow[]): void {
  const byId = new Map(rows.map((row) => [row.task.id, row]));
  const sums = new Map<TaskId, Sum>();
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    const row = rows[at];
    if (row === undefined) continue;
    const sum = sums.get(row.task.id);
    if (sum !== undefined) applySum(row, sum);
    const parent = row.parentId === null ? undefined : byId.get(row.parentId);
    if (parent === undefined) continue;
    parent.childCount += 1;
    parent.end = Math.max(parent.end, row.end);
    sums.set(parent.task.id, addRow(sums.get(parent.task.id), row, sum));
  }
}

function applySum(row: PlanRow, sum: Sum): void {
  if (sum.start !== null || sum.finish !== null) row.dates = { start: sum.start, finish: sum.finish };
  row.progressPct = sum.days === 0 ? 0 : Math.round(sum.done / sum.days);
}

function addRow(into: Sum | undefined, row: PlanRow, below: Sum | undefined): Sum {
  const { start, finish } = row.dates;
  const days = below?.days ?? weightOf(row);
  const done = below?.done ?? days * row.progressPct;
  const before = into ?? { start: null, finish: null, days: 0, done: 0 };
  return {
    start: earliest(before.start, start ?? finish),
    finish: latest(before.finish, finish ?? start),
    days: before.days + days,
    done: before.done + done,
  };
}

/** Days a row weighs in the progress above it; a row without both dates weighs one day. */
export function weightOf({ dates: { start, finish } }: PlanRow): number {
  if (start === null || finish === null) return 1;
  return (Date.parse(finish) - Date.parse(start)) / 86_400_000 + 1;
}

function earliest(one: string | null, two: string | null): string | null {
  if (one === null || two === null) return one ?? two;
  return one < two ? one : two;
}

function latest(one: string | null, two: string | null): string | null {
  if (one === null || two === null) return one ?? two;
  return one > two ? one : two;
}
