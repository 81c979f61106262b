/** Says in words why a cell cannot be written, naming the company that owns it. */
import type { TFunction } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { CellLock } from '#client/plans/cell-lock.ts';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import type { ColumnId } from '#client/plans/table/columns.ts';
import type { PlanRow } from '#shared/plans/outline.ts';

/** The sentence of a lock; `company` is the owner's name. */
export function lockWords(
  t: TFunction<'plans'>,
  lock: CellLock,
  { company, column }: { company: string; column: ColumnId },
): string {
  if (lock === 'viewOnly') return t('lock.viewOnly');
  if (lock === 'sum') return column === 'progress' ? t('lock.sumProgress') : t('lock.sumDates');
  if (column === 'progress') return t('lock.progress', { company });
  return column === 'owner' ? t('lock.owner', { company }) : t('lock.dates', { company });
}

/** @returns a function from a lock to its sentence, inside an open plan */
export function useLockWords(): (lock: CellLock, row: PlanRow, column: ColumnId) => string {
  const { t } = useTranslation('plans');
  const { companies } = useOpenPlan();
  return useCallback(
    (lock, row, column) => lockWords(t, lock, { company: companies[row.task.owner], column }),
    [t, companies],
  );
}
