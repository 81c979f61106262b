/** The save state of what is open, always at the same place: icon and words, never colour alone. */
import { IconAlertTriangle, IconCheck, IconCloudOff, IconEye, IconLoader2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from '#client/base/parts/save-state-mark.module.css';
import { useCodeWords } from '#client/base/words.ts';
import type { ErrorCode } from '#shared/base/errors.ts';

/** What the live engine says of the open documents together. */
export interface SaveStateShown {
  kind: 'saved' | 'saving' | 'offline' | 'refused' | 'viewOnly' | 'loading';
  /** Changes not yet acknowledged. */
  waiting: number;
  /** Why, when refused. */
  code?: ErrorCode | undefined;
}

const icons = {
  saved: IconCheck,
  saving: IconLoader2,
  loading: IconLoader2,
  offline: IconCloudOff,
  refused: IconAlertTriangle,
  viewOnly: IconEye,
};

/** Shows the state; a change of kind is announced politely. `onRetry` adds Retry to a refused state. */
export function SaveStateMark({ state, onRetry }: { state: SaveStateShown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const Icon = icons[state.kind];
  return (
    <span className={styles['mark']} data-kind={state.kind} data-save-state={state.kind}>
      <Icon size={15} stroke={1.9} aria-hidden />
      <output className={styles['words']} aria-label={t('saveState.label')}>
        {useStateWords(state)}
      </output>
      {state.kind === 'refused' && onRetry !== undefined && (
        <button type="button" className={styles['retry']} onClick={onRetry}>
          {t('saveState.retry')}
        </button>
      )}
    </span>
  );
}

function useStateWords({ kind, waiting, code }: SaveStateShown): string {
  const { t } = useTranslation();
  const codeWords = useCodeWords();
  if (kind === 'offline') {
    return waiting === 0 ? t('saveState.offlineNothing') : t('saveState.offline', { count: waiting });
  }
  return kind === 'refused'
    ? t('saveState.refused', { reason: codeWords(code ?? 'internal') })
    : t(`saveState.${kind}`);
}
