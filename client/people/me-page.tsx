/** Oneself: name, password, appearance, shortcuts, and where one is signed in. */
import '#client/people/words.ts';
import { Switch, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useShortcutsSwitch } from '#client/base/keyboard/shortcuts.ts';
import { ChoiceGroup } from '#client/base/parts/choice-group.tsx';
import { PageHead } from '#client/base/parts/page-head.tsx';
import { Panel } from '#client/base/parts/panel.tsx';
import { KeptTexts } from '#client/people/me/kept-texts.tsx';
import { NameForm } from '#client/people/me/name-form.tsx';
import { PasswordForm } from '#client/people/me/password-form.tsx';
import { SessionList } from '#client/people/me/session-list.tsx';
import styles from '#client/people/me-page.module.css';

const schemes = ['light', 'dark', 'auto'] as const;

/** Appearance and shortcuts are kept on this device, the rest on the hub. */
export function MePage() {
  const { t } = useTranslation('people');
  return (
    <>
      <PageHead title={t('me.title')} />
      <div className={styles['page']}>
        <Panel title={t('me.profile')}>
          <NameForm />
        </Panel>
        <Panel title={t('me.appearance')}>
          <Appearance />
        </Panel>
        <Panel title={t('me.shortcuts')}>
          <ShortcutsSwitch />
        </Panel>
        <Panel title={t('kept.title')}>
          <KeptTexts />
        </Panel>
        <Panel title={t('me.password')}>
          <PasswordForm />
        </Panel>
        <Panel title={t('me.sessions')}>
          <SessionList />
        </Panel>
      </div>
    </>
  );
}

function Appearance() {
  const { t } = useTranslation('people');
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  return (
    <ChoiceGroup
      legend={t('me.scheme')}
      value={colorScheme}
      onChange={setColorScheme}
      choices={schemes.map((value) => ({ value, words: t(`me.${value}`) }))}
    />
  );
}

function ShortcutsSwitch() {
  const { t } = useTranslation('people');
  const [on, switchOn] = useShortcutsSwitch();
  return (
    <div className={styles['form']}>
      <Switch
        label={t('me.shortcutsSwitch')}
        aria-describedby="shortcuts-text"
        checked={on}
        onChange={(event) => switchOn(event.currentTarget.checked)}
      />
      <p id="shortcuts-text" className={styles['note']}>
        {t('me.shortcutsText')}
      </p>
    </div>
  );
}
