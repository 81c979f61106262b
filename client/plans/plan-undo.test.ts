import { describe, expect, test } from 'vitest';
import { createPlanUndo } from '#client/plans/plan-undo.ts';
import { addTask, handOver, type PlanDesk, renameTask, setProgress } from '#shared/plans/edit.ts';
import { readPlan } from '#shared/plans/read.ts';
import { lastSpot } from '#shared/plans/spot.ts';
import { copyOf, deskOf, planDocs, sync } from '#tests/support/factories/plans.ts';

/** A step ends with the turn it was made in. */
const turn = () => new Promise<void>((resolve) => queueMicrotask(resolve));

async function setup() {
  const docs = planDocs();
  const desk: PlanDesk = { ...deskOf(docs, 'buyer'), origin: 'mine' };
  const undo = createPlanUndo(docs, 'mine');
  const view = readPlan(docs);
  const id = addTask(desk, view, lastSpot(view), { title: 'Kick-off' });
  await turn();
  const task = () => readPlan(docs).tasks.get(id);
  return { docs, desk, undo, id, task };
}

describe('undo in a plan', () => {
  test('[PL14] a step over two documents is taken back and done again as one', async () => {
    const { undo, docs, task } = await setup();
    undo.undo();
    expect(readPlan(docs).rows).toEqual([]);
    undo.redo();
    expect(task()).toMatchObject({ title: 'Kick-off', kind: 'task' });
  });

  test('[PL14] steps go back one by one, in order, whatever document they are in', async () => {
    const { desk, undo, id, task } = await setup();
    renameTask(desk, id, 'Kick-off meeting');
    await turn();
    setProgress(desk, id, 50);
    await turn();
    undo.undo();
    expect(task()).toMatchObject({ title: 'Kick-off meeting', progressPct: 0 });
    undo.undo();
    expect(task()).toMatchObject({ title: 'Kick-off', progressPct: 0 });
    undo.redo();
    undo.redo();
    expect(task()).toMatchObject({ title: 'Kick-off meeting', progressPct: 50 });
  });

  test('[PL14] what the partner wrote over my text stays; undo goes on to my step before', async () => {
    const { docs, desk, undo, id, task } = await setup();
    setProgress(desk, id, 30);
    await turn();
    renameTask(desk, id, 'Mine');
    await turn();
    const partner = copyOf(docs);
    renameTask(deskOf(partner, 'supplier'), id, 'Theirs');
    sync(docs, partner);
    undo.undo();
    expect(task()?.title).toBe('Theirs');
  });

  test('[PL14] a gift is never taken back', async () => {
    const { docs, desk, undo, id, task } = await setup();
    setProgress(desk, id, 30);
    await turn();
    handOver(desk, id);
    await turn();
    undo.undo();
    expect(readPlan(docs).tasks.get(id)?.owner).toBe('supplier');
    expect(task()?.owner).toBe('supplier');
  });

  test('[PL14] a new edit ends what could be done again', async () => {
    const { desk, undo, id, task } = await setup();
    setProgress(desk, id, 30);
    await turn();
    undo.undo();
    renameTask(desk, id, 'Other');
    await turn();
    undo.redo();
    expect(task()).toMatchObject({ title: 'Other', progressPct: 0 });
  });
});
