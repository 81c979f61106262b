/** Which rows and cells of a plan a stretch of work wrote, told by what it wrote in the plan's documents. */
import type { HistoryRecord } from '#client/history/record.ts';
import { type ColumnId, columns } from '#client/plans/table/columns.ts';
import type { Change } from '#shared/history/shape.ts';
import { noteDocumentName } from '#shared/plans/doc.ts';
import { isTaskId, type TaskId, taskIdLength } from '#shared/plans/task.ts';

/** Cells by task, in the order they were met; a task whose place or note alone was written has none. */
export type WorkCells = Map<TaskId, Set<ColumnId>>;

const cellsOfRoot: Record<string, readonly ColumnId[]> = {
  title: ['title'],
  place: [],
  noted: [],
  kind: ['title'],
  dates: ['start', 'finish'],
  progress: ['progress'],
  person: ['owner'],
  given: ['owner'],
  made: columns,
  removed: columns,
};

/** Reads only what is on the device: nothing is known of what the record does not have. */
export function workCells(record: HistoryRecord, planId: string, change: Change): WorkCells {
  const found: WorkCells = new Map();
  const stint = {
    memberId: change.memberId,
    fromMs: Date.parse(change.from),
    toMs: Date.parse(change.to),
  };
  const notes = noteDocumentName(planId, '');
  for (const { document } of change.documents) {
    if (document.startsWith(notes)) {
      put(found, document.slice(notes.length), []);
      continue;
    }
    for (const { root, key } of record.touched(document, stint)) {
      const cells = cellsOfRoot[root];
      if (cells !== undefined) put(found, key.slice(0, taskIdLength), cells);
    }
  }
  return found;
}

function put(found: WorkCells, id: string, cells: readonly ColumnId[]): void {
  if (!isTaskId(id)) return;
  found.set(id, new Set([...(found.get(id) ?? []), ...cells]));
}
