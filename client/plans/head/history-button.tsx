/** Opens the plan's history, from its head; pressed while it is open. */
import { IconHistory } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from '#client/plans/head/head.module.css';
import { planHistory } from '#client/plans/history-place.tsx';

/** What it opens is loaded when the pointer or the focus comes near. */
export function HistoryButton({ isOpen, onToggle }: { isOpen: boolean; onToggle: () => void }) {
  const { t } = useTranslation('plans');
  // What fails now is loaded, and told about, when it is opened.
  const prepare = () => void planHistory.load().catch(() => undefined);
  return (
    <button
      type="button"
      className={styles['history']}
      aria-pressed={isOpen}
      title={t('history.openKeys')}
      onPointerEnter={prepare}
      onFocus={prepare}
      onClick={onToggle}
    >
      <IconHistory size={17} stroke={1.7} aria-hidden />
      <span className={styles['historyWords']}>{t('history.open')}</span>
    </button>
  );
}
