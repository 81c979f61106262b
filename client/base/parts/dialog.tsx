/** A dialog over the page, made of the browser's own: it keeps the focus inside, Escape closes it, focus returns after. */
import { IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import styles from '#client/base/parts/dialog.module.css';

/** A dialog stands while it is rendered; `onClose` must stop rendering it. */
export interface DialogProps {
  /** The heading, also the dialog's name. */
  title: string;
  /** True where the content has its own visible head; the title is then only said. */
  bare?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** Opens when rendered. A click outside closes it. */
export function Dialog({ title, bare = false, onClose, children }: DialogProps) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the element leaves the page, or the browser does not give the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  useEffect(() => {
    // A press on the dialog itself, not on its content, is a press on the backdrop.
    const onPress = (event: PointerEvent) => event.target === dialog.current && onClose();
    document.addEventListener('pointerdown', onPress);
    return () => document.removeEventListener('pointerdown', onPress);
  }, [onClose]);
  return (
    <dialog
      ref={dialog}
      className={styles['dialog']}
      data-bare={bare || undefined}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className={styles['box']}>
        {!bare && (
          <header className={styles['head']}>
            <h2>{title}</h2>
            <button
              type="button"
              className={styles['close']}
              onClick={onClose}
              aria-label={t('action.close')}
            >
              <IconX size={17} stroke={1.7} aria-hidden />
            </button>
          </header>
        )}
        {children}
      </div>
    </dialog>
  );
}
