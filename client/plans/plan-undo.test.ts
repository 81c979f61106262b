import { describe, expect, test } from 'vitest';
import { createPlanUndo } from '#client/plans/plan-undo.ts';
import {
  addTask,
  handOver,
  type PlanDesk,
  renameTask,
  setDates,
  setKind,
  setProgress,
} from '#shared/plans/edit.ts';
import { readPlan } from '#shared/plans/read.ts';
import { lastSpot } from '#shared/plans/spot.ts';
import { copyOf, deskOf, planDocs, sync } from '#tests/support/factories/plans.ts';

/** A step ends with the turn it was made in. */
const turn = () => new Promise<void>((resolve) => queueMicrotask(resolve));

const dates = { start: '2026-01-06', finish: '2026-01-06' };

async function setup() {
  const docs = planDocs();
  const desk: PlanDesk = { ...deskOf(docs, 'buyer'), origin: 'mine' };
  const undo = createPlanUndo(docs, { origin: 'mine', side: 'buyer' });
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

  test('[PL14] adding a row that is given away is not undone, before the partner writes and after', async () => {
    const { docs, desk, undo, id, task } = await setup();
    setDates(desk, id, dates);
    await turn();
    undo.undo();
    undo.redo();
    handOver(desk, id);
    await turn();
    const given = task();
    expect(given).toMatchObject({ owner: 'supplier', title: 'Kick-off', dates });
    undo.undo();
    expect(task()).toEqual(given);
    undo.undo();
    expect(task()).toEqual(given);
    setProgress(deskOf(docs, 'supplier'), id, 40);
    await turn();
    undo.undo();
    undo.undo();
    expect(task()).toEqual({ ...given, progressPct: 40 });
    undo.redo();
    expect(task()).toEqual({ ...given, progressPct: 40 });
    renameTask(desk, id, 'Kick-off, moved');
    await turn();
    undo.undo();
    expect(task()).toEqual({ ...given, progressPct: 40 });
  });

  test('[PL14] who undoes without knowing of a colleague’s gift changes nothing the partner owns', async () => {
    const { docs, desk, undo, id } = await setup();
    setKind(desk, id, 'milestone');
    setDates(desk, id, dates);
    await turn();
    const colleague = copyOf(docs);
    handOver(deskOf(colleague, 'buyer'), id);
    const { kind, dates: shown } = readPlan(colleague).tasks.get(id) ?? {};
    while (undo.canUndo()) undo.undo();
    expect(readPlan(docs).tasks.has(id)).toBe(false);
    sync(docs, colleague);
    for (const replica of [docs, colleague, copyOf(docs)]) {
      const task = readPlan(replica).tasks.get(id);
      expect(task).toMatchObject({ owner: 'supplier', kind, dates: shown, removed: false });
    }
    expect(undo.canRedo()).toBe(false);
  });

  test('[PL14] a colleague’s gift ends what could be undone, the partner’s does not', async () => {
    const { docs, desk, undo, id, task } = await setup();
    const colleague = copyOf(docs);
    handOver(deskOf(colleague, 'buyer'), id);
    sync(docs, colleague);
    expect(undo.canUndo()).toBe(false);
    expect(undo.undo()).toBe(false);
    renameTask(desk, id, 'Mine');
    await turn();
    handOver(deskOf(docs, 'supplier'), id);
    undo.undo();
    expect(task()).toMatchObject({ owner: 'buyer', title: 'Kick-off' });
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
