/** The strip over a past state: which moment it is, in words nobody can miss, what can be done with it, and the slider. */
import { Button } from '@mantine/core';
import { IconArrowForwardUp, IconHistory } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from '#client/history/history-strip.module.css';
import { TimeSlider, type TimeSliderProps } from '#client/history/time-slider.tsx';

/** `title` says the moment, `detail` whose work it is or the name of a version; `children` are the actions. */
export interface HistoryStripProps extends TimeSliderProps {
  title: string;
  detail: string;
  onBack: () => void;
  children: ReactNode;
}

/** Stands where the screen is about the past, so that it is never confused with the present. */
export function HistoryStrip({ title, detail, onBack, children, ...slider }: HistoryStripProps) {
  const { t } = useTranslation('history');
  return (
    <header className={styles['strip']}>
      <div className={styles['line']}>
        <h2 className={styles['moment']}>
          <IconHistory size={16} stroke={2} aria-hidden />
          {title}
        </h2>
        <span className={styles['detail']}>
          {detail !== '' && <bdi>{detail}</bdi>}
          <span className={styles['readOnly']}>{t('readOnly')}</span>
        </span>
        <Button
          size="xs"
          leftSection={<IconArrowForwardUp size={15} aria-hidden />}
          title={t('backKeys')}
          className={styles['back'] ?? ''}
          onClick={onBack}
        >
          {t('back')}
        </Button>
        <div className={styles['actions']}>{children}</div>
      </div>
      <TimeSlider {...slider} />
    </header>
  );
}
