/** The navigation at the side: home, the workspaces with their rooms, one's company and oneself. */
import {
  IconBuilding,
  IconHome2,
  IconLogout,
  IconPlus,
  IconSearch,
  IconUserCircle,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink } from 'react-router';
import styles from '#client/app/shell/side-nav.module.css';
import { WorkspaceLinks } from '#client/app/shell/workspace-links.tsx';
import { Logo } from '#client/base/parts/logo.tsx';
import { SignOut } from '#client/base/parts/sign-out.tsx';
import { pathPatterns } from '#client/base/paths.ts';
import { useMe } from '#client/base/session.ts';

const icon = { size: 17, stroke: 1.7, 'aria-hidden': true } as const;

/** Hidden on phones, where the bottom bar stands instead. */
export function SideNav({ onSearch }: { onSearch: () => void }) {
  const { t } = useTranslation('app');
  const { t: base } = useTranslation();
  const me = useMe();
  return (
    <nav className={styles['nav']} aria-label={t('nav.label')}>
      <Link to={pathPatterns.home} className={styles['brand']}>
        <Logo />
        {base('product')}
      </Link>
      <button type="button" className={styles['search']} onClick={onSearch}>
        <IconSearch {...icon} />
        <span>{t('nav.search')}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <NavLink to={pathPatterns.home} end className={styles['link'] ?? ''}>
        <IconHome2 {...icon} />
        {t('nav.home')}
      </NavLink>
      <h2 className={styles['heading']} id="nav-workspaces">
        {t('nav.workspaces')}
      </h2>
      <WorkspaceLinks />
      {me.member.role === 'admin' && (
        <NavLink to={pathPatterns.invitePartner} className={styles['link'] ?? ''} data-quiet>
          <IconPlus {...icon} />
          {t('nav.inviteCompany')}
        </NavLink>
      )}
      <div className={styles['foot']}>
        <NavLink to={pathPatterns.company} className={styles['link'] ?? ''}>
          <IconBuilding {...icon} />
          <bdi className={styles['clip']}>{me.company.name}</bdi>
        </NavLink>
        <div className={styles['account']}>
          <NavLink to={pathPatterns.me} className={styles['link'] ?? ''}>
            <IconUserCircle {...icon} />
            <bdi className={styles['clip']}>{me.member.name}</bdi>
          </NavLink>
          <SignOut>
            {(ask) => (
              <button
                type="button"
                className={styles['leave']}
                onClick={ask}
                aria-label={t('account.signOut')}
                title={t('account.signOut')}
              >
                <IconLogout {...icon} />
              </button>
            )}
          </SignOut>
        </div>
      </div>
    </nav>
  );
}
