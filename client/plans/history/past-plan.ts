/** A plan at a moment of its history: its documents, how it read, and who had written each cell. */
import * as Y from 'yjs';
import type { ReadMoment } from '#client/history/record.ts';
import type { EditMark } from '#client/history/recorded-document.ts';
import type { ColumnId } from '#client/plans/table/columns.ts';
import { otherSide } from '#shared/base/audience.ts';
import { openPlan, type PlanDocs, planDocumentNames } from '#shared/plans/doc.ts';
import { factKey, timesGiven } from '#shared/plans/facts.ts';
import { type PlanView, readPlan } from '#shared/plans/read.ts';
import type { PlanTask } from '#shared/plans/task.ts';

/** Who wrote what stands in a cell; null where that is not known. */
export type CellWriter = (task: PlanTask, column: ColumnId) => EditMark | null;

/** A plan as it can be shown beside another one. */
export interface ShownPlan {
  view: PlanView;
  writer: CellWriter;
}

/** The plan as of a moment. */
export function pastPlan(moment: ReadMoment, planId: string): ShownPlan {
  const names = planDocumentNames(planId);
  const doc = (part: keyof PlanDocs) => moment.doc(names[part]) ?? new Y.Doc();
  const docs = { shared: doc('shared'), buyer: doc('buyer'), supplier: doc('supplier') };
  return { view: readPlan(docs), writer: cellWriter(docs, planId, moment.writer) };
}

/** @param writer - of a thing in a document of the plan, by the document's name */
export function cellWriter(docs: PlanDocs, planId: string, writer: ReadMoment['writer']): CellWriter {
  const names = planDocumentNames(planId);
  const columns = openPlan(docs);
  return (task, column) => {
    const given = timesGiven(columns, task.id);
    const key = factKey(task.id, given[task.owner]);
    for (const [part, root, at] of placesOf(task, column, key)) {
      const item = docs[part].getMap<unknown>(root)._map.get(at);
      if (item !== undefined) return writer(names[part], item.lastId);
    }
    return null;
  };
}

type CellSource = [part: keyof PlanDocs, root: string, key: string];

/** Where a cell's value comes from, the first that was ever written first: itself, the gift that carried it, the making. */
function placesOf(task: PlanTask, column: ColumnId, key: string): CellSource[] {
  const { id, owner } = task;
  const giver = otherSide(owner);
  const gift: CellSource = [giver, 'given', id];
  const made: CellSource[] = [
    [owner, 'made', id],
    [giver, 'made', id],
  ];
  if (column === 'title') return [['shared', 'title', id], ...made];
  const root = { owner: 'person', start: 'dates', finish: 'dates', progress: 'progress' }[column];
  return [[owner, root, key], gift, ...made];
}
