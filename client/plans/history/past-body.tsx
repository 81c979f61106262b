/** What stands under the strip: the past plan as a table or as cards, or in plain words why it is not there. */
import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '#client/base/parts/empty-state.tsx';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { errorCode } from '#client/base/words.ts';
import { Check } from '#client/history/check.tsx';
import { useMomentText } from '#client/history/use-moment-text.ts';
import type { RecordState } from '#client/history/use-record.ts';
import styles from '#client/plans/history/past-body.module.css';
import { PastCards } from '#client/plans/history/past-cards.tsx';
import { changedOnly, countFates, type PastLine } from '#client/plans/history/past-lines.ts';
import { WrittenBy } from '#client/plans/history/past-row-card.tsx';
import { PastTable } from '#client/plans/history/past-table.tsx';
import type { ShownHistory } from '#client/plans/history/use-shown-plan.ts';
import type { CellPlace } from '#client/plans/table/columns.ts';

/** What is shown and where one stands in it. */
export interface PastBodyProps {
  label: string;
  known: RecordState;
  shown: ShownHistory;
  isPhone: boolean;
  isFiltered: boolean;
  onFilter: (isFiltered: boolean) => void;
  cell: CellPlace | null;
  onCell: (cell: CellPlace) => void;
  onOpen: (taskId: string) => void;
}

/** One state at a time. */
export function PastBody(props: PastBodyProps) {
  const { known, shown, isFiltered, onFilter, cell } = props;
  const { lines, isCompared } = shown;
  const drawn = useMemo(
    () => (lines !== null && isCompared && isFiltered ? changedOnly(lines) : lines),
    [lines, isCompared, isFiltered],
  );
  if (drawn === null || lines === null) return <NotRead known={known} shown={shown} />;
  return (
    <>
      {shown.error !== null && <Failed error={shown.error} onRetry={known.refresh} />}
      <Lines {...props} lines={drawn} />
      <PastBar lines={lines} shown={shown} cell={cell} isFiltered={isFiltered} onFilter={onFilter} />
    </>
  );
}

function Lines({ lines, ...props }: PastBodyProps & { lines: readonly PastLine[] }) {
  const { label, shown, isPhone, cell, onCell, onOpen } = props;
  const { t } = useTranslation('plans');
  const { writer } = shown.plan;
  if (lines.length === 0) {
    const kind = shown.isCompared ? 'same' : 'empty';
    return (
      <div className={styles['empty']}>
        <EmptyState
          kind="cleared"
          level={3}
          title={t(`history.${kind}.title`)}
          text={t(`history.${kind}.text`)}
        />
      </div>
    );
  }
  if (isPhone) return <PastCards label={label} lines={lines} writer={writer} onOpen={onOpen} />;
  return (
    <PastTable
      label={label}
      lines={lines}
      writer={writer}
      showsBefore={shown.isCompared}
      cell={cell}
      onCell={onCell}
      onOpen={onOpen}
    />
  );
}

/** Before anything can be shown: how far the reading is, and a way to end it. */
function NotRead({ known, shown }: { known: RecordState; shown: ShownHistory }) {
  const { t } = useTranslation('history');
  const text = useMomentText();
  const { state, error, untilMs, refresh, stop } = known;
  if (state === 'failed') return <Failed error={error} onRetry={refresh} />;
  if (shown.error !== null) return <Failed error={shown.error} onRetry={refresh} />;
  const isStopped = state === 'stopped';
  return (
    <div className={styles['reading']} role="status">
      <p>{isStopped ? t('reading.stopped') : t(state === 'reading' ? 'reading.title' : 'reading.moment')}</p>
      {state === 'reading' && untilMs > 0 && <p>{t('reading.until', { moment: text.full(untilMs) })}</p>}
      {isStopped && (
        <Button variant="default" size="xs" onClick={refresh}>
          {t('reading.again')}
        </Button>
      )}
      {state === 'reading' && (
        <Button variant="default" size="xs" onClick={stop}>
          {t('reading.stop')}
        </Button>
      )}
    </div>
  );
}

function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation('history');
  const words = errorCode(error) === 'hub.unreachable' ? t('offline') : undefined;
  return (
    <div className={styles['failed']}>
      <ErrorBanner error={error} words={words} onRetry={onRetry} />
    </div>
  );
}

type PastBarProps = Pick<PastBodyProps, 'shown' | 'cell' | 'isFiltered' | 'onFilter'> & {
  lines: readonly PastLine[];
};

/** Who wrote the cell one stands in; and of a comparison how much differs. */
function PastBar({ lines, shown, cell, isFiltered, onFilter }: PastBarProps) {
  const { t } = useTranslation('history');
  const { t: plans } = useTranslation('plans');
  const counts = useCountWords(lines);
  const line = cell === null ? undefined : lines.find(({ row }) => row.task.id === cell.taskId);
  const by = cell === null || line === undefined ? null : shown.plan.writer(line.row.task, cell.column);
  return (
    <footer className={styles['bar']}>
      <output className={styles['said']}>{by !== null && <WrittenBy by={by} />}</output>
      {shown.isCompared ? (
        <>
          <output>{counts}</output>
          <Check words={t('compare.onlyChanged')} checked={isFiltered} onCheck={onFilter} />
        </>
      ) : (
        <span>{plans('bar.rows', { count: lines.length })}</span>
      )}
    </footer>
  );
}

function useCountWords(lines: readonly PastLine[]): string {
  const { t } = useTranslation('plans');
  const counts = useMemo(() => countFates(lines), [lines]);
  const parts = (['added', 'removed', 'changed'] as const)
    .filter((fate) => counts[fate] > 0)
    .map((fate) => t(`history.count.${fate}`, { count: counts[fate] }));
  return parts.length === 0 ? t('history.count.none') : parts.join(', ');
}
