/** The list of all shortcuts that stand on this page, shown by `?`. */
import { useTranslation } from 'react-i18next';
import styles from '#client/app/palette/shortcut-help.module.css';
import { stepLabel } from '#client/base/keyboard/key-sequence.ts';
import { useAllListedKeys } from '#client/base/keyboard/listed-keys.ts';
import { shortcutGroups, shortcutsOn, useStandingShortcuts } from '#client/base/keyboard/shortcuts.ts';
import { Dialog } from '#client/base/parts/dialog.tsx';

/** Groups in the registry's order; keys of the page itself come first, the palette's own keys are listed with the general ones. */
export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const standing = useStandingShortcuts();
  const listed = useAllListedKeys();
  const rows = [
    ...listed.map((line) => ({ ...line, group: 'page' as const })),
    ...standing.map(({ group, words, steps }) => ({ group, words, keys: steps.map(stepLabel) })),
    { group: 'general' as const, words: t('keys.palette'), keys: ['Ctrl+K'] },
  ];
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      {!shortcutsOn() && <p className={styles['off']}>{t('keys.off')}</p>}
      {shortcutGroups.map((group) => {
        const members = rows.filter((row) => row.group === group);
        return members.length === 0 ? null : (
          <section key={group} className={styles['group']}>
            <h3>{t(`keys.${group}`)}</h3>
            <dl>
              {members.map(({ words, keys }) => (
                <div key={words} className={styles['row']}>
                  <dt>{words}</dt>
                  <dd>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        );
      })}
    </Dialog>
  );
}
