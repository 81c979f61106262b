import { describe, expect, test } from 'vitest';
import { textOf, writeText } from '#client/plans/cell-edit.ts';
import { lockOf } from '#client/plans/cell-lock.ts';
import { addTask, handOver } from '#shared/plans/edit.ts';
import { readPlan } from '#shared/plans/read.ts';
import { lastSpot } from '#shared/plans/spot.ts';
import { deskOf, planDocs } from '#tests/support/factories/plans.ts';

const reading = { today: '2026-11-23', locale: 'en-GB' };

function setup() {
  const docs = planDocs();
  const desk = deskOf(docs, 'buyer');
  const view = readPlan(docs);
  const dates = { start: '2026-11-23', finish: '2026-11-27' };
  const id = addTask(desk, view, lastSpot(view), { title: 'Tool make', dates });
  const row = () => readPlan(docs).byId.get(id) ?? expect.unreachable();
  const write = (column: 'title' | 'start' | 'finish' | 'progress', text: string) =>
    writeText(desk, row(), { column, text, reading });
  return { docs, desk, id, row, write };
}

describe('writing text into a cell', () => {
  test('[PL6] a start moved past the finish keeps the length; a finish before the start is refused', () => {
    const { row, write } = setup();
    expect(write('start', '1 dec')).toBeNull();
    expect(row().dates).toEqual({ start: '2026-12-01', finish: '2026-12-05' });
    expect(write('finish', '30 Nov')).toBe('finishBeforeStart');
    expect(write('finish', 'whenever')).toBe('notADay');
    expect(row().dates).toEqual({ start: '2026-12-01', finish: '2026-12-05' });
    expect(write('finish', '')).toBeNull();
    expect(row().dates.finish).toBeNull();
  });

  test('[PL23] progress is a whole percent, with or without its sign', () => {
    const { row, write } = setup();
    expect(write('progress', '40 %')).toBeNull();
    expect(row().progressPct).toBe(40);
    expect(write('progress', '101')).toBe('notAPercent');
    expect(write('progress', 'half')).toBe('notAPercent');
    expect(textOf(row(), 'progress', reading)).toBe('40');
  });

  test('[PL23] leaving a cell as it was writes nothing', () => {
    const { docs, row, write } = setup();
    let updates = 0;
    for (const doc of [docs.shared, docs.buyer]) doc.on('update', () => (updates += 1));
    for (const column of ['title', 'start', 'finish', 'progress'] as const) {
      expect(write(column, textOf(row(), column, reading))).toBeNull();
    }
    expect(updates).toBe(0);
  });

  test('[PL4] a cell says why it is locked: no right, a sum, or the other company', () => {
    const { docs, desk, id, row } = setup();
    const standing = { side: 'buyer', mayWrite: true } as const;
    expect(lockOf(standing, row(), 'start')).toBeNull();
    expect(lockOf({ side: 'supplier', mayWrite: true }, row(), 'start')).toBe('owner');
    expect(lockOf({ side: 'supplier', mayWrite: true }, row(), 'title')).toBeNull();
    expect(lockOf({ side: 'buyer', mayWrite: false }, row(), 'title')).toBe('viewOnly');
    addTask(desk, readPlan(docs), { parentId: id, afterId: null }, { title: 'Cavity' });
    expect(lockOf(standing, row(), 'start')).toBe('sum');
    expect(lockOf(standing, row(), 'owner')).toBeNull();
    handOver(desk, id);
    expect(lockOf(standing, row(), 'owner')).toBe('owner');
  });
});
