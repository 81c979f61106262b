import { describe, expect, test } from 'vitest';
import { copiedCells, pasteCells } from '#client/plans/table/paste-cells.ts';
import { addTask } from '#shared/plans/edit.ts';
import { readPlan } from '#shared/plans/read.ts';
import { lastSpot } from '#shared/plans/spot.ts';
import { deskOf, planDocs } from '#tests/support/factories/plans.ts';

function setUp() {
  const docs = planDocs();
  const desk = deskOf(docs, 'buyer');
  const latest = () => readPlan(docs);
  const add = (side: 'buyer' | 'supplier', title: string) =>
    addTask(deskOf(docs, side), latest(), lastSpot(latest()), { title });
  const ids = [add('buyer', 'One'), add('supplier', 'Two'), add('buyer', 'Three')];
  const plan = { desk, latest, reading: { today: '2026-11-23', locale: 'en-GB' } };
  const paste = (column: 'title' | 'owner' | 'start', text: string) =>
    pasteCells(plan, latest().rows, { taskId: ids[0] ?? '', column }, copiedCells(text));
  const task = (at: number) => latest().tasks.get(ids[at] ?? '') ?? expect.unreachable();
  return { paste, task };
}

describe('pasting cells', () => {
  test('[PL27] lines go down the column, cells of a line along the row, blank ones write nothing', () => {
    const { paste, task } = setUp();
    expect(paste('title', 'A\r\n\r\nC\r\n')).toEqual({ taken: 2, offered: 2 });
    expect([task(0).title, task(1).title, task(2).title]).toEqual(['A', 'Two', 'C']);
    expect(paste('start', '1 Dec\t5 Dec\t40%')).toEqual({ taken: 3, offered: 3 });
    expect(task(0)).toMatchObject({
      dates: { start: '2026-12-01', finish: '2026-12-05' },
      progressPct: 40,
    });
  });

  test('[PL27] what was not taken is counted: cells of the other company, no day, and past the last row', () => {
    const { paste, task } = setUp();
    expect(paste('start', '1 Dec\n2 Dec\nsoon\n4 Dec')).toEqual({ taken: 1, offered: 4 });
    expect(task(1).dates.start).toBeNull();
    expect(task(2).dates.start).toBeNull();
    expect(paste('owner', 'Piotr')).toEqual({ taken: 0, offered: 1 });
  });
});
