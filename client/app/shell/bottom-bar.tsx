/** The navigation of phones: a bar at the bottom with the places one hand reaches. */
import { IconBuilding, IconHome2, IconLayoutKanban, IconSearch, IconUserCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import styles from '#client/app/shell/bottom-bar.module.css';
import { useWorkspaceId } from '#client/app/shell/use-workspace-id.ts';
import { pathPatterns, relationshipPath } from '#client/base/paths.ts';
import { useRelationships } from '#client/partners/api.ts';

const icon = { size: 20, stroke: 1.7, 'aria-hidden': true } as const;

/** The workspace entry leads to the open workspace, or to the first one; it is absent without any. */
export function BottomBar({ onSearch }: { onSearch: () => void }) {
  const { t } = useTranslation('app');
  const { data } = useRelationships();
  const workspaceId = useWorkspaceId() ?? data?.[0]?.id;
  return (
    <nav className={styles['bar']} aria-label={t('nav.label')}>
      <NavLink to={pathPatterns.home} end className={styles['item'] ?? ''}>
        <IconHome2 {...icon} />
        {t('nav.home')}
      </NavLink>
      <button type="button" className={styles['item'] ?? ''} onClick={onSearch}>
        <IconSearch {...icon} />
        {t('nav.search')}
      </button>
      {workspaceId !== undefined && (
        <NavLink to={relationshipPath(workspaceId)} className={styles['item'] ?? ''}>
          <IconLayoutKanban {...icon} />
          {t('nav.workspace')}
        </NavLink>
      )}
      <NavLink to={pathPatterns.company} className={styles['item'] ?? ''}>
        <IconBuilding {...icon} />
        {t('nav.company')}
      </NavLink>
      <NavLink to={pathPatterns.me} className={styles['item'] ?? ''}>
        <IconUserCircle {...icon} />
        {t('nav.me')}
      </NavLink>
    </nav>
  );
}
