/** Where the history of a plan stands once it is opened: its chunk is loaded by then, and told if it cannot be. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { laterPart, useLaterPart } from '#client/base/later-part.ts';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import type { PlanHistoryProps } from '#client/plans/history/plan-history.tsx';
import styles from '#client/plans/open-plan-page.module.css';
import { NoteBoundary } from '#client/plans/panel/note-boundary.tsx';

/** The history's screen, with all that only it needs. */
export const planHistory = laterPart(
  async () => (await import('#client/plans/history/plan-history.tsx')).PlanHistory,
);

/** Whatever fails in it, the plan itself stays. */
export function HistoryPlace(props: PlanHistoryProps) {
  const { t } = useTranslation('plans');
  const { part: PlanHistory, failed, retry } = useLaterPart(planHistory);
  const [tries, setTries] = useState(0);
  const problem = (onRetry: () => void) => (
    <div className={styles['refused']}>
      <ErrorBanner error="failed" words={t('history.failed')} onRetry={onRetry} />
    </div>
  );
  if (failed) return problem(retry);
  if (PlanHistory === null) return <p className={styles['loading']}>{t('history.loading')}</p>;
  return (
    <NoteBoundary key={tries} fallback={problem(() => setTries(tries + 1))}>
      <PlanHistory {...props} />
    </NoteBoundary>
  );
}
