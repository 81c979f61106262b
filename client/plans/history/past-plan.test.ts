import { describe, expect, test } from 'vitest';
import type * as Y from 'yjs';
import { HistoryRecord } from '#client/history/record.ts';
import { cellWriter } from '#client/plans/history/past-plan.ts';
import { workCells } from '#client/plans/history/work-cells.ts';
import { planDocumentNames } from '#shared/plans/doc.ts';
import { addTask, handOver, renameTask, setDates } from '#shared/plans/edit.ts';
import { readPlan } from '#shared/plans/read.ts';
import { lastSpot } from '#shared/plans/spot.ts';
import { aChange } from '#tests/support/factories/history.ts';
import { deskOf, planDocs } from '#tests/support/factories/plans.ts';

const planId = '0123456789abcdefghjk';
const names = planDocumentNames(planId);
const author = {
  memberId: 'a'.repeat(20),
  memberName: 'Eleni',
  companyName: 'Aegean',
  side: 'buyer',
} as const;

/** Every edit of a plan as a step of a record; `now.ms` is its moment. */
function recorded() {
  const docs = planDocs();
  const record = new HistoryRecord();
  const now = { ms: 1_000 };
  let seq = 0;
  for (const part of ['shared', 'buyer', 'supplier'] as const) {
    docs[part].on('update', (update: Uint8Array) => {
      seq += 1;
      const step = { document: 0, first: seq, last: seq, author: 0, sinceMs: now.ms, atMs: now.ms, update };
      record.add({ untilMs: now.ms, authors: [author], documents: [names[part]], steps: [step] });
    });
  }
  const desk = deskOf(docs, 'buyer');
  const id = addTask(desk, readPlan(docs), lastSpot(readPlan(docs)), { title: 'Tool' });
  return { docs, record, now, desk, id };
}

describe('who wrote the cells of a plan', () => {
  test('[PL47] is told cell by cell; a cell nobody wrote has the hand that made the row', () => {
    const { docs, record, now, desk, id } = recorded();
    now.ms = 2_000;
    setDates(desk, id, { start: '2027-03-01', finish: null });
    now.ms = 3_000;
    renameTask(desk, id, 'Tooling');
    const task = readPlan(docs).tasks.get(id);
    if (task === undefined) throw new Error('no task');
    const writer = cellWriter(docs, planId, record.latest().writer);
    const when = (['title', 'start', 'progress'] as const).map((column) => writer(task, column)?.atMs);
    expect(when).toEqual([3_000, 2_000, 1_000]);
    now.ms = 4_000;
    handOver(desk, id);
    const given = readPlan(docs).tasks.get(id) ?? task;
    expect(cellWriter(docs, planId, record.latest().writer)(given, 'start')?.atMs).toBe(4_000);
    const nobody: (name: string, id: Y.ID) => null = () => null;
    expect(cellWriter(docs, planId, nobody)(task, 'title')).toBeNull();
  });

  test('[PL47] a stretch of work is told by the rows and cells it wrote, notes by their row', () => {
    const { record, now, desk, id } = recorded();
    now.ms = 2_000;
    setDates(desk, id, { start: '2027-03-01', finish: null });
    const noted = `b${'1'.repeat(20)}`;
    const change = aChange({
      memberId: author.memberId,
      from: new Date(1_500).toISOString(),
      to: new Date(2_500).toISOString(),
      documents: [
        { document: names.buyer, first: 1, last: 9 },
        { document: `plan-note/${planId}/${noted}`, first: 1, last: 1 },
      ],
    });
    const cells = workCells(record, planId, change);
    expect([...cells].map(([task, columns]) => [task, [...columns]])).toEqual([
      [id, ['start', 'finish']],
      [noted, []],
    ]);
  });
});
