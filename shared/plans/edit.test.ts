import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { undoScope } from '#shared/plans/doc.ts';
import {
  addTask,
  handOver,
  moveTask,
  type PlanDesk,
  removeTasks,
  renameTask,
  restoreTask,
  setDates,
  setKind,
  setPerson,
  setProgress,
  shiftDates,
} from '#shared/plans/edit.ts';
import { createPlanReader, readPlan } from '#shared/plans/read.ts';
import { lastSpot } from '#shared/plans/spot.ts';
import { copyOf, deskOf, planDocs, sync } from '#tests/support/factories/plans.ts';

const person = 'p'.repeat(20);
const dates = { start: '2026-11-23', finish: '2026-11-27' };

function add(docs: ReturnType<typeof planDocs>, desk: PlanDesk, title: string, more = {}) {
  const view = readPlan(docs);
  return addTask(desk, view, lastSpot(view), { title, ...more });
}

const titles = (docs: ReturnType<typeof planDocs>) => readPlan(docs).rows.map((row) => row.task.title);

describe('editing a plan', () => {
  test('[PL1] a task added by one side is read by both, with its facts', () => {
    const buyer = planDocs();
    const supplier = planDocs();
    const id = add(buyer, deskOf(buyer, 'buyer'), ' Drawing\nfreeze ', {
      dates,
      progressPct: 40,
      personId: person,
    });
    sync(buyer, supplier);
    expect(readPlan(supplier).rows[0]?.task).toMatchObject({
      id,
      title: 'Drawing freeze',
      kind: 'task',
      owner: 'buyer',
      dates,
      progressPct: 40,
      personId: person,
      removed: false,
    });
  });

  test('[PL4] the other side cannot change dates, progress, person, kind or removal, nor give the task', () => {
    const docs = planDocs();
    const id = add(docs, deskOf(docs, 'buyer'), 'Drawing freeze');
    const desk = deskOf(docs, 'supplier');
    const attempts = [
      () => setDates(desk, id, dates),
      () => shiftDates({ ...desk, standing: { side: 'supplier', mayWrite: false } }, 'b'.padEnd(21, '0'), 1),
      () => setProgress(desk, id, 10),
      () => setPerson(desk, id, person),
      () => setKind(desk, id, 'milestone'),
      () => removeTasks(desk, [id]),
      () => handOver(desk, id),
    ];
    for (const attempt of attempts) expect(attempt).toThrow(/rights\.missing|thing\.absent/);
    renameTask(desk, id, 'Drawing release');
    expect(readPlan(docs).rows[0]?.task.title).toBe('Drawing release');
  });

  test('[PL4] what a hostile supplier writes into its own document about a buyer task is not read', () => {
    const docs = planDocs();
    const id = add(docs, deskOf(docs, 'buyer'), 'Drawing freeze', { dates });
    docs.supplier.getMap('dates').set(id, '2030-01-01/2030-01-02');
    docs.supplier.getMap('removed').set(id, true);
    docs.supplier.getMap('kind').set(id, 'milestone');
    expect(readPlan(docs).rows[0]?.task).toMatchObject({ kind: 'task', dates, removed: false });
  });

  test('[PL1] a person who may only read changes nothing', () => {
    const docs = planDocs();
    const id = add(docs, deskOf(docs, 'buyer'), 'Drawing freeze');
    const desk: PlanDesk = { ...deskOf(docs, 'buyer'), standing: { side: 'buyer', mayWrite: false } };
    expect(() => renameTask(desk, id, 'x')).toThrow('rights.missing');
    expect(() => setProgress(desk, id, 1)).toThrow('rights.missing');
    expect(() => addTask(desk, readPlan(docs), { parentId: null, afterId: null })).toThrow('rights.missing');
    expect(() => moveTask(desk, readPlan(docs), id, { parentId: null, afterId: null })).toThrow(
      'rights.missing',
    );
  });

  test('[PL6] a start after its finish is refused, and both days move together', () => {
    const docs = planDocs();
    const desk = deskOf(docs, 'buyer');
    const id = add(docs, desk, 'Tool make', { dates });
    expect(() => setDates(desk, id, { start: '2026-12-02', finish: '2026-12-01' })).toThrow('input.invalid');
    expect(() => setDates(desk, id, { start: '2026-02-30', finish: null })).toThrow('input.invalid');
    shiftDates(desk, id, -1);
    expect(readPlan(docs).rows[0]?.dates).toEqual({ start: '2026-11-22', finish: '2026-11-26' });
  });

  test('[PL6] a milestone shows one day', () => {
    const docs = planDocs();
    const desk = deskOf(docs, 'buyer');
    const id = add(docs, desk, 'SOP', { dates });
    setKind(desk, id, 'milestone');
    expect(readPlan(docs).rows[0]?.dates).toEqual({ start: '2026-11-27', finish: '2026-11-27' });
  });

  test('[PL11] a removed task comes back with all it holds; what stands under it stays', () => {
    const docs = planDocs();
    const desk = deskOf(docs, 'buyer');
    const phase = add(docs, desk, 'Tooling', { kind: 'phase' });
    addTask(
      deskOf(docs, 'supplier'),
      readPlan(docs),
      { parentId: phase, afterId: null },
      { title: 'Tool make' },
    );
    add(docs, desk, 'Ramp-up');
    removeTasks(desk, [phase]);
    expect(titles(docs)).toEqual(['Tool make', 'Ramp-up']);
    expect(readPlan(docs).removed.map((task) => task.title)).toEqual(['Tooling']);
    restoreTask(desk, phase);
    expect(titles(docs)).toEqual(['Tooling', 'Tool make', 'Ramp-up']);
    expect(readPlan(docs).rows[1]?.depth).toBe(1);
  });

  test('[PL10] concurrent reorders of the same and of different rows converge without a lost row', () => {
    const buyer = planDocs();
    const names = ['A', 'B', 'C', 'D', 'E'];
    const ids = names.map((name) => add(buyer, deskOf(buyer, 'buyer'), name));
    const supplier = copyOf(buyer);
    const [a = '', b = '', c = '', , e = ''] = ids;
    moveTask(deskOf(buyer, 'buyer'), readPlan(buyer), a, { parentId: null, afterId: e });
    moveTask(deskOf(supplier, 'supplier'), readPlan(supplier), a, { parentId: b, afterId: null });
    moveTask(deskOf(buyer, 'buyer'), readPlan(buyer), c, { parentId: null, afterId: null });
    add(supplier, deskOf(supplier, 'supplier'), 'F');
    sync(buyer, supplier);
    expect(titles(buyer)).toEqual(titles(supplier));
    expect([...titles(buyer)].sort()).toEqual(['A', 'B', 'C', 'D', 'E', 'F']);
  });

  test('[PL14] undo takes back my edit and leaves what the partner wrote since', () => {
    const docs = planDocs();
    const desk = deskOf(docs, 'buyer');
    const id = add(docs, desk, 'Kick-off', { dates });
    const undo = new Y.UndoManager(
      undoScope(docs).filter((map) => map.doc === docs.buyer),
      { trackedOrigins: new Set(['buyer']) },
    );
    setProgress(desk, id, 50);
    renameTask(deskOf(docs, 'supplier'), id, 'Kick-off in Gdańsk');
    undo.undo();
    expect(readPlan(docs).rows[0]?.task).toMatchObject({
      title: 'Kick-off in Gdańsk',
      progressPct: 0,
      dates,
    });
  });

  test('[PL13] one edit reads one task again and is told once: the others stay the same objects', async () => {
    const docs = planDocs();
    const desk = deskOf(docs, 'buyer');
    const first = add(docs, desk, 'One');
    const second = add(docs, desk, 'Two');
    const reader = createPlanReader(docs);
    let heard = 0;
    const stop = reader.subscribe(() => {
      heard += 1;
    });
    const before = reader.view();
    expect(reader.view()).toBe(before);
    setProgress(desk, second, 30);
    const after = reader.view();
    addTask(desk, after, lastSpot(after), { title: 'Three' });
    await Promise.resolve();
    expect(heard).toBe(1);
    expect(after.tasks.get(first)).toBe(before.tasks.get(first));
    expect(after.byId.get(first)).toBe(before.byId.get(first));
    expect(after.tasks.get(second)?.progressPct).toBe(30);
    stop();
  });
});
