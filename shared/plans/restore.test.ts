/** Bringing a plan back to a moment, by hand-made cases and by random sessions of both sides. */
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Side } from '#shared/base/audience.ts';
import { type PlanDocs, undoScope } from '#shared/plans/doc.ts';
import {
  addTask,
  forgetTask,
  handOver,
  moveTask,
  removeTasks,
  renameTask,
  restoreTask,
  setDates,
  setKind,
  setPerson,
  setProgress,
} from '#shared/plans/edit.ts';
import { type PlanView, readPlan } from '#shared/plans/read.ts';
import { applyRestore, planRestore } from '#shared/plans/restore.ts';
import { isSpotOpen, lastSpot } from '#shared/plans/spot.ts';
import type { PlanTask, TaskId } from '#shared/plans/task.ts';
import { SeededRandom } from '#tests/live/seeded-random.ts';
import { copyOf, deskOf, planDocs, sync } from '#tests/support/factories/plans.ts';

const dates = { start: '2026-11-23', finish: '2026-11-27' };

function add(docs: PlanDocs, side: Side, title: string): TaskId {
  const view = readPlan(docs);
  return addTask(deskOf(docs, side), view, lastSpot(view), { title });
}

function restore(docs: PlanDocs, side: Side, then: PlanView, only?: TaskId) {
  const desk = deskOf(docs, side);
  const plan = planRestore(desk.standing, readPlan(docs), then, only);
  return { ...plan, written: applyRestore(desk, plan) };
}

const taskOf = (docs: PlanDocs, id: TaskId) => readPlan(docs).tasks.get(id);

describe('restoring a plan', () => {
  test('[PL37] what one may write is brought back: titles, places, and the facts of one’s own tasks', () => {
    const docs = planDocs();
    const [own, theirs] = [add(docs, 'buyer', 'Own'), add(docs, 'supplier', 'Theirs')];
    setDates(deskOf(docs, 'buyer'), own, dates);
    const then = readPlan(docs);
    const buyer = deskOf(docs, 'buyer');
    setDates(buyer, own, { start: null, finish: '2026-12-31' });
    setProgress(buyer, own, 80);
    renameTask(buyer, theirs, 'Renamed');
    removeTasks(buyer, [own]);
    setProgress(deskOf(docs, 'supplier'), theirs, 50);
    const late = add(docs, 'buyer', 'Late');
    const { left } = restore(docs, 'buyer', then);
    expect(taskOf(docs, own)).toEqual(then.tasks.get(own));
    expect(taskOf(docs, theirs)).toMatchObject({ title: 'Theirs', progressPct: 50 });
    expect(taskOf(docs, late)?.removed).toBe(true);
    expect(left).toEqual([{ id: theirs, title: 'Theirs', cells: ['progressPct'], why: 'otherSide' }]);
  });

  test('[PL37] a row made since by the other side stays, and a row taken back since is made again', () => {
    const docs = planDocs();
    const own = add(docs, 'buyer', 'Own');
    setPerson(deskOf(docs, 'buyer'), own, 'p'.repeat(20));
    const then = readPlan(docs);
    forgetTask(deskOf(docs, 'buyer'), own);
    const theirs = add(docs, 'supplier', 'Theirs');
    expect(restore(docs, 'supplier', then).left).toEqual([
      { id: own, title: 'Own', cells: expect.arrayContaining(['made']), why: 'otherSide' },
    ]);
    expect(taskOf(docs, theirs)?.removed).toBe(true);
    restoreTask(deskOf(docs, 'supplier'), theirs);
    const { left } = restore(docs, 'buyer', then);
    expect(left).toEqual([{ id: theirs, title: 'Theirs', cells: ['removed'], why: 'otherSide' }]);
    expect(taskOf(docs, own)).toEqual(then.tasks.get(own));
  });

  test('[PL38] a task handed over since stays with its owner, who alone brings its facts back', () => {
    const docs = planDocs();
    const id = add(docs, 'buyer', 'Tool');
    setDates(deskOf(docs, 'buyer'), id, dates);
    setPerson(deskOf(docs, 'buyer'), id, 'p'.repeat(20));
    const then = readPlan(docs);
    handOver(deskOf(docs, 'buyer'), id);
    setDates(deskOf(docs, 'supplier'), id, { start: null, finish: null });
    const byBuyer = restore(docs, 'buyer', then);
    expect(byBuyer).toMatchObject({
      written: 0,
      left: [{ id, cells: ['dates', 'personId', 'owner'], why: 'handedOver' }],
    });
    const bySupplier = restore(docs, 'supplier', then);
    expect(bySupplier.left).toMatchObject([{ id, cells: ['personId', 'owner'], why: 'handedOver' }]);
    expect(taskOf(docs, id)).toMatchObject({ owner: 'supplier', dates, personId: null });
  });

  test('[PL38] who may not write the plan now brings nothing back, and is told of every row', () => {
    const docs = planDocs();
    const id = add(docs, 'buyer', 'Tool');
    const then = readPlan(docs);
    renameTask(deskOf(docs, 'buyer'), id, 'Other');
    const plan = planRestore({ side: 'buyer', mayWrite: false }, readPlan(docs), then);
    expect(plan).toEqual({ rows: [], left: [{ id, title: 'Tool', cells: ['title'], why: 'readOnly' }] });
  });

  test('[PL39] one row alone is brought back, and nothing is written that does not differ', () => {
    const docs = planDocs();
    const [one, two] = [add(docs, 'buyer', 'One'), add(docs, 'buyer', 'Two')];
    const then = readPlan(docs);
    for (const id of [one, two]) setProgress(deskOf(docs, 'buyer'), id, 90);
    const written: string[] = [];
    for (const name of ['title', 'place', 'progress', 'kind', 'dates', 'removed']) {
      for (const doc of [docs.shared, docs.buyer]) {
        doc
          .getMap(name)
          .observe((event) => written.push(...Array.from(event.keysChanged, (key) => `${name} ${key}`)));
      }
    }
    expect(restore(docs, 'buyer', then, one).written).toBe(1);
    expect(written).toEqual([`progress ${one}`]);
    expect(taskOf(docs, two)?.progressPct).toBe(90);
    expect(restore(docs, 'buyer', then, one).written).toBe(0);
  });

  test('[PL39] a whole restore is one step of undo', () => {
    const docs = planDocs();
    const [one, two] = [add(docs, 'buyer', 'One'), add(docs, 'buyer', 'Two')];
    const then = readPlan(docs);
    for (const id of [one, two]) renameTask(deskOf(docs, 'buyer'), id, 'x');
    setProgress(deskOf(docs, 'buyer'), two, 10);
    const before = readPlan(docs);
    const undos = (['shared', 'buyer'] as const).map((part) => {
      const scope = undoScope(docs).filter((map) => map.doc === docs[part]);
      return new Y.UndoManager(scope, { trackedOrigins: new Set(['buyer']), captureTimeout: 0 });
    });
    restore(docs, 'buyer', then);
    expect(sameFor(readPlan(docs), then)).toBe(true);
    for (const undo of undos) undo.undo();
    expect([...readPlan(docs).tasks.values()]).toEqual([...before.tasks.values()]);
    expect(undos.map((undo) => undo.undoStack.length)).toEqual([0, 0]);
  });

  test('[PL40] edits made elsewhere at the same time survive where the restore did not touch', () => {
    const docs = planDocs();
    const [one, two] = [add(docs, 'buyer', 'One'), add(docs, 'buyer', 'Two')];
    const then = readPlan(docs);
    renameTask(deskOf(docs, 'buyer'), one, 'x');
    const elsewhere = copyOf(docs);
    renameTask(deskOf(elsewhere, 'supplier'), two, 'Second');
    const late = add(elsewhere, 'supplier', 'Late');
    restore(docs, 'buyer', then);
    sync(docs, elsewhere);
    for (const each of [docs, elsewhere]) {
      const titles = readPlan(each).rows.map(({ task }) => task.title);
      expect(titles).toEqual(['One', 'Second', 'Late']);
      expect(taskOf(each, late)?.removed).toBe(false);
    }
  });

  test('[PL40] after both sides restored, a plan is as it was, and a restore can be restored (80 random sessions)', () => {
    for (let seed = 1; seed <= 80; seed += 1) {
      const random = new SeededRandom(seed);
      const docs = planDocs();
      for (let step = 0; step < 25; step += 1) randomEdit(docs, random);
      const then = readPlan(docs);
      for (let step = 0; step < 25; step += 1) randomEdit(docs, random);
      const later = readPlan(docs);
      // Twice, because the second side may make a row again that the first could not write to while it was away.
      for (const side of ['buyer', 'supplier', 'buyer'] as const) restore(docs, side, then);
      expect({ seed, same: sameFor(readPlan(docs), then) }).toEqual({ seed, same: true });
      for (const side of ['buyer', 'supplier', 'buyer'] as const) restore(docs, side, later);
      expect({ seed, same: sameFor(readPlan(docs), later) }).toEqual({ seed, same: true });
    }
  });
});

function randomEdit(docs: PlanDocs, random: SeededRandom): void {
  const view = readPlan(docs);
  const side = random.pick(['buyer', 'supplier'] as const);
  const desk = deskOf(docs, side);
  const own = [...view.tasks.values()].filter((task) => task.owner === side);
  const any = [...view.tasks.keys()];
  const id = own.length === 0 ? null : random.pick(own).id;
  const other = any.length === 0 ? null : random.pick(any);
  if (id === null || other === null || random.below(5) === 0) {
    add(docs, side, `Task ${random.below(99)}`);
    return;
  }
  const task = view.tasks.get(id);
  const parentId = random.pick([null, ...view.byId.keys()]);
  const spot = { parentId, afterId: null };
  const edits = [
    () => renameTask(desk, other, `Title ${random.below(99)}`),
    () => isSpotOpen(view, other, spot) && moveTask(desk, view, other, spot),
    () =>
      setDates(
        desk,
        id,
        random.pick([dates, { start: null, finish: '2026-12-01' }, { start: null, finish: null }]),
      ),
    () => setProgress(desk, id, random.below(101)),
    () => setPerson(desk, id, random.pick([null, 'p'.repeat(20), 'q'.repeat(20)])),
    () => setKind(desk, id, random.pick(['phase', 'task', 'milestone'] as const)),
    () => (task?.removed === true ? restoreTask(desk, id) : removeTasks(desk, [id])),
    () => task?.removed === false && handOver(desk, id),
  ];
  random.pick(edits)();
}

/** Whether two views show the same, but for whose a task is and who does one that has changed hands. */
function sameFor(one: PlanView, two: PlanView): boolean {
  const told = (view: PlanView, other: PlanView) =>
    JSON.stringify(
      view.rows.map(({ task, index, depth, parentId }) => [index, depth, parentId, cellsOf(task, other)]),
    );
  return told(one, two) === told(two, one);
}

function cellsOf(task: PlanTask, other: PlanView) {
  const { id, title, kind, place, dates: days, progressPct, personId, removed } = task;
  const hands = other.tasks.get(id)?.owner === task.owner ? personId : null;
  return [id, title, kind, place, days, progressPct, removed, hands];
}
