/** What the palette offers here and now: the standing shortcuts, the workspaces, and the appearance. */
import { useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Command } from '#client/app/palette/commands.ts';
import { stepLabel } from '#client/base/keyboard/key-sequence.ts';
import { useStandingShortcuts } from '#client/base/keyboard/shortcuts.ts';
import { relationshipPath } from '#client/base/paths.ts';
import { useRelationships } from '#client/partners/api.ts';

/**
 * Commands in no particular order; `findCommands` sorts them. Transitions are kept at a change of colours: switching
 * them off would need a generated style element, which the content policy forbids.
 */
export function useCommands(): Command[] {
  const { t } = useTranslation('app');
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const { data: workspaces = [] } = useRelationships();
  const standing: Command[] = useStandingShortcuts().map(({ steps, words, group, run }) => ({
    id: steps.join(' '),
    group: group === 'general' ? 'preferences' : group,
    words,
    keys: steps.map(stepLabel),
    run,
  }));
  const places: Command[] = workspaces.map(({ id, name }) => ({
    id,
    group: 'go',
    words: name,
    keys: [],
    run: () => void navigate(relationshipPath(id)),
  }));
  const schemes = [
    { scheme: 'light', words: t('palette.schemeLight') },
    { scheme: 'dark', words: t('palette.schemeDark') },
    { scheme: 'auto', words: t('palette.schemeAuto') },
  ] as const;
  const looks: Command[] = schemes.map(({ scheme, words }) => ({
    id: scheme,
    group: 'preferences',
    words,
    keys: [],
    run: () => setColorScheme(scheme),
  }));
  return [...standing, ...places, ...looks];
}
