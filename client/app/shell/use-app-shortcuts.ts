/** The shortcuts that stand on every page: go somewhere, create, show the list. */
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useWorkspaceId } from '#client/app/shell/use-workspace-id.ts';
import { type Shortcut, useShortcuts } from '#client/base/keyboard/shortcuts.ts';
import { pathPatterns, plansPath, relationshipPath } from '#client/base/paths.ts';
import { useMe } from '#client/base/session.ts';

/** Adds `g …`, `n …` and `?` while the frame stands. */
export function useAppShortcuts({ openHelp }: { openHelp: () => void }): void {
  const { t } = useTranslation('app');
  const navigate = useNavigate();
  const workspaceId = useWorkspaceId();
  const { member } = useMe();
  const go = (code: string, words: string, path: string): Shortcut => ({
    steps: ['KeyG', code],
    words,
    group: 'go',
    run: () => void navigate(path),
  });
  const shortcuts: Shortcut[] = [
    go('KeyH', t('shortcut.home'), pathPatterns.home),
    go('KeyC', t('shortcut.company'), pathPatterns.company),
    go('KeyM', t('shortcut.me'), pathPatterns.me),
    { steps: ['?'], words: t('shortcut.help'), group: 'general', run: openHelp },
  ];
  if (workspaceId !== null) {
    shortcuts.push(
      go('KeyO', t('shortcut.workspace'), relationshipPath(workspaceId)),
      go('KeyP', t('shortcut.plans'), plansPath(workspaceId)),
    );
  }
  if (member.role === 'admin') {
    shortcuts.push({
      steps: ['KeyN', 'KeyW'],
      words: t('shortcut.invitePartner'),
      group: 'create',
      run: () => void navigate(pathPatterns.invitePartner),
    });
  }
  useShortcuts(shortcuts);
}
