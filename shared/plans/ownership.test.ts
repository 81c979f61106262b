import { describe, expect, test } from 'vitest';
import {
  addTask,
  forgetTask,
  handOver,
  restoreTask,
  setDates,
  setPerson,
  setProgress,
} from '#shared/plans/edit.ts';
import { createPlanReader, readPlan } from '#shared/plans/read.ts';
import { mayWritePart, mayWritePlan } from '#shared/plans/rules.ts';
import { lastSpot } from '#shared/plans/spot.ts';
import { planLimits } from '#shared/plans/task.ts';
import { copyOf, deskOf, planDocs, sync } from '#tests/support/factories/plans.ts';

const dates = { start: '2026-11-23', finish: '2026-11-27' };
const later = { start: '2027-01-11', finish: '2027-01-15' };

function withTask() {
  const docs = planDocs();
  const view = readPlan(docs);
  const id = addTask(deskOf(docs, 'buyer'), view, lastSpot(view), {
    title: 'Gauge design',
    dates,
    progressPct: 20,
    personId: 'p'.repeat(20),
  });
  return { docs, id, buyer: deskOf(docs, 'buyer'), supplier: deskOf(docs, 'supplier') };
}

const taskIn = (docs: ReturnType<typeof planDocs>) => readPlan(docs).rows[0]?.task;

describe('who owns a task', () => {
  test('[PL5] giving a task away hands over kind, dates and progress, not the person', () => {
    const { docs, id, buyer, supplier } = withTask();
    handOver(buyer, id);
    expect(taskIn(docs)).toMatchObject({ owner: 'supplier', dates, progressPct: 20, personId: null });
    expect(() => setDates(buyer, id, later)).toThrow('rights.missing');
    setProgress(supplier, id, 35);
    expect(taskIn(docs)).toMatchObject({ owner: 'supplier', dates, progressPct: 35 });
  });

  test('[PL5] what the giver writes of its own facts after the gift, or takes back, is not seen', () => {
    const { docs, id, buyer } = withTask();
    handOver(buyer, id);
    const given = taskIn(docs);
    docs.buyer.getMap('dates').set(id, '2030-01-01/2030-01-02');
    docs.buyer.getMap('progress').delete(id);
    docs.buyer.getMap('kind').set(id, 'phase');
    expect(taskIn(docs)).toEqual(given);
    expect(taskIn(copyOf(docs))).toEqual(given);
  });

  test('[PL5] a gift that carries nothing readable shows the last facts its giver wrote', () => {
    const { docs, id, buyer } = withTask();
    handOver(buyer, id);
    for (const garbage of ['supplier', 7, null, `task|${'x'.repeat(90)}|1`]) {
      docs.buyer.getMap('given').set(id, garbage);
      expect(taskIn(docs)).toMatchObject({ owner: 'supplier', kind: 'task' });
    }
    docs.buyer.getMap('given').delete(id);
    expect(taskIn(docs)).toMatchObject({ owner: 'supplier', dates, progressPct: 20 });
  });

  test('[PL5] after the new owner has written, the giver cannot change what is shown', () => {
    const { docs, id, buyer, supplier } = withTask();
    handOver(buyer, id);
    setProgress(supplier, id, 35);
    docs.buyer.getMap('dates').set(id, '2030-01-01/2030-01-02');
    docs.buyer.getMap('dates').set(`${id}.1`, '2031-01-01/2031-01-02');
    docs.buyer.getMap('given').set(id, 'again');
    expect(taskIn(docs)).toMatchObject({ owner: 'supplier', dates, progressPct: 35 });
  });

  test('[PL5] a task that returns shows what the other side made of it, not the old facts', () => {
    const { docs, id, buyer, supplier } = withTask();
    handOver(buyer, id);
    setDates(supplier, id, later);
    handOver(supplier, id);
    expect(taskIn(docs)).toMatchObject({ owner: 'buyer', dates: later });
    setProgress(buyer, id, 90);
    handOver(buyer, id);
    expect(taskIn(docs)).toMatchObject({ owner: 'supplier', dates: later, progressPct: 90 });
    setPerson(supplier, id, 'q'.repeat(20));
    expect(taskIn(docs)?.personId).toBe('q'.repeat(20));
  });

  test('[PL5] a task passed on untouched keeps the facts of the side before', () => {
    const { docs, id, buyer, supplier } = withTask();
    handOver(buyer, id);
    setDates(supplier, id, later);
    handOver(supplier, id);
    handOver(buyer, id);
    expect(taskIn(docs)).toMatchObject({ owner: 'supplier', dates: later });
  });

  test('[PL3] the side that gave a task cannot take it back, whatever it writes or deletes', () => {
    const { docs, id, buyer } = withTask();
    handOver(buyer, id);
    const given = docs.buyer.getMap('given');
    given.delete(id);
    expect(taskIn(docs)?.owner).toBe('supplier');
    given.set(id, 0);
    given.set(id, -5);
    given.clear();
    expect(taskIn(docs)?.owner).toBe('supplier');
    expect(taskIn(copyOf(docs))?.owner).toBe('supplier');
  });

  test('[PL3] the side that gave a task back cannot keep it by deleting its own count', () => {
    const { docs, id, buyer, supplier } = withTask();
    handOver(buyer, id);
    handOver(supplier, id);
    docs.supplier.getMap('given').delete(id);
    expect(taskIn(docs)?.owner).toBe('buyer');
    expect(taskIn(copyOf(copyOf(docs)))?.owner).toBe('buyer');
  });

  test('[PL3] raising one’s own count without owning gains nothing', () => {
    const { docs, id, buyer } = withTask();
    for (let times = 0; times < 7; times += 1) docs.supplier.getMap('given').set(id, times);
    expect(taskIn(docs)?.owner).toBe('buyer');
    handOver(buyer, id);
    expect(taskIn(docs)?.owner).toBe('supplier');
  });

  test('[PL3] a count driven past the limit leaves the task where it is', () => {
    const { docs, id, buyer } = withTask();
    for (let times = 0; times < planLimits.handOvers * 3; times += 1)
      docs.supplier.getMap('given').set(id, times);
    expect(taskIn(docs)?.owner).toBe('buyer');
    expect(() => handOver(buyer, id)).toThrow('plans.wrongState');
  });

  test('[PL3] two colleagues giving the same task at once give it once', () => {
    const { docs, id } = withTask();
    const colleague = copyOf(docs);
    handOver(deskOf(docs, 'buyer'), id);
    handOver(deskOf(colleague, 'buyer'), id);
    sync(docs, colleague);
    expect(taskIn(docs)).toMatchObject({ owner: 'supplier', dates });
    handOver(deskOf(docs, 'supplier'), id);
    sync(docs, colleague);
    expect(taskIn(colleague)).toMatchObject({ owner: 'buyer', dates });
  });

  test('[PL7] no other document makes a task, hides one or removes one', () => {
    const { docs, id } = withTask();
    docs.supplier.getMap('made').set(`b${'0'.repeat(20)}`, true);
    docs.shared.getMap('title').set(`b${'1'.repeat(20)}`, 'Forged');
    docs.shared.getMap('title').delete(id);
    docs.shared.getMap('place').delete(id);
    docs.supplier.getMap('removed').set(id, true);
    const { rows } = readPlan(docs);
    expect(rows.map((row) => row.task.id)).toEqual([id]);
    expect(rows[0]?.task.title).toBe('');
  });

  test('[PL7] the home side cannot unmake what it has given away, whatever it writes or deletes', () => {
    const { docs, id, buyer, supplier } = withTask();
    const colleague = copyOf(docs);
    handOver(buyer, id);
    setProgress(supplier, id, 40);
    sync(docs, colleague);
    const reader = createPlanReader(docs);
    reader.subscribe(() => undefined);
    for (const name of ['made', 'given', 'kind', 'dates', 'progress', 'removed']) {
      docs.buyer.getMap(name).set(id, false);
      docs.buyer.getMap(name).clear();
    }
    sync(docs, colleague);
    const expected = { owner: 'supplier', dates, progressPct: 40, removed: false };
    expect(reader.view().tasks.get(id)).toMatchObject(expected);
    for (const replica of [docs, colleague, copyOf(docs)]) expect(taskIn(replica)).toMatchObject(expected);
  });

  test('[PL7] a task given away and returned is not forgotten but removed, and can come back', () => {
    const { docs, id, buyer, supplier } = withTask();
    handOver(buyer, id);
    handOver(supplier, id);
    forgetTask(buyer, id);
    expect(taskIn(docs)).toBeUndefined();
    expect(readPlan(docs).removed.map((task) => task.id)).toEqual([id]);
    restoreTask(buyer, id);
    expect(taskIn(docs)).toMatchObject({ owner: 'buyer', dates });
  });

  test('[PL1] leads and editors write an active plan of a living relationship, nobody else', () => {
    expect(mayWritePlan('lead', 'active', 'active')).toBe(true);
    expect(mayWritePlan('editor', 'exiting', 'active')).toBe(true);
    expect(mayWritePlan('contributor', 'active', 'active')).toBe(false);
    expect(mayWritePlan('viewer', 'active', 'active')).toBe(false);
  });

  test('[PL16] archived plans and paused or ended relationships are read only', () => {
    expect(mayWritePlan('lead', 'active', 'archived')).toBe(false);
    expect(mayWritePlan('lead', 'paused', 'active')).toBe(false);
    expect(mayWritePlan('lead', 'ended', 'active')).toBe(false);
  });

  test('[PL2] the shared document is both sides’, a side’s document that side’s alone', () => {
    const standing = { side: 'buyer', mayWrite: true } as const;
    expect(mayWritePart(standing, 'shared')).toBe(true);
    expect(mayWritePart(standing, 'buyer')).toBe(true);
    expect(mayWritePart(standing, 'supplier')).toBe(false);
    expect(mayWritePart({ ...standing, mayWrite: false }, 'shared')).toBe(false);
  });
});
