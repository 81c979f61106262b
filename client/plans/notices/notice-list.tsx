/** The sentences that stay until dismissed, over the line under the plan. */
import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from '#client/plans/notices/notices.module.css';
import type { Notices, StandingNotice } from '#client/plans/notices/use-notices.ts';

/** Announced politely as they come; the focus goes to `onLeft` when one is dismissed. */
export function NoticeList({ notices, onLeft }: { notices: Notices; onLeft: () => void }) {
  const { t } = useTranslation('plans');
  return (
    <section className={styles['notices']} aria-live="polite" aria-label={t('notice.label')}>
      {notices.list.map((notice) => (
        <NoticeLine
          key={notice.id}
          notice={notice}
          onDismiss={() => {
            notices.dismiss(notice.id);
            onLeft();
          }}
        />
      ))}
    </section>
  );
}

function NoticeLine({ notice, onDismiss }: { notice: StandingNotice; onDismiss: () => void }) {
  const { t } = useTranslation('plans');
  const { t: base } = useTranslation();
  const { words, copy, action } = notice;
  const [copied, setCopied] = useState(false);
  const toClipboard = (text: string) => {
    navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div className={styles['notice']}>
      <p className={styles['words']} dir="auto">
        {words}
      </p>
      {copy !== undefined && (
        <Button variant="default" size="xs" onClick={() => toClipboard(copy)}>
          {copied ? base('action.copied') : t('notice.copy')}
        </Button>
      )}
      {action !== undefined && (
        <Button
          variant="default"
          size="xs"
          onClick={() => {
            action.run();
            onDismiss();
          }}
        >
          {action.words}
        </Button>
      )}
      <button
        type="button"
        className={styles['dismiss']}
        aria-label={t('notice.dismiss')}
        title={t('notice.dismiss')}
        onClick={onDismiss}
      >
        <IconX size={16} stroke={1.7} aria-hidden />
      </button>
    </div>
  );
}
