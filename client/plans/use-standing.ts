/** What follows from standing in a cell: others are told where, its news count as seen, and later news are said. */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveView } from '#client/base/live/live-view.ts';
import { placeOf } from '#client/plans/others.ts';
import type { OpenPlan } from '#client/plans/plan-context.ts';
import type { TableState } from '#client/plans/table/use-table.ts';
import type { WashesInReact } from '#client/plans/use-washes.ts';

/** Changes by others in one's own row are said at most this often. */
const quietMs = 5_000;

/** What standing somewhere concerns. */
export interface StandingFrom {
  open: OpenPlan;
  table: TableState;
  washes: WashesInReact;
  setPlace: LiveView['setPlace'];
}

/** Only the row one stands in is spoken of: the rest of the table is for the eye. */
export function useStanding({ open, table, washes, setPlace }: StandingFrom): void {
  const { t } = useTranslation('plans');
  const { cell } = table;
  const isEditing = table.editing !== null;
  useEffect(() => setPlace(placeOf(cell, isEditing)), [cell, isEditing, setPlace]);

  const { see } = washes;
  const taskId = cell?.taskId ?? null;
  useEffect(() => {
    if (taskId !== null) see(taskId);
  }, [taskId, see]);

  const saidAt = useRef(Number.NEGATIVE_INFINITY);
  const changes = taskId === null ? undefined : washes.washes.get(taskId);
  useEffect(() => {
    const [change] = [...(changes?.values() ?? [])].slice(-1);
    if (change === undefined || change.side === null) return;
    const now = performance.now();
    if (now - saidAt.current < quietMs) return;
    saidAt.current = now;
    open.say(t('said.changed', { company: open.companies[change.side] }));
  }, [changes, open, t]);
}
