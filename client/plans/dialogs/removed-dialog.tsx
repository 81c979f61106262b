/** Removed rows, and bringing one's own back to where they stood. */
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Dialog } from '#client/base/parts/dialog.tsx';
import { SideMark } from '#client/base/parts/side-mark.tsx';
import styles from '#client/plans/dialogs/dialogs.module.css';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import { restoreTask } from '#shared/plans/edit.ts';
import { mayEditFacts } from '#shared/plans/rules.ts';
import type { PlanTask } from '#shared/plans/task.ts';

/** Rows of the other company are listed too, so that nothing goes unseen; only they bring them back. */
export function RemovedDialog({ removed, onClose }: { removed: readonly PlanTask[]; onClose: () => void }) {
  const { t } = useTranslation('plans');
  const { desk, companies } = useOpenPlan();
  return (
    <Dialog title={t('removed.title')} onClose={onClose}>
      {removed.length === 0 && <p className={styles['text']}>{t('removed.none')}</p>}
      <ul className={styles['list']}>
        {removed.map((task) => (
          <li key={task.id}>
            <SideMark side={task.owner} named />
            <bdi className={styles['name']}>{task.title === '' ? t('row.untitled') : task.title}</bdi>
            {mayEditFacts(desk.standing, task) ? (
              <Button variant="default" size="xs" onClick={() => restoreTask(desk, task.id)}>
                {t('removed.restore')}
              </Button>
            ) : (
              <span className={styles['soft']}>
                {t('removed.theirs', { company: companies[task.owner] })}
              </span>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
