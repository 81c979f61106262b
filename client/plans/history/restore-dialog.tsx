/** The question before a restore: which rows will change, which cannot, and that it is an ordinary edit. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '#client/base/parts/dialog.tsx';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import styles from '#client/plans/history/restore-dialog.module.css';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import { otherSide } from '#shared/base/audience.ts';
import type { PlanView } from '#shared/plans/read.ts';
import { applyRestore, planRestore, type RowLeft, type RowRestore } from '#shared/plans/restore.ts';
import type { TaskId } from '#shared/plans/task.ts';

/** `past` is the plan at the moment; `only` one row, null for the whole plan; `moment` in words. */
export interface RestoreDialogProps {
  past: PlanView;
  only: { id: TaskId; title: string } | null;
  moment: string;
  onDone: (count: number) => void;
  onClose: () => void;
}

/** More rows than this are counted. */
const mostLines = 8;

/** Works out what would change when it is opened, and again when it is done: others may edit meanwhile. */
export function RestoreDialog({ past, only, moment, onDone, onClose }: RestoreDialogProps) {
  const { t } = useTranslation('plans');
  const { t: base } = useTranslation();
  const { desk, latest, companies } = useOpenPlan();
  const [error, setError] = useState<unknown>(null);
  const work = () => planRestore(desk.standing, latest(), past, only?.id);
  const [asked] = useState(work);
  const company = companies[otherSide(desk.standing.side)];
  const act = () => {
    try {
      const plan = work();
      applyRestore(desk, plan);
      onDone(plan.rows.length);
    } catch (thrown) {
      setError(thrown);
    }
  };
  const title = only === null ? t('history.restore.titleWhole', { moment }) : titleOfRow(only.title);
  return (
    <Dialog title={title} onClose={onClose}>
      <div className={styles['question']}>
        {asked.rows.length === 0 ? <p>{t('history.restore.nothing')}</p> : <Rows rows={asked.rows} />}
        {asked.left.length > 0 && <Stays rows={asked.left} company={company} />}
        {asked.rows.length > 0 && <p className={styles['soft']}>{t('history.restore.after', { company })}</p>}
        <ErrorBanner error={error} />
        <div className={styles['buttons']}>
          <Button variant="default" onClick={onClose} autoFocus>
            {base('action.cancel')}
          </Button>
          {asked.rows.length > 0 && <Button onClick={act}>{t('history.restore.act')}</Button>}
        </div>
      </div>
    </Dialog>
  );

  function titleOfRow(row: string): string {
    return t('history.restore.titleRow', { title: row === '' ? t('row.untitled') : row, moment });
  }
}

function Rows({ rows }: { rows: readonly RowRestore[] }) {
  const { t } = useTranslation('plans');
  const lines = rows.map(({ id, now, was, cells }) => {
    const words = cells.map((cell) =>
      cell === 'removed' && (was === null || was.removed)
        ? t('history.restore.what.gone')
        : t(`history.restore.what.${cell}`),
    );
    return { id, title: (was ?? now)?.title ?? '', what: words.join(', ') };
  });
  return (
    <section>
      <p>{t('history.restore.will', { count: rows.length })}</p>
      <Lines lines={lines} />
    </section>
  );
}

function Stays({ rows, company }: { rows: readonly RowLeft[]; company: string }) {
  const { t } = useTranslation('plans');
  const lines = rows.map(({ id, title, cells, why }) => ({
    id,
    title,
    what: t('history.restore.leftLine', {
      what: cells.map((cell) => t(`history.restore.what.${cell}`)).join(', '),
      why: t(`history.restore.why.${why}`, { company }),
    }),
  }));
  return (
    <section>
      <p>{t('history.restore.left', { count: rows.length })}</p>
      <Lines lines={lines} />
    </section>
  );
}

function Lines({ lines }: { lines: readonly { id: string; title: string; what: string }[] }) {
  const { t } = useTranslation('plans');
  const more = lines.length - mostLines;
  return (
    <ul className={styles['lines']}>
      {lines.slice(0, mostLines).map(({ id, title, what }) => (
        <li key={id}>
          <bdi className={styles['title']}>{title === '' ? t('row.untitled') : title}</bdi>
          <span className={styles['soft']}>{what}</span>
        </li>
      ))}
      {more > 0 && <li className={styles['soft']}>{t('history.restore.more', { count: more })}</li>}
    </ul>
  );
}
