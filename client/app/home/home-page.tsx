/** Home: what waits for oneself, the workspaces, and for a new company the first steps. */
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Checklist } from '#client/app/home/checklist.tsx';
import styles from '#client/app/home/home-page.module.css';
import { WorkspaceCard } from '#client/app/home/workspace-card.tsx';
import { EmptyState } from '#client/base/parts/empty-state.tsx';
import { Loaded } from '#client/base/parts/loaded.tsx';
import { PageHead } from '#client/base/parts/page-head.tsx';
import { Panel } from '#client/base/parts/panel.tsx';
import { pathPatterns } from '#client/base/paths.ts';
import { useMe } from '#client/base/session.ts';
import { usePartnerInvitations, useRelationships } from '#client/partners/api.ts';

/** The checklist stands first while there is something left to do in it. */
export function HomePage() {
  const { t } = useTranslation('app');
  const relationships = useRelationships();
  return (
    <>
      <PageHead title={t('home.title')} />
      <div className={styles['page']}>
        <Checklist />
        <Panel title={t('home.waiting')}>
          <EmptyState
            kind="cleared"
            title={t('home.waitingNothing')}
            text={t('home.waitingText')}
            level={3}
          />
        </Panel>
        <Panel title={t('home.workspaces')} aside={<PendingInvitations />}>
          <Loaded query={relationships}>
            {(list) =>
              list.length === 0 ? (
                <NoWorkspaces />
              ) : (
                <ul className={styles['cards']}>
                  {list.map((relationship) => (
                    <WorkspaceCard key={relationship.id} relationship={relationship} />
                  ))}
                </ul>
              )
            }
          </Loaded>
        </Panel>
      </div>
    </>
  );
}

/** Says how many invitations the others have not answered yet; nothing when there are none. */
function PendingInvitations() {
  const { t } = useTranslation('app');
  const { data = [] } = usePartnerInvitations();
  const count = data.filter(({ state }) => state === 'open').length;
  return count === 0 ? null : (
    <Link to={pathPatterns.invitePartner} className={styles['pending'] ?? ''}>
      {t('home.pending', { count })}
    </Link>
  );
}

function NoWorkspaces() {
  const { t } = useTranslation('app');
  const admin = useMe().member.role === 'admin';
  const title = t('home.noWorkspacesTitle');
  if (!admin) {
    return <EmptyState kind="first" title={title} text={t('home.askAdmin')} level={3} />;
  }
  return (
    <EmptyState
      kind="first"
      title={title}
      text={t('home.noWorkspacesText')}
      level={3}
      action={
        <Button component={Link} to={pathPatterns.invitePartner} variant="default">
          {t('home.invite')}
        </Button>
      }
    />
  );
}
