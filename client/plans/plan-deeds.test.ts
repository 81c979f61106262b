/** Deeds of the plan that several controls offer. */
import { describe, expect, test } from 'vitest';
import { forgetBlank } from '#client/plans/plan-deeds.ts';
import { addTask, markNote, renameTask, setProgress } from '#shared/plans/edit.ts';
import { readPlan } from '#shared/plans/read.ts';
import { lastSpot } from '#shared/plans/spot.ts';
import { deskOf, planDocs } from '#tests/support/factories/plans.ts';

function setUp() {
  const docs = planDocs();
  const desk = deskOf(docs, 'buyer');
  const plan = { desk, latest: () => readPlan(docs) };
  const id = addTask(desk, plan.latest(), lastSpot(plan.latest()));
  return { desk, plan, id, isThere: () => plan.latest().tasks.has(id) };
}

describe('a row just added', () => {
  test('[PL26] goes again when it was left blank, without a trace among the removed ones', () => {
    const { plan, id, isThere } = setUp();
    forgetBlank(plan, id);
    expect(isThere()).toBe(false);
    expect(plan.latest().removed).toEqual([]);
  });

  test('[PL26] stays with a title, with a fact alone, and with a note', () => {
    for (const fill of [
      (one: ReturnType<typeof setUp>) => renameTask(one.desk, one.id, 'Tool make'),
      (one: ReturnType<typeof setUp>) => setProgress(one.desk, one.id, 5),
      (one: ReturnType<typeof setUp>) => markNote(one.desk, one.id, true),
    ]) {
      const made = setUp();
      fill(made);
      forgetBlank(made.plan, made.id);
      expect(made.isThere()).toBe(true);
    }
  });

  test('[PL26] stays when another row stands under it by now', () => {
    const { desk, plan, id, isThere } = setUp();
    addTask(desk, plan.latest(), { parentId: id, afterId: null });
    forgetBlank(plan, id);
    expect(isThere()).toBe(true);
  });
});
