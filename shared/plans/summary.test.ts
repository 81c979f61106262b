import { describe, expect, test } from 'vitest';
import { addTask, handOver, setProgress } from '#shared/plans/edit.ts';
import { readPlan } from '#shared/plans/read.ts';
import { lastSpot } from '#shared/plans/spot.ts';
import { readSummary, summarizePlan } from '#shared/plans/summary.ts';
import { planFactsShape, planSummaryShape } from '#shared/plans/summary-shape.ts';
import { deskOf, planDocs } from '#tests/support/factories/plans.ts';

const days = (start: string, finish: string) => ({ dates: { start, finish } });

/** A phase over two tasks of the buyer, a task of the supplier, and two milestones. */
function samplePlan() {
  const docs = planDocs();
  const [buyer, supplier] = [deskOf(docs, 'buyer'), deskOf(docs, 'supplier')];
  const add = (desk: typeof buyer, more: object, parentId: string | null = null) =>
    addTask(desk, readPlan(docs), { ...lastSpot(readPlan(docs)), parentId, afterId: null }, more as never);
  const phase = add(buyer, { title: 'Tooling', kind: 'phase' });
  const drawing = add(
    buyer,
    { title: 'Drawing', ...days('2026-11-02', '2026-11-05'), progressPct: 100 },
    phase,
  );
  const order = add(buyer, { title: 'Order', ...days('2026-11-06', '2026-11-11'), progressPct: 50 }, phase);
  add(supplier, { title: 'Mould', ...days('2026-11-12', '2026-11-21') });
  add(supplier, { title: 'Without days' });
  add(supplier, { title: 'First parts', kind: 'milestone', ...days('2026-11-23', '2026-11-23') });
  add(buyer, { title: 'Release', kind: 'milestone', ...days('2026-12-01', '2026-12-01') });
  return { docs, buyer, supplier, drawing, order };
}

describe('what a list says of a plan', () => {
  test('[PL34] tasks, milestones, progress by days, first and last day, and the next milestone', () => {
    const facts = summarizePlan(readPlan(samplePlan().docs));
    expect(planFactsShape.parse(facts)).toEqual({
      tasks: 4,
      milestones: 2,
      done: 1,
      // 4 days done and 3 of 6, of 4 + 6 + 10 + 1 + 1 + 1 days.
      progressPct: 30,
      start: '2026-11-02',
      finish: '2026-12-01',
      nextMilestone: { title: 'First parts', day: '2026-11-23' },
      open: {
        buyer: [
          ['2026-11-11', 1],
          ['2026-12-01', 1],
        ],
        supplier: [
          ['2026-11-21', 1],
          ['2026-11-23', 1],
        ],
      },
    });
  });

  test('[PL34] late is what its side should have finished before today; what is done or handed over is not', () => {
    const { docs, buyer, order } = samplePlan();
    const lateOn = (today: string) => readSummary(summarizePlan(readPlan(docs)), 1, today).late;
    expect(lateOn('2026-11-11')).toEqual({ buyer: 0, supplier: 0 });
    expect(lateOn('2026-11-12')).toEqual({ buyer: 1, supplier: 0 });
    expect(lateOn('2027-01-01')).toEqual({ buyer: 2, supplier: 2 });
    handOver(buyer, order);
    expect(lateOn('2026-11-12')).toEqual({ buyer: 0, supplier: 1 });
    setProgress(deskOf(docs, 'supplier'), order, 100);
    expect(lateOn('2026-11-12')).toEqual({ buyer: 0, supplier: 0 });
  });

  test('[PL34] an empty plan says nothing that is not so', () => {
    const facts = summarizePlan(readPlan(planDocs()));
    expect(planSummaryShape.parse(readSummary(facts, 1, '2026-11-12'))).toMatchObject({
      tasks: 0,
      progressPct: 0,
      start: null,
      nextMilestone: null,
      late: { buyer: 0, supplier: 0 },
    });
  });
});
