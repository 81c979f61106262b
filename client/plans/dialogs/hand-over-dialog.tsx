/** Giving a task to the other company: one step that names what is given, to whom, and what that means. */
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Dialog } from '#client/base/parts/dialog.tsx';
import styles from '#client/plans/dialogs/dialogs.module.css';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import { otherSide } from '#shared/base/audience.ts';
import type { PlanTask } from '#shared/plans/task.ts';

/** `onConfirm` gives; either way the dialog is closed by its owner. */
export function HandOverDialog(props: { task: PlanTask; onConfirm: () => void; onClose: () => void }) {
  const { task, onConfirm, onClose } = props;
  const { t } = useTranslation('plans');
  const { t: base } = useTranslation();
  const { companies, people } = useOpenPlan();
  const to = otherSide(task.owner);
  const names = [...people.values()].filter((person) => person.side === to).map((person) => person.name);
  const title = task.title === '' ? t('row.untitled') : task.title;
  return (
    <Dialog title={t('handOver.title', { company: companies[to] })} onClose={onClose}>
      <p className={styles['text']}>{t('handOver.text', { title, company: companies[to] })}</p>
      {names.length > 0 && (
        <p className={styles['text']}>{t('handOver.people', { names: names.join(', ') })}</p>
      )}
      <div className={styles['buttons']}>
        <Button variant="default" onClick={onClose}>
          {base('action.cancel')}
        </Button>
        <Button onClick={onConfirm}>{t('handOver.confirm', { company: companies[to] })}</Button>
      </div>
    </Dialog>
  );
}
