/** Which tasks of an overfull plan are read and shown: the same on every device, and found without looking at all again. */
import { sides } from '#shared/base/audience.ts';
import { homeOf, planLimits, type TaskId } from '#shared/plans/task.ts';

/** The ids of tasks that exist; only those chosen are worth reading. */
export interface Shelf {
  /** Says whether a task exists now; twice the same changes nothing. */
  put(id: TaskId, exists: boolean): void;
  /** At most `planLimits.tasks` ids. Each side is sure of half of it, so that neither can crowd the other out. */
  chosen(): ReadonlySet<TaskId>;
  /** True while more tasks exist than are chosen. */
  isOverfull(): boolean;
  clear(): void;
}

/** An empty shelf. */
export function createShelf(): Shelf {
  const boards = { buyer: createBoard(), supplier: createBoard() };
  return {
    put: (id, exists) => boards[homeOf(id)].put(id, exists),
    chosen() {
      const [ofBuyer, ofSupplier] = sides.map((side) => boards[side].smallest());
      return new Set(share(ofBuyer ?? [], ofSupplier ?? []));
    },
    isOverfull: () => boards.buyer.size() + boards.supplier.size() > planLimits.tasks,
    clear: () => sides.forEach((side) => void boards[side].clear()),
  };
}

function share(one: readonly TaskId[], other: readonly TaskId[]): TaskId[] {
  const half = planLimits.tasks / 2;
  const forOne = Math.max(half, planLimits.tasks - other.length);
  const forOther = planLimits.tasks - Math.min(one.length, forOne);
  return [...one.slice(0, forOne), ...other.slice(0, forOther)];
}

/** The ids of one side: the smallest in order, as many as can ever be shown, and the rest in none. */
function createBoard() {
  let sorted: TaskId[] = [];
  const rest = new Set<TaskId>();
  /** Whether the rest may hold smaller ones than stand in the order. */
  let isLoose = false;

  function take(id: TaskId): void {
    const isFull = sorted.length === planLimits.tasks;
    if (isFull && (sorted.at(-1) ?? '') < id) {
      rest.add(id);
      return;
    }
    const at = placeOf(sorted, id);
    if (sorted[at] === id) return;
    rest.delete(id);
    sorted.splice(at, 0, id);
    if (isFull) rest.add(sorted.pop() ?? id);
  }

  function drop(id: TaskId): void {
    const at = placeOf(sorted, id);
    if (sorted[at] !== id) rest.delete(id);
    else {
      sorted.splice(at, 1);
      isLoose = true;
    }
  }

  return {
    size: () => sorted.length + rest.size,
    put: (id: TaskId, exists: boolean) => (exists ? take(id) : drop(id)),
    /** Looks through the rest only after a place has become free, and once. */
    smallest(): readonly TaskId[] {
      if (isLoose) for (const id of [...rest]) take(id);
      isLoose = false;
      return sorted;
    },
    clear() {
      sorted = [];
      rest.clear();
    },
  };
}

/** Where an id stands in an ordered list, or would stand. */
function placeOf(sorted: readonly TaskId[], id: TaskId): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] ?? id) < id) from = middle + 1;
    else to = middle;
  }
  return from;
}
