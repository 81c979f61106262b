/** The keys of the plan's table as the list of `?` names them. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type ListedKeys, useListedKeys } from '#client/base/keyboard/listed-keys.ts';
import '#client/plans/words.ts';

/** One line: keys as written on them, and the key of its words. */
interface PlanKeys {
  keys: readonly string[];
  words: 'edit' | 'add' | 'open' | 'remove' | 'move' | 'level' | 'day' | 'undo' | 'redo' | 'menu';
}

/** In the order in which they are needed; a test presses each of them. Space and Delete are written in words. */
export const planKeys: readonly PlanKeys[] = [
  { keys: ['Enter', 'F2'], words: 'edit' },
  { keys: ['N', 'Insert'], words: 'add' },
  { keys: ['Space'], words: 'open' },
  { keys: ['Del'], words: 'remove' },
  { keys: ['Alt+↑', 'Alt+↓'], words: 'move' },
  { keys: ['Alt+Shift+←', 'Alt+Shift+→'], words: 'level' },
  { keys: ['Alt+←', 'Alt+→'], words: 'day' },
  { keys: ['Shift+F10'], words: 'menu' },
  { keys: ['Ctrl+Z'], words: 'undo' },
  { keys: ['Ctrl+Shift+Z'], words: 'redo' },
];

/** Lists the table's keys while a plan is open. */
export function usePlanKeys(): void {
  const { t } = useTranslation('plans');
  useListedKeys(
    useMemo(
      () => planKeys.map(({ keys, words }): ListedKeys => ({ keys, words: t(`keyList.${words}`) })),
      [t],
    ),
  );
}
