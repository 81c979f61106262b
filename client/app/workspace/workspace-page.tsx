/** The overview of one workspace: its plans, the people of both companies, and the workspace itself. */
import '#client/partners/words.ts';
import { useParams } from 'react-router';
import { AbsentPage } from '#client/app/problem-pages.tsx';
import { PlansPanel } from '#client/app/workspace/plans-panel.tsx';
import styles from '#client/app/workspace/workspace-page.module.css';
import { Loaded } from '#client/base/parts/loaded.tsx';
import { PageHead } from '#client/base/parts/page-head.tsx';
import { errorCode } from '#client/base/words.ts';
import { useRelationship } from '#client/partners/api.ts';
import { PeoplePanels } from '#client/partners/people-panels.tsx';
import { StateNotice } from '#client/partners/state-notice.tsx';
import { WorkspaceAbout } from '#client/partners/workspace-about.tsx';

/** A workspace that does not exist and one of others look the same. */
export function WorkspacePage() {
  const { relationshipId = '' } = useParams();
  const query = useRelationship(relationshipId);
  // An address that is no id at all is refused as input; it names nothing either.
  const isAbsent = query.isError && ['thing.absent', 'input.invalid'].includes(errorCode(query.error));
  if (isAbsent) {
    return <AbsentPage />;
  }
  return (
    <>
      {query.data !== undefined && (
        <PageHead title={query.data.relationship.name} workspace={query.data.relationship} />
      )}
      <Loaded query={query}>
        {({ relationship, participants }) => (
          <div className={styles['page']}>
            <div className={styles['main']}>
              <StateNotice state={relationship.state} />
              <PlansPanel relationship={relationship} />
              <WorkspaceAbout relationship={relationship} />
            </div>
            <div className={styles['side']}>
              <PeoplePanels relationship={relationship} participants={participants} />
            </div>
          </div>
        )}
      </Loaded>
    </>
  );
}
