/** Tests of overfull plans: what is shown, and how much is looked at for it. Work is counted, never timed. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import type { Side } from '#shared/base/audience.ts';
import { createPlanReader, readPlan } from '#shared/plans/read.ts';
import { planLimits, type TaskId } from '#shared/plans/task.ts';
import { copyOf, planDocs } from '#tests/support/factories/plans.ts';

const many = 150_000;
type Docs = ReturnType<typeof planDocs>;

afterEach(() => vi.restoreAllMocks());

function idOf(side: Side, at: number): TaskId {
  return `${side === 'buyer' ? 'b' : 's'}${String(at).padStart(20, '0')}`;
}

/** Makes tasks from the highest number down, the worst order for keeping the smallest. */
function make(docs: Docs, side: Side, count: number): void {
  const made = docs[side].getMap('made');
  docs[side].transact(() => {
    for (let at = count - 1; at >= 0; at -= 1) made.set(idOf(side, at), true);
  });
}

/** Counts values read from documents, and elements put in order, until the test is over. */
function countWork(): { read: number; sorted: number } {
  const work = { read: 0, sorted: 0 };
  const { get } = Y.Map.prototype;
  vi.spyOn(Y.Map.prototype, 'get').mockImplementation(function (this: Y.Map<unknown>, key) {
    work.read += 1;
    return get.call(this, key);
  });
  const { sort } = Array.prototype;
  vi.spyOn(Array.prototype, 'sort').mockImplementation(function (this: unknown[], compare) {
    work.sorted += this.length;
    return sort.call(this, compare);
  });
  return work;
}

describe('a plan with far too many tasks', () => {
  test('[PL32] 150,000 ids: each is asked for once, and an edit looks at what is shown only', () => {
    const docs = planDocs();
    make(docs, 'supplier', many);
    const work = countWork();
    const reader = createPlanReader(docs);
    reader.subscribe(() => undefined);
    expect(reader.view().rows).toHaveLength(planLimits.tasks);
    expect(work.read).toBeLessThan(many + 20 * planLimits.tasks);

    for (const id of [idOf('supplier', 7), idOf('supplier', many - 1)]) {
      Object.assign(work, { read: 0, sorted: 0 });
      docs.supplier.getMap('progress').set(id, 40);
      expect(reader.view().truncated).toBe(true);
      expect(work.read).toBeLessThan(30);
      expect(work.sorted).toBeLessThan(4 * planLimits.tasks);
    }
    expect(reader.view().tasks.get(idOf('supplier', 7))?.progressPct).toBe(40);
  });

  test('[PL32] a side that makes thousands does not crowd the other out', () => {
    const docs = planDocs();
    make(docs, 'buyer', 2 * planLimits.tasks);
    make(docs, 'supplier', 3);
    expect(readPlan(docs).tasks.has(idOf('supplier', 2))).toBe(true);
    expect(readPlan(docs).tasks.size).toBe(planLimits.tasks);
    make(docs, 'supplier', planLimits.tasks);
    const shown = [...readPlan(docs).tasks.keys()];
    expect(shown.filter((id) => id.startsWith('s'))).toHaveLength(planLimits.tasks / 2);
    expect(shown).toHaveLength(planLimits.tasks);
  });

  test('[PL8] whoever followed along and whoever reads anew see the same tasks, whatever comes and goes', () => {
    const docs = planDocs();
    make(docs, 'buyer', planLimits.tasks + 6);
    const reader = createPlanReader(docs);
    reader.subscribe(() => undefined);
    const made = docs.buyer.getMap('made');
    for (const [at, exists] of [
      [3, false],
      [planLimits.tasks + 2, false],
      [planLimits.tasks + 9, true],
      [3, true],
      [0, false],
    ] as const) {
      made.set(idOf('buyer', at), exists);
      if (at !== 3) continue;
      expect([...reader.view().tasks.keys()].sort()).toEqual([...readPlan(copyOf(docs)).tasks.keys()].sort());
    }
    for (let at = 0; at < 9; at += 1) made.set(idOf('buyer', at), false);
    expect([...reader.view().tasks.keys()].sort()).toEqual([...readPlan(copyOf(docs)).tasks.keys()].sort());
    expect(reader.view().truncated).toBe(false);
  });
});
