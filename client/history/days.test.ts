import { describe, expect, test } from 'vitest';
import { withNewest, withOlder } from '#client/history/change-pages.ts';
import { daysOf } from '#client/history/days.ts';
import { momentText } from '#client/history/moment-text.ts';
import { placeVersion } from '#client/history/use-versions.ts';
import { aChange, aVersion } from '#tests/support/factories/history.ts';

const dayOf = (atMs: number) => new Date(atMs).toISOString().slice(0, 10);
const change = (to: string, from = to) =>
  aChange({ from: `2026-11-${from}:00.000Z`, to: `2026-11-${to}:00.000Z` });

describe('the list of changes', () => {
  test('[HI22] stands newest first under its days, with named versions among the changes', () => {
    const version = aVersion({ name: 'As agreed', at: '2026-11-03T12:00:00.000Z' });
    const days = daysOf([change('04T10:00'), change('03T15:00'), change('03T09:00')], [version], dayOf);
    expect(days.map(({ day, entries }) => [day, entries.map(({ what }) => what)])).toEqual([
      ['2026-11-04', ['change']],
      ['2026-11-03', ['change', 'version', 'change']],
    ]);
  });

  test('[HI22] days are called as people call them, moments always with their day', () => {
    const nowMs = new Date(2026, 10, 23, 16, 0).getTime();
    const text = momentText('en-GB', nowMs);
    expect(text.day(nowMs)).toBe('Today');
    expect(text.day(new Date(2026, 10, 22, 23, 59).getTime())).toBe('Yesterday');
    expect(text.day(new Date(2026, 10, 3).getTime())).toBe('Tue 3 Nov');
    expect(text.full(new Date(2025, 10, 3, 14, 20).getTime())).toBe('Mon, 3 Nov 2025, 14:20');
    expect(text.span(nowMs, nowMs + 30_000)).toBe('16:00');
    expect(text.span(nowMs, nowMs + 60_000)).toBe('16:00–16:01');
  });

  test('[HI23] a page read again replaces what it tells anew, older pages stay', () => {
    const known = { changes: [change('03T15:00'), change('02T09:00')], before: null };
    const page = { changes: [change('03T15:20', '03T15:00')], before: '2026-11-03T00:00:00.000Z' };
    expect(withNewest(known, page).changes.map(({ to }) => to)).toEqual([
      '2026-11-03T15:20:00.000Z',
      '2026-11-02T09:00:00.000Z',
    ]);
    expect(withNewest(known, page).before).toBeNull();
    const far = { changes: [change('09T15:00')], before: '2026-11-08T00:00:00.000Z' };
    expect(withNewest({ changes: [], before: null }, far)).toEqual(far);
  });

  test('[HI23] older pages are put at the end, each change once', () => {
    const first = { changes: [change('03T15:00')], before: '2026-11-03T00:00:00.000Z' };
    const older = { changes: [change('03T15:00'), change('02T09:00')], before: null };
    expect(withOlder(first, older)).toEqual({
      changes: [change('03T15:00'), change('02T09:00')],
      before: null,
    });
  });

  test('[HI24] a version that was named, renamed or removed stands in the list as told last', () => {
    const one = aVersion({ id: '0'.repeat(20), at: '2026-11-03T12:00:00.000Z' });
    const two = aVersion({ id: '1'.repeat(20), at: '2026-11-04T12:00:00.000Z' });
    expect(placeVersion([one], two, false)).toEqual([two, one]);
    expect(placeVersion([two, one], { ...one, name: 'New' }, false)[1]?.name).toBe('New');
    expect(placeVersion([two, one], two, true)).toEqual([one]);
  });
});
