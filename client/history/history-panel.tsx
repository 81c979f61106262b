/** The panel beside a past state: who changed what when, with the named versions in it. On a phone it is a sheet. */
import { Button } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '#client/base/parts/empty-state.tsx';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { Waiting } from '#client/base/parts/waiting.tsx';
import { errorCode } from '#client/base/words.ts';
import { ChangeList, type ChangeListProps } from '#client/history/change-list.tsx';
import styles from '#client/history/history-panel.module.css';
import type { KnownChanges } from '#client/history/use-changes.ts';

/** `children` stand between the heading and the list: the naming of versions. */
export interface HistoryPanelProps extends Omit<ChangeListProps, 'changes'> {
  known: KnownChanges;
  onClose: () => void;
  children: ReactNode;
}

/** One state at a time; what has been read stays when reading on fails. */
export function HistoryPanel({ known, onClose, children, ...list }: HistoryPanelProps) {
  const { t } = useTranslation('history');
  const [isUp, setUp] = useState(false);
  return (
    <aside className={styles['panel']} aria-labelledby="history-title" data-up={isUp || undefined}>
      <header className={styles['head']}>
        <h2 id="history-title">{t('title')}</h2>
        <button
          type="button"
          className={styles['pull']}
          aria-expanded={isUp}
          aria-label={t('list.label')}
          onClick={() => setUp(!isUp)}
        >
          {isUp ? <IconChevronDown size={19} aria-hidden /> : <IconChevronUp size={19} aria-hidden />}
        </button>
        <button type="button" aria-label={t('close')} onClick={onClose}>
          <IconX size={17} stroke={1.7} aria-hidden />
        </button>
      </header>
      <div className={styles['content']}>
        {children}
        <Listed known={known} list={list} />
      </div>
    </aside>
  );
}

function Listed({ known, list }: { known: KnownChanges; list: Omit<ChangeListProps, 'changes'> }) {
  const { t } = useTranslation('history');
  const { changes, error, hasOlder, isReading, readOlder, refresh } = known;
  const isAway = error !== null && errorCode(error) === 'hub.unreachable';
  const problem = (
    <div className={styles['problem']}>
      <ErrorBanner
        error={error}
        words={isAway ? t('offline') : undefined}
        onRetry={hasOlder ? readOlder : refresh}
      />
    </div>
  );
  if (changes === null) return error === null ? <Waiting /> : problem;
  return (
    <>
      {error !== null && problem}
      {changes.length === 0 && list.versions.length === 0 ? (
        <EmptyState kind="first" level={3} title={t('list.empty.title')} text={t('list.empty.text')} />
      ) : (
        <ChangeList changes={changes} {...list} />
      )}
      {hasOlder && error === null && (
        <div className={styles['older']}>
          {isReading ? (
            <span>{t('list.reading')}</span>
          ) : (
            <Button variant="default" size="xs" onClick={readOlder}>
              {t('list.older')}
            </Button>
          )}
        </div>
      )}
    </>
  );
}
