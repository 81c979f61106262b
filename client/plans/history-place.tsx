/** Where the history of a plan stands once it is opened: its chunk is loaded then, and told if it cannot be. */
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import type { PlanHistoryProps } from '#client/plans/history/plan-history.tsx';
import styles from '#client/plans/open-plan-page.module.css';
import { NoteBoundary } from '#client/plans/panel/note-boundary.tsx';

/** Loads the chunk; once loaded it is there. */
export async function loadPlanHistory() {
  return { default: (await import('#client/plans/history/plan-history.tsx')).PlanHistory };
}

const PlanHistory = lazy(loadPlanHistory);

/** Whatever fails in it, the plan itself stays. */
export function HistoryPlace(props: PlanHistoryProps) {
  const { t } = useTranslation('plans');
  const failed = (
    <div className={styles['refused']}>
      <ErrorBanner error="failed" words={t('history.failed')} onRetry={() => window.location.reload()} />
    </div>
  );
  return (
    <NoteBoundary fallback={failed}>
      <Suspense fallback={<p className={styles['loading']}>{t('history.loading')}</p>}>
        <PlanHistory {...props} />
      </Suspense>
    </NoteBoundary>
  );
}
