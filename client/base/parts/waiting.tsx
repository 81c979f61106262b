/** What stands where content is still loading: nothing for 300 ms, then rows in the shape of what comes. */
import { useTranslation } from 'react-i18next';
import styles from '#client/base/parts/waiting.module.css';

/** Three rows of the usual height. */
export function Waiting() {
  const { t } = useTranslation();
  return (
    <div className={styles['waiting']} role="status" aria-label={t('loading')}>
      <span className={styles['row']} />
      <span className={styles['row']} />
      <span className={styles['row']} />
    </div>
  );
}
