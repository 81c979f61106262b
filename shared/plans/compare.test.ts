/** Comparing two moments of a plan, as a table shows it. */
import { describe, expect, test } from 'vitest';
import { comparePlans } from '#shared/plans/compare.ts';
import {
  addTask,
  forgetTask,
  handOver,
  moveTask,
  removeTasks,
  renameTask,
  restoreTask,
  setDates,
  setProgress,
} from '#shared/plans/edit.ts';
import { readPlan } from '#shared/plans/read.ts';
import { lastSpot } from '#shared/plans/spot.ts';
import { deskOf, planDocs } from '#tests/support/factories/plans.ts';

function world() {
  const docs = planDocs();
  const desk = deskOf(docs, 'buyer');
  const add = (title: string) => {
    const view = readPlan(docs);
    return addTask(desk, view, lastSpot(view), { title });
  };
  return { docs, desk, add };
}

describe('comparing two moments of a plan', () => {
  test('[PL35] a moment differs from itself in nothing', () => {
    const { docs, add } = world();
    add('One');
    expect(comparePlans(readPlan(docs), readPlan(docs))).toEqual([]);
  });

  test('[PL35] a row added, removed, brought back, and one that came and went, are each told as that', () => {
    const { docs, desk, add } = world();
    const [kept, gone, back] = [add('Kept'), add('Gone'), add('Back')];
    removeTasks(desk, [back]);
    const before = readPlan(docs);
    removeTasks(desk, [gone]);
    restoreTask(desk, back);
    const fresh = add('Fresh');
    removeTasks(desk, [add('Came and went')]);
    forgetTask(desk, add('Mistake'));
    const changes = comparePlans(before, readPlan(docs));
    expect(
      changes.map(({ id, fate, indexBefore, indexAfter }) => [id, fate, indexBefore, indexAfter]),
    ).toEqual([
      [back, 'returned', null, 1],
      [fresh, 'added', null, 2],
      [gone, 'removed', 1, null],
    ]);
    expect(changes.some(({ id }) => id === kept)).toBe(false);
    expect(comparePlans(readPlan(docs), before).map(({ id, fate }) => [id, fate])).toEqual([
      [gone, 'returned'],
      [back, 'removed'],
      [fresh, 'removed'],
    ]);
  });

  test('[PL36] a changed row names each cell that differs, before and after', () => {
    const { docs, desk, add } = world();
    const [one, two] = [add('One'), add('Two')];
    const before = readPlan(docs);
    renameTask(desk, one, 'First');
    setDates(desk, one, { start: '2026-11-23', finish: '2026-11-27' });
    setProgress(desk, one, 30);
    moveTask(desk, readPlan(docs), two, { parentId: one, afterId: null });
    handOver(desk, two);
    const [first, second] = comparePlans(before, readPlan(docs));
    expect(first).toMatchObject({ id: one, fate: 'changed', moved: false, handedOver: false });
    expect(first?.cells).toEqual([
      { cell: 'title', before: 'One', after: 'First' },
      { cell: 'start', before: null, after: '2026-11-23' },
      { cell: 'finish', before: null, after: '2026-11-27' },
      { cell: 'progressPct', before: 0, after: 30 },
    ]);
    expect(second).toMatchObject({ id: two, moved: true, handedOver: true });
    expect(second?.cells.map(({ cell }) => cell)).toEqual(['place', 'owner']);
  });

  test('[PL36] a row that only stands elsewhere because others came or went is no change', () => {
    const { docs, desk, add } = world();
    const first = add('First');
    add('Second');
    const before = readPlan(docs);
    addTask(desk, readPlan(docs), { parentId: null, afterId: null }, { title: 'New top' });
    removeTasks(desk, [first]);
    expect(comparePlans(before, readPlan(docs)).map(({ fate }) => fate)).toEqual(['added', 'removed']);
  });
});
