import { describe, expect, test } from 'vitest';
import {
  changedOnly,
  comparedLines,
  countFates,
  plainLines,
  withNotes,
  workLines,
} from '#client/plans/history/past-lines.ts';
import { addTask, removeTasks, renameTask, setProgress } from '#shared/plans/edit.ts';
import { readPlan } from '#shared/plans/read.ts';
import { lastSpot } from '#shared/plans/spot.ts';
import { deskOf, planDocs } from '#tests/support/factories/plans.ts';

function twoMoments() {
  const docs = planDocs();
  const desk = deskOf(docs, 'buyer');
  const add = (title: string) => addTask(desk, readPlan(docs), lastSpot(readPlan(docs)), { title });
  const ids = ['One', 'Two', 'Three', 'Four'].map(add);
  const before = readPlan(docs);
  const [one = '', two = '', three = ''] = ids;
  removeTasks(desk, [two]);
  renameTask(desk, three, 'Third');
  setProgress(desk, one, 50);
  const added = add('Five');
  return { before, after: readPlan(docs), one, two, three, added };
}

const shape = (lines: ReturnType<typeof plainLines>) =>
  lines.map(({ row, fate, cells }) => [row.task.title, fate, [...cells].join()]);

describe('the lines of a past plan', () => {
  test('[PL45] two moments stand in one table, removed rows where they stood, with the cells that differ', () => {
    const { before, after } = twoMoments();
    const lines = comparedLines(before, after);
    const all = 'title,owner,start,finish,progress';
    expect(shape(lines)).toEqual([
      ['One', 'changed', 'progress'],
      ['Two', 'removed', all],
      ['Third', 'changed', 'title'],
      ['Four', 'same', ''],
      ['Five', 'added', all],
    ]);
    expect(lines[2]?.before?.task.title).toBe('Three');
    expect(countFates(lines)).toEqual({ added: 1, removed: 1, changed: 2 });
    expect(changedOnly(lines)).toHaveLength(4);
  });

  test('[PL45] of one stretch of work only what it wrote differs', () => {
    const { before, after, three, one } = twoMoments();
    const lines = workLines(before, after, new Map([[three, new Set(['title', 'start'] as const)]]));
    expect(shape(lines)).toEqual([
      ['One', 'same', ''],
      ['Third', 'changed', 'title'],
      ['Four', 'same', ''],
      ['Five', 'same', ''],
    ]);
    expect(lines.find(({ row }) => row.task.id === one)?.before).toBeNull();
    expect(plainLines(after)).toHaveLength(4);
  });

  test('[PL53] a row whose note alone differs is a changed row, a removed one stays removed', () => {
    const { before, after, one, two } = twoMoments();
    const last = after.rows.find(({ task }) => task.title === 'Four')?.task.id ?? '';
    const noted = new Set([last, one, two]);
    const lines = withNotes(comparedLines(before, after), ({ row }) => noted.has(row.task.id));
    expect(lines.map(({ row, fate, note }) => [row.task.title, fate, note ?? false])).toEqual([
      ['One', 'changed', true],
      ['Two', 'removed', false],
      ['Third', 'changed', false],
      ['Four', 'changed', true],
      ['Five', 'added', false],
    ]);
    expect(countFates(lines).changed).toBe(3);
  });
});
