/** The line under the plan: what was just said, how many rows there are, and the removed ones. */
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from '#client/plans/plan-bar.module.css';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import type { PlanView } from '#shared/plans/read.ts';

/** `said` is the last sentence, '' when there is none; it is announced politely. */
export function PlanBar(props: { view: PlanView; said: string; onRemoved: () => void }) {
  const { view, said, onRemoved } = props;
  const { t } = useTranslation('plans');
  const { desk, undo } = useOpenPlan();
  return (
    <footer className={styles['bar']}>
      {desk.standing.mayWrite && (
        <span className={styles['undo']}>
          <button
            type="button"
            aria-label={t('bar.undo')}
            title={t('bar.undoKeys')}
            onClick={() => undo.undo()}
          >
            <IconArrowBackUp size={17} stroke={1.7} aria-hidden />
          </button>
          <button
            type="button"
            aria-label={t('bar.redo')}
            title={t('bar.redoKeys')}
            onClick={() => undo.redo()}
          >
            <IconArrowForwardUp size={17} stroke={1.7} aria-hidden />
          </button>
        </span>
      )}
      <output className={styles['said']}>{said}</output>
      {view.truncated && (
        <span className={styles['warning']}>{t('bar.truncated', { count: view.rows.length })}</span>
      )}
      {!desk.standing.mayWrite && <span>{t('lock.viewOnly')}</span>}
      {view.removed.length > 0 && (
        <button type="button" className={styles['link']} onClick={onRemoved}>
          {t('bar.removed', { count: view.removed.length })}
        </button>
      )}
      <span>{t('bar.rows', { count: view.rows.length })}</span>
      <span className={styles['both']}>{t('bothSee')}</span>
    </footer>
  );
}
