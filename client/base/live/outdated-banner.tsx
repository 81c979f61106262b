/** Offers to reload a page that is older than its hub; never does it by itself, since somebody may be typing. */
import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from '#client/base/live/outdated-banner.module.css';
import { useOutdated } from '#client/base/live/use-outdated.ts';

/** Nothing while the page and the hub understand each other. What waits on the device is sent after the reload. */
export function OutdatedBanner() {
  const { t } = useTranslation();
  const isOutdated = useOutdated();
  return (
    <div role="status">
      {isOutdated && (
        <div className={styles['banner']}>
          <IconRefresh size={17} stroke={1.7} aria-hidden />
          <p>{t('updated.text')}</p>
          <Button size="xs" onClick={() => location.reload()}>
            {t('updated.reload')}
          </Button>
        </div>
      )}
    </div>
  );
}
