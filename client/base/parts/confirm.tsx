/** Asks before something that cannot be taken back; the button says the act. */
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import styles from '#client/base/parts/confirm.module.css';
import { Dialog } from '#client/base/parts/dialog.tsx';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';

/** `error` of a failed act stays in view, so that it can be tried again. */
export interface ConfirmProps {
  title: string;
  text: string;
  /** The act, as the button says it. */
  act: string;
  pending: boolean;
  error: unknown;
  onAct: () => void;
  onClose: () => void;
}

/** Cancel comes first and holds the focus. */
export function Confirm({ title, text, act, pending, error, onAct, onClose }: ConfirmProps) {
  const { t } = useTranslation();
  return (
    <Dialog title={title} onClose={onClose}>
      <div className={styles['confirm']}>
        <p>{text}</p>
        <ErrorBanner error={error} />
        <div className={styles['buttons']}>
          <Button variant="default" onClick={onClose} autoFocus>
            {t('action.cancel')}
          </Button>
          <Button color="bad" loading={pending} onClick={onAct}>
            {act}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
