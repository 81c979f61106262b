/** The workspace itself: what it is for, since when, its state, and for leads the ways to change that state. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { callHub } from '#client/base/http.ts';
import { useMomentWords } from '#client/base/moments.ts';
import { Confirm } from '#client/base/parts/confirm.tsx';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { Panel } from '#client/base/parts/panel.tsx';
import { applyRelationship } from '#client/partners/api.ts';
import styles from '#client/partners/workspace-about.module.css';
import { changeRelationshipState } from '#shared/partners/calls.ts';
import { mayBecome, mayLead } from '#shared/partners/rules.ts';
import type { Relationship, RelationshipState } from '#shared/partners/shape.ts';

/** Changes that stop other people in their work are asked about first, under these words. */
const asksFor = { paused: 'pause', exiting: 'begin', ended: 'complete' } as const;

/** Leads of either company change the state; the other company sees it at once. */
export function WorkspaceAbout({ relationship }: { relationship: Relationship }) {
  const { t } = useTranslation('partners');
  const { day } = useMomentWords();
  const { purpose, since, state, role } = relationship;
  return (
    <Panel title={t('workspace.about')}>
      <dl className={styles['facts']}>
        {purpose !== '' && (
          <>
            <dt>{t('workspace.purpose')}</dt>
            <dd dir="auto" className={styles['purpose']}>
              {purpose}
            </dd>
          </>
        )}
        <dt>{t('workspace.stateIs')}</dt>
        <dd>
          <time dateTime={since}>
            {t('workspace.since', { state: t(`state.${state}`), day: day(since) })}
          </time>
        </dd>
      </dl>
      {mayLead(role) && <StateButtons relationship={relationship} />}
    </Panel>
  );
}

function StateButtons({ relationship }: { relationship: Relationship }) {
  const { t } = useTranslation('partners');
  const { id: relationshipId, name, state } = relationship;
  const [asked, setAsked] = useState<keyof typeof asksFor | null>(null);
  const changing = useMutation({
    mutationFn: (next: RelationshipState) =>
      callHub(changeRelationshipState, { relationshipId, state: next }),
    onSuccess: (changed) => {
      applyRelationship(changed);
      setAsked(null);
    },
  });
  return (
    <>
      {asked === null && <ErrorBanner error={changing.error} />}
      <div className={styles['buttons']}>
        {mayBecome(state, 'paused') && (
          <Button variant="default" size="xs" onClick={() => setAsked('paused')}>
            {t('workspace.pause')}
          </Button>
        )}
        {mayBecome(state, 'active') && (
          <Button size="xs" onClick={() => changing.mutate('active')}>
            {t('workspace.resume')}
          </Button>
        )}
        {mayBecome(state, 'exiting') && (
          <Button variant="default" color="bad" size="xs" onClick={() => setAsked('exiting')}>
            {t('workspace.begin')}
          </Button>
        )}
        {mayBecome(state, 'ended') && (
          <Button variant="default" color="bad" size="xs" onClick={() => setAsked('ended')}>
            {t('workspace.complete')}
          </Button>
        )}
      </div>
      {asked !== null && (
        <Confirm
          title={t(`workspace.${asksFor[asked]}Title`, { name })}
          text={t(`workspace.${asksFor[asked]}Text`)}
          act={t(`workspace.${asksFor[asked]}`)}
          pending={changing.isPending}
          error={changing.error}
          onAct={() => changing.mutate(asked)}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}
