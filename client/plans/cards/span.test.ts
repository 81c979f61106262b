import { describe, expect, test } from 'vitest';
import { spanOf, spanPlace } from '#client/plans/cards/span.ts';
import { addTask } from '#shared/plans/edit.ts';
import { readPlan } from '#shared/plans/read.ts';
import { lastSpot } from '#shared/plans/spot.ts';
import { deskOf, planDocs } from '#tests/support/factories/plans.ts';

describe('small bars of the cards', () => {
  test('[PL24] a bar lies where its days lie in the whole plan, and never outside', () => {
    const docs = planDocs();
    const add = (start: string | null, finish: string | null) => {
      const view = readPlan(docs);
      addTask(deskOf(docs, 'buyer'), view, lastSpot(view), { dates: { start, finish } });
    };
    expect(spanOf(readPlan(docs).rows)).toBeNull();
    add('2026-11-01', '2026-11-10');
    add(null, '2026-11-20');
    const span = spanOf(readPlan(docs).rows);
    expect(span).toEqual({ start: '2026-11-01', finish: '2026-11-20' });
    if (span === null) return;
    expect(spanPlace(span, { start: '2026-11-01', finish: '2026-11-10' })).toEqual({
      startPct: 0,
      widthPct: 50,
    });
    expect(spanPlace(span, { start: null, finish: '2026-11-20' })).toEqual({ startPct: 95, widthPct: 5 });
    expect(spanPlace(span, { start: null, finish: null })).toBeNull();
  });
});
