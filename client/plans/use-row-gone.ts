/** The row open in the panel goes away: the panel closes, the focus stays in the plan, and it is said whose doing it was. */
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { keepFocus } from '#client/plans/focus-plan.ts';
import type { TornKeys } from '#client/plans/table/torn-keys.ts';
import type { OpenedPlan } from '#client/plans/use-opened-plan.ts';
import type { PanelOpening } from '#client/plans/use-panel.ts';

/** Nothing is said of rows that were taken back blank, or removed at this table. */
export function useRowGone(opened: OpenedPlan, panel: PanelOpening, torn: TornKeys): void {
  const { t } = useTranslation('plans');
  const { open, view } = opened;
  const { openId } = panel;
  const task = openId === null ? undefined : view.tasks.get(openId);
  const isGone = openId !== null && !view.byId.has(openId);
  useEffect(() => {
    if (!isGone) return;
    panel.open(null);
    keepFocus();
    if (task?.removed !== true || opened.wasRemovedHere(task.id)) return;
    // Whoever types in a cell elsewhere keeps that focus, and is not silenced.
    torn.begin(performance.now());
    const title = task.title === '' ? t('row.untitled') : task.title;
    open.notify({ words: t(task.noted ? 'notice.goneNoted' : 'notice.gone', { title }) });
  });
}
