/** How a plan lies in Yjs: three documents, each a few flat root maps ("columns") from a task's id to one plain value. */
import type * as Y from 'yjs';
import type { Side } from '#shared/base/audience.ts';
import { planLimits, type TaskId } from '#shared/plans/task.ts';

/** The three documents of one plan: one audience and one write right each. */
export interface PlanDocs {
  shared: Y.Doc;
  buyer: Y.Doc;
  supplier: Y.Doc;
}

/** The name of each document on the wire. */
export function planDocumentNames(planId: string): Record<keyof PlanDocs, string> {
  return {
    shared: `plan/${planId}/shared`,
    buyer: `plan/${planId}/buyer`,
    supplier: `plan/${planId}/supplier`,
  };
}

/** The name of a task's note: rich text that both sides write, in the XML fragment `noteField`. */
export function noteDocumentName(planId: string, taskId: TaskId): string {
  return `plan-note/${planId}/${taskId}`;
}

/** Root name of the rich text inside a note's document. */
export const noteField = 'note';

/** What a column may hold; whatever else a document holds is read as unknown and judged by the reader. */
export type Value = string | number | boolean | null;

/** One column: a flat map from keys to values, without any nesting, so that two firsts of one key cannot lose edits. */
export interface Column {
  read(key: string): unknown;
  write(key: string, value: Value): void;
  keys(): Iterable<string>;
  has(key: string): boolean;
  /**
   * How often a key was ever written, deleted values included; at most `planLimits.handOvers` + 1.
   * It can only grow: Yjs keeps a stone for each deleted value of a root map (source: yjs 13.6 `Item.gc`).
   */
  timesWritten(key: string): number;
  /** Keys with `timesWritten` above 0, deleted ones included. */
  everWritten(): Iterable<string>;
  /** @returns a function that stops watching */
  watch(listener: (keys: ReadonlySet<string>) => void): () => void;
}

/** Columns of the shared document, by task id: `place` holds `<parent id or nothing>/<order key>`. */
export interface SharedColumns {
  title: Column;
  place: Column;
  /** true while the task's note holds text, so that lists need not open every note. */
  noted: Column;
}

/** Columns of one side's document. All but `made` and `given` are keyed by `factKey`. */
export interface SideColumns {
  /** Task id → true: this side made it. Ids of the other side count for nothing, and once it is given its gift counts. */
  made: Column;
  /** Task id → the facts the gift carries; who owns follows only from how often it was written (PL3). */
  given: Column;
  /** Task kind. */
  kind: Column;
  /** `start/finish` as an ISO 8601 interval. */
  dates: Column;
  /** Whole percent. */
  progress: Column;
  /** Member id, '' for nobody. */
  person: Column;
  /** true = removed; the facts stay, so it can come back. */
  removed: Column;
  /** `kind|dates|progress` as they stood when the owner first wrote after receiving the task. */
  received: Column;
}

/** A plan opened for reading and writing. */
export interface PlanColumns {
  shared: SharedColumns;
  sides: Record<Side, SideColumns>;
  /** Runs edits as one step in each document, so that they travel and undo together. */
  transact(work: () => void, origin?: unknown): void;
}

const sideRoots = ['made', 'given', 'kind', 'dates', 'progress', 'person', 'removed', 'received'] as const;

/** Opens the columns of three documents; the same documents give equal, independent handles. */
export function openPlan(docs: PlanDocs): PlanColumns {
  return {
    shared: {
      title: column(docs.shared, 'title'),
      place: column(docs.shared, 'place'),
      noted: column(docs.shared, 'noted'),
    },
    sides: { buyer: sideColumns(docs.buyer), supplier: sideColumns(docs.supplier) },
    transact(work, origin = null) {
      docs.shared.transact(
        () => docs.buyer.transact(() => docs.supplier.transact(work, origin), origin),
        origin,
      );
    },
  };
}

/** The maps that undo may take back: everything but giving, which is confirmed and final. */
export function undoScope(docs: PlanDocs): Y.Map<unknown>[] {
  const undone = sideRoots.filter((name) => name !== 'given' && name !== 'received');
  return [
    docs.shared.getMap('title'),
    docs.shared.getMap('place'),
    ...undone.map((name) => docs.buyer.getMap(name)),
    ...undone.map((name) => docs.supplier.getMap(name)),
  ];
}

function sideColumns(doc: Y.Doc): SideColumns {
  return {
    made: column(doc, 'made'),
    given: column(doc, 'given'),
    kind: column(doc, 'kind'),
    dates: column(doc, 'dates'),
    progress: column(doc, 'progress'),
    person: column(doc, 'person'),
    removed: column(doc, 'removed'),
    received: column(doc, 'received'),
  };
}

function column(doc: Y.Doc, name: string): Column {
  const map = doc.getMap<unknown>(name);
  return {
    read: (key) => map.get(key),
    write: (key, value) => {
      map.set(key, value);
    },
    keys: () => map.keys(),
    has: (key) => map.has(key),
    timesWritten: (key) => timesWritten(map, key),
    everWritten: () => map._map.keys(),
    watch(listener) {
      const observer = (event: Y.YMapEvent<unknown>) => listener(event.keysChanged);
      map.observe(observer);
      return () => map.unobserve(observer);
    },
  };
}

function timesWritten(map: Y.Map<unknown>, key: string): number {
  let times = 0;
  let item = map._map.get(key) ?? null;
  // Bounded, because a hostile writer may have written a key a million times.
  while (item !== null && times <= planLimits.handOvers) {
    times += item.length;
    item = item.left;
  }
  return Math.min(times, planLimits.handOvers + 1);
}
