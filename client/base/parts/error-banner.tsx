/** An inline banner for a refusal: what happened in words, and a way to try again where there is one. */
import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from '#client/base/parts/error-banner.module.css';
import { useErrorWords } from '#client/base/words.ts';

/** `error` may be anything thrown; null shows nothing. `words` replaces the catalogue's words. */
export interface ErrorBannerProps {
  error: unknown;
  words?: string | undefined;
  onRetry?: () => void;
}

/** Announced at once, because it answers something the person has just done. */
export function ErrorBanner({ error, words, onRetry }: ErrorBannerProps) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  if (error === null || error === undefined) {
    return null;
  }
  return (
    <div role="alert" className={styles['banner']}>
      <IconAlertTriangle size={17} stroke={1.7} aria-label={t('errorLabel')} role="img" />
      <p className={styles['words']}>{words ?? errorWords(error)}</p>
      {onRetry !== undefined && (
        <Button variant="default" size="xs" onClick={onRetry}>
          {t('action.retry')}
        </Button>
      )}
    </div>
  );
}
