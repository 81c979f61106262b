/** The second line of a plan in the list: how far it is, its days, what comes next and what is late, in plain words. */
import { useTranslation } from 'react-i18next';
import { readerLocale } from '#client/base/moments.ts';
import { SideMark } from '#client/base/parts/side-mark.tsx';
import { localToday, showDate } from '#client/plans/date-text.ts';
import styles from '#client/plans/list/plan-summary-line.module.css';
import { type Side, sides } from '#shared/base/audience.ts';
import type { PlanSummary } from '#shared/plans/summary-shape.ts';

/** `companies` by side; null while they are not known, and late rows are then counted together. */
export interface PlanSummaryLineProps {
  summary: PlanSummary;
  companies: Record<Side, string> | null;
}

export function PlanSummaryLine({ summary, companies }: PlanSummaryLineProps) {
  const { t, i18n } = useTranslation('plans');
  const locale = readerLocale(i18n.language, navigator.languages);
  const reading = { today: localToday(new Date()), locale };
  const { start, finish, nextMilestone, done, tasks, milestones, progressPct } = summary;
  const total = tasks + milestones;
  if (total === 0) return <span className={styles['summary']}>{t('summary.none')}</span>;
  const percent = new Intl.NumberFormat(locale, { style: 'percent' }).format(progressPct / 100);
  return (
    <span className={styles['summary']}>
      <span className={styles['progress']}>
        <span className={styles['bar']} aria-hidden>
          <span style={{ inlineSize: `${progressPct}%` }} />
        </span>
        <span className={styles['percent']}>{percent}</span>
      </span>
      <span>{t('summary.done', { done, count: total })}</span>
      {start !== null && finish !== null && (
        <span>
          {t('summary.days', { start: showDate(start, reading), finish: showDate(finish, reading) })}
        </span>
      )}
      {nextMilestone !== null && (
        <span className={styles['next']}>
          {t('summary.next')}{' '}
          <bdi>{nextMilestone.title === '' ? t('row.untitled') : nextMilestone.title}</bdi>,{' '}
          {showDate(nextMilestone.day, reading)}
        </span>
      )}
      <Late late={summary.late} companies={companies} />
    </span>
  );
}

function Late({ late, companies }: { late: Record<Side, number>; companies: Record<Side, string> | null }) {
  const { t } = useTranslation('plans');
  if (companies === null) return null;
  return sides
    .filter((side) => late[side] > 0)
    .map((side) => (
      <span key={side} className={styles['late']}>
        <SideMark side={side} />
        <span>
          <bdi>{companies[side]}</bdi>: {t('summary.late', { count: late[side] })}
        </span>
      </span>
    ));
}
