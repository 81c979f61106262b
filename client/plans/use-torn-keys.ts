/** Keeps keys meant for an editor that was taken away from the table and from the page's shortcuts. */
import { useEffect, useMemo } from 'react';
import { createTornKeys, type TornKeys } from '#client/plans/table/torn-keys.ts';

const editors = 'input, textarea, select, [contenteditable="true"], dialog';

/** Listens before everybody else, while mounted. */
export function useTornKeys(): TornKeys {
  const torn = useMemo(createTornKeys, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isElsewhere = event.target instanceof Element && event.target.closest(editors) !== null;
      if (isElsewhere || !torn.swallows(event.timeStamp)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    document.addEventListener('keydown', onKey, true);
    document.addEventListener('pointerdown', torn.end, true);
    return () => {
      document.removeEventListener('keydown', onKey, true);
      document.removeEventListener('pointerdown', torn.end, true);
    };
  }, [torn]);
  return torn;
}
