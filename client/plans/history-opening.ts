/** Whether the plan's history is open, as its address says it, and the key that opens and closes it. */
import { useCallback, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useListedKeys } from '#client/base/keyboard/listed-keys.ts';
import type { PressedKey } from '#client/plans/table/table-keys.ts';

/** The parts of the address that belong to the history, the first of which opens it. */
const parts = ['history', 'with'] as const;

/** Alt+Shift+H by its place on the board; with two modifiers, so that it works wherever one types. */
export function isHistoryKey({ code, altKey, shiftKey, ctrlKey, metaKey }: PressedKey): boolean {
  return code === 'KeyH' && altKey && shiftKey && !ctrlKey && !metaKey;
}

/** Opening is a step that the browser's Back takes back; closing leaves no trace in the address. */
export function useHistoryOpening(): { isOpen: boolean; open: () => void; close: () => void } {
  const { t } = useTranslation('plans');
  const [params, setParams] = useSearchParams();
  const isOpen = params.has(parts[0]);
  const open = useCallback(() => {
    setParams((before) => {
      const next = new URLSearchParams(before);
      next.set(parts[0], 'now');
      return next;
    });
  }, [setParams]);
  const close = useCallback(() => {
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        for (const part of parts) next.delete(part);
        return next;
      },
      { replace: true },
    );
  }, [setParams]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isElsewhere = event.target instanceof Element && event.target.closest('dialog') !== null;
      if (!isHistoryKey(event) || event.defaultPrevented || isElsewhere) return;
      event.preventDefault();
      if (isOpen) close();
      else open();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [isOpen, open, close]);
  useListedKeys(useMemo(() => [{ keys: ['Alt+Shift+H'], words: t('history.keyList') }], [t]));
  return { isOpen, open, close };
}
