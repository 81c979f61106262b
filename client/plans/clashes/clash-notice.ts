/** Says in words that two edits met in one cell, with both texts and the way to take the one that does not stand. */
import type { TFunction } from 'i18next';
import type { TextColumn } from '#client/plans/cell-edit.ts';
import { writeText } from '#client/plans/cell-edit.ts';
import { lockOf } from '#client/plans/cell-lock.ts';
import type { Notice } from '#client/plans/notices/use-notices.ts';
import type { OpenPlan } from '#client/plans/plan-context.ts';

/** What of the open plan this needs. */
export type ClashPlan = Pick<OpenPlan, 'desk' | 'latest' | 'reading'>;

/** Two texts for one cell. */
export interface CellClash {
  taskId: string;
  column: TextColumn;
  mine: string;
  theirs: string;
  stands: 'mine' | 'theirs';
  /** Name of the other person, or their company; null where it is not known. */
  who: string | null;
  /** Writes one of the two; absent: as text into the cell. */
  take?: () => void;
}

/** The sentence, and taking the other text as an edit of one's own. */
export function clashNotice(t: TFunction<'plans'>, plan: ClashPlan, clash: CellClash): Notice {
  const { taskId, column, mine, theirs, stands, who } = clash;
  const title = plan.latest().byId.get(taskId)?.task.title || t('row.untitled');
  const words = t(`notice.${stands}`, {
    who: who ?? t('notice.somebody'),
    what: t(`notice.what.${column}`, { title }),
    mine: mine === '' ? t('notice.nothing') : mine,
    theirs: theirs === '' ? t('notice.nothing') : theirs,
  });
  const other = stands === 'mine' ? theirs : mine;
  const take = () => {
    const row = plan.latest().byId.get(taskId);
    if (row === undefined || lockOf(plan.desk.standing, row, column) !== null) return;
    if (clash.take === undefined) writeText(plan.desk, row, { column, text: other, reading: plan.reading });
    else clash.take();
  };
  return {
    words,
    ...(stands === 'theirs' ? { copy: mine } : {}),
    action: { words: t(stands === 'mine' ? 'notice.takeTheirs' : 'notice.takeMine'), run: take },
  };
}
