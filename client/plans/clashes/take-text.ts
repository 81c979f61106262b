/** Takes a text out of an editor; when the cell changed while the editor stood open, both texts are said. */
import type { TFunction } from 'i18next';
import { type TextColumn, type TextFault, textOf, writeText } from '#client/plans/cell-edit.ts';
import { type ClashPlan, clashNotice } from '#client/plans/clashes/clash-notice.ts';
import type { OpenPlan } from '#client/plans/plan-context.ts';
import { titleLength } from '#shared/base/units.ts';

/** A text left in the editor of a cell. */
export interface LeftText {
  column: TextColumn;
  text: string;
  /** What the cell said when the editor was opened. */
  stood: string;
}

/** As `writeText`, for a row that may be gone by now: then nothing is written. */
export function takeText(
  t: TFunction<'plans'>,
  plan: ClashPlan & Pick<OpenPlan, 'notify' | 'lastHands'>,
  taskId: string,
  { column, text, stood }: LeftText,
): TextFault | null {
  const textNow = () => {
    const row = plan.latest().byId.get(taskId);
    return row === undefined ? null : textOf(row, column, plan.reading);
  };
  const row = plan.latest().byId.get(taskId);
  const theirs = textNow();
  if (row === undefined || theirs === null) return null;
  const fault = writeText(plan.desk, row, { column, text, reading: plan.reading });
  if (fault === null && column === 'title' && text.trim().length > titleLength)
    plan.notify({ words: t('notice.cut', { most: titleLength }), copy: text });
  const mine = textNow();
  if (fault === null && theirs !== stood && mine !== null && mine !== theirs) {
    const who = plan.lastHands.get(taskId) ?? null;
    plan.notify(clashNotice(t, plan, { taskId, column, mine, theirs, stands: 'mine', who }));
  }
  return fault;
}
