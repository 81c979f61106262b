/** Keeps the readable plan up to date with its documents, reading again only the tasks that changed. */
import { sides } from '#shared/base/audience.ts';
import { openPlan, type PlanColumns, type PlanDocs } from '#shared/plans/doc.ts';
import { isTask, readTask } from '#shared/plans/facts.ts';
import { outline, type PlanRow } from '#shared/plans/outline.ts';
import { createShelf, type Shelf } from '#shared/plans/shelf.ts';
import { homeOf, isTaskId, type PlanTask, type TaskId, taskIdLength } from '#shared/plans/task.ts';

/** A whole plan at one moment; never changed afterwards. */
export interface PlanView {
  rows: readonly PlanRow[];
  byId: ReadonlyMap<TaskId, PlanRow>;
  /** Every task that is read, removed ones included. */
  tasks: ReadonlyMap<TaskId, PlanTask>;
  /** Removed tasks that can come back, by title. */
  removed: readonly PlanTask[];
  /** True when the documents hold more tasks than are shown. */
  truncated: boolean;
}

/** A plan that follows its documents while somebody listens; shaped for React's external stores. */
export interface PlanReader {
  /** The same object until something changed. */
  view(): PlanView;
  /** Told after the turn in which something changed; `view` is up to date at once. */
  subscribe(listener: () => void): () => void;
}

/** Reads three documents once. Never throws, whatever stands in them. */
export function readPlan(docs: PlanDocs): PlanView {
  return createPlanReader(docs).view();
}

/** Follows three documents. Reading is put off until someone asks for the view; nothing is followed unheard. */
export function createPlanReader(docs: PlanDocs): PlanReader {
  const columns = openPlan(docs);
  const tasks = new Map<TaskId, PlanTask>();
  const shelf = createShelf();
  const listeners = new Set<() => void>();
  const dirty = new Set<TaskId>(knownIds(columns));
  let current: PlanView | null = null;
  let last: PlanView['byId'] = new Map();
  let stops: (() => void)[] = [];
  let isToldSoon = false;

  const changed = (keys: ReadonlySet<string>) => {
    for (const key of keys) dirty.add(key.slice(0, taskIdLength));
    current = null;
    if (isToldSoon) return;
    isToldSoon = true;
    queueMicrotask(tell);
  };

  /** Once for all columns that one step touched: each telling makes the whole view. */
  function tell(): void {
    isToldSoon = false;
    for (const listener of [...listeners]) listener();
  }

  /** What happened while nobody listened is unknown, so everything is read again. */
  function follow(): void {
    tasks.clear();
    shelf.clear();
    for (const id of knownIds(columns)) dirty.add(id);
    current = null;
    stops = allColumns(columns).map((column) => column.watch(changed));
  }

  return {
    view() {
      if (current === null) {
        for (const id of dirty) if (isTaskId(id)) shelf.put(id, isTask(columns, id));
        refresh(columns, tasks, shelf, dirty);
        dirty.clear();
        current = viewOf(new Map(tasks), last, shelf.isOverfull());
        last = current.byId;
      }
      return current;
    },
    subscribe(listener) {
      if (listeners.size === 0) follow();
      listeners.add(listener);
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        for (const stop of stops) stop();
      };
    },
  };
}

function allColumns({ shared, sides: { buyer, supplier } }: PlanColumns) {
  return [...Object.values(shared), ...Object.values(buyer), ...Object.values(supplier)];
}

function* knownIds(columns: PlanColumns): Iterable<TaskId> {
  for (const side of sides) {
    const { made, given } = columns.sides[side];
    for (const ids of [made.keys(), given.everWritten()]) {
      for (const id of ids) if (isTaskId(id) && homeOf(id) === side) yield id;
    }
  }
}

/** Reads what is chosen and changed or new, and forgets what is not chosen any more. */
function refresh(
  columns: PlanColumns,
  tasks: Map<TaskId, PlanTask>,
  shelf: Shelf,
  dirty: ReadonlySet<TaskId>,
): void {
  const chosen = shelf.chosen();
  for (const id of tasks.keys()) if (!chosen.has(id)) tasks.delete(id);
  for (const id of chosen) {
    if (tasks.has(id) && !dirty.has(id)) continue;
    const task = readTask(columns, id);
    if (task !== null) tasks.set(id, task);
  }
}

function viewOf(tasks: ReadonlyMap<TaskId, PlanTask>, last: PlanView['byId'], truncated: boolean): PlanView {
  const rows = outline(tasks).map((row) => sameAsBefore(row, last.get(row.task.id)));
  const removed = [...tasks.values()].filter((task) => task.removed);
  removed.sort((one, two) => (one.title < two.title ? -1 : 1));
  return { rows, byId: new Map(rows.map((row) => [row.task.id, row])), tasks, removed, truncated };
}

/** The row of the last view when nothing in it changed, so that drawing can rest where it need not be done again. */
function sameAsBefore(row: PlanRow, before: PlanRow | undefined): PlanRow {
  const isSame =
    before !== undefined &&
    before.task === row.task &&
    before.index === row.index &&
    before.depth === row.depth &&
    before.parentId === row.parentId &&
    before.childCount === row.childCount &&
    before.end === row.end &&
    before.progressPct === row.progressPct &&
    before.dates.start === row.dates.start &&
    before.dates.finish === row.dates.finish;
  return isSame ? before : row;
}
