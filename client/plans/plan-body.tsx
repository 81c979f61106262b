/** What stands in an open plan: the empty state, the table, or on a phone the cards. */
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '#client/base/parts/empty-state.tsx';
import { PlanCards } from '#client/plans/cards/plan-cards.tsx';
import styles from '#client/plans/open-plan-page.module.css';
import type { PlanTableProps } from '#client/plans/table/plan-table.tsx';
import { PlanTable } from '#client/plans/table/plan-table.tsx';

/** The table's properties, and what the other two need. */
export interface PlanBodyProps extends PlanTableProps {
  isPhone: boolean;
  /** null where one may not add. */
  addMilestone: (() => void) | null;
}

/** Chooses by the number of rows and the width of the screen. */
export function PlanBody({ isPhone, addMilestone, ...table }: PlanBodyProps) {
  const { t } = useTranslation('plans');
  if (table.view.rows.length === 0) {
    const action =
      addMilestone === null ? undefined : <Button onClick={addMilestone}>{t('empty.action')}</Button>;
    return (
      <div className={styles['empty']}>
        <EmptyState kind="first" title={t('empty.title')} text={t('empty.text')} action={action} />
      </div>
    );
  }
  if (!isPhone) return <PlanTable {...table} />;
  return <PlanCards name={table.name} rows={table.table.rows} others={table.others} onOpen={table.onOpen} />;
}
