import type { TFunction } from 'i18next';
import { describe, expect, test } from 'vitest';
import { takeText } from '#client/plans/clashes/take-text.ts';
import type { Notice } from '#client/plans/notices/use-notices.ts';
import { addTask, renameTask } from '#shared/plans/edit.ts';
import { readPlan } from '#shared/plans/read.ts';
import { lastSpot } from '#shared/plans/spot.ts';
import { deskOf, planDocs } from '#tests/support/factories/plans.ts';

/** Words are their keys with what is put into them. */
const t = ((key: string, into: object = {}) =>
  `${key} ${Object.values(into).join('|')}`) as unknown as TFunction<'plans'>;

function setUp() {
  const docs = planDocs();
  const desk = deskOf(docs, 'buyer');
  const latest = () => readPlan(docs);
  const id = addTask(desk, latest(), lastSpot(latest()), { title: 'Row 6' });
  const notices: Notice[] = [];
  const plan = {
    desk,
    latest,
    reading: { today: '2026-11-23', locale: 'en-GB' },
    lastHands: new Map([[id, 'Anna']]),
    notify: (notice: Notice) => notices.push(notice),
  };
  const leave = (text: string) => takeText(t, plan, id, { column: 'title', text, stood: 'Row 6' });
  const title = () => latest().tasks.get(id)?.title;
  return { notices, leave, title, rename: (text: string) => renameTask(deskOf(docs, 'supplier'), id, text) };
}

describe('leaving the editor of a cell', () => {
  test('[PL29] over what another one wrote meanwhile: theirs is said, and can be taken', () => {
    const { notices, leave, title, rename } = setUp();
    rename('ALPHA Row 6');
    expect(leave('Row 6 BETA')).toBeNull();
    expect(title()).toBe('Row 6 BETA');
    expect(notices.map(({ words }) => words)).toEqual([
      expect.stringMatching(/^notice.mine Anna.*Row 6 BETA.ALPHA Row 6$/),
    ]);
    notices[0]?.action?.run();
    expect(title()).toBe('ALPHA Row 6');
  });

  test('[PL29] nothing is said when nobody else wrote, or wrote the same', () => {
    const { notices, leave, rename } = setUp();
    leave('Row 6 BETA');
    rename('Row 7');
    leave('Row 7');
    expect(notices).toEqual([]);
  });

  test('[PL33] a title too long is cut, said, and the whole text can be copied', () => {
    const { notices, leave, title } = setUp();
    leave('x'.repeat(720));
    expect(title()).toHaveLength(300);
    expect(notices).toEqual([{ words: 'notice.cut 300', copy: 'x'.repeat(720) }]);
  });
});
