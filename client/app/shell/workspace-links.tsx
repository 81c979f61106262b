/** The workspaces in the navigation; the one that is open shows its rooms. */
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import styles from '#client/app/shell/side-nav.module.css';
import { useWorkspaceId } from '#client/app/shell/use-workspace-id.ts';
import { SideMark } from '#client/base/parts/side-mark.tsx';
import { plansPath, relationshipPath } from '#client/base/paths.ts';
import { useRelationships } from '#client/partners/api.ts';
import { otherSide } from '#shared/base/audience.ts';

/** The mark before a name is the partner's side: whom one meets there. */
export function WorkspaceLinks() {
  const { t } = useTranslation('app');
  const { data } = useRelationships();
  const openId = useWorkspaceId();
  if (data === undefined) {
    return null;
  }
  if (data.length === 0) {
    return <p className={styles['none']}>{t('nav.noWorkspaces')}</p>;
  }
  return (
    <ul aria-labelledby="nav-workspaces">
      {data.map(({ id, name, side }) => (
        <li key={id}>
          <NavLink to={relationshipPath(id)} end className={styles['link'] ?? ''}>
            <span className={styles['mark']}>
              <SideMark side={otherSide(side)} />
            </span>
            <bdi className={styles['clip']}>{name}</bdi>
          </NavLink>
          {id === openId && (
            <NavLink to={plansPath(id)} className={styles['link'] ?? ''} data-nested>
              {t('nav.plans')}
            </NavLink>
          )}
        </li>
      ))}
    </ul>
  );
}
