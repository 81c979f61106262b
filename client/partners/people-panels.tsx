/** The people of a workspace, company by company; leads also decide who of their own company takes part. */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { callHub } from '#client/base/http.ts';
import { CompanyChip } from '#client/base/parts/company-chip.tsx';
import { Confirm } from '#client/base/parts/confirm.tsx';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { Panel } from '#client/base/parts/panel.tsx';
import { AddColleague } from '#client/partners/add-colleague.tsx';
import { refreshRelationship } from '#client/partners/api.ts';
import { ParticipantRow } from '#client/partners/participant-row.tsx';
import styles from '#client/partners/people-panels.module.css';
import { type Side, sides } from '#shared/base/audience.ts';
import { removeParticipant, setParticipant } from '#shared/partners/calls.ts';
import { mayLead } from '#shared/partners/rules.ts';
import type { Participant, Relationship, RelationshipRole } from '#shared/partners/shape.ts';

/** One group a side, buyer first. */
export function PeoplePanels(props: { relationship: Relationship; participants: readonly Participant[] }) {
  const { relationship, participants } = props;
  const { t } = useTranslation('partners');
  return (
    <Panel title={t('people.title')}>
      {sides.map((side) => (
        <SidePeople
          key={side}
          side={side}
          relationship={relationship}
          people={participants.filter((participant) => participant.side === side)}
        />
      ))}
    </Panel>
  );
}

interface SidePeopleProps {
  side: Side;
  relationship: Relationship;
  people: readonly Participant[];
}

function SidePeople({ side, relationship, people }: SidePeopleProps) {
  const { t } = useTranslation('partners');
  const company = relationship[side].name;
  const mayManage =
    side === relationship.side && mayLead(relationship.role) && relationship.state !== 'ended';
  const relationshipId = relationship.id;
  const onSettled = () => refreshRelationship(relationshipId);
  const setting = useMutation({
    mutationFn: (input: { memberId: string; role: RelationshipRole }) =>
      callHub(setParticipant, { relationshipId, ...input }),
    onSettled,
  });
  const [leaving, setLeaving] = useState<Participant | null>(null);
  return (
    <div className={styles['side']}>
      <h3 className={styles['company']}>
        <CompanyChip name={company} side={side} />
      </h3>
      <ErrorBanner error={setting.error} />
      {people.length === 0 && <p className={styles['nobody']}>{t('people.nobody')}</p>}
      <ul>
        {people.map((participant) => (
          <ParticipantRow
            key={participant.member.id}
            participant={participant}
            mayManage={mayManage}
            onRole={(role) => setting.mutate({ memberId: participant.member.id, role })}
            onRemove={() => setLeaving(participant)}
          />
        ))}
      </ul>
      {mayManage && (
        <AddColleague
          present={people.map(({ member }) => member.id)}
          pending={setting.isPending}
          onAdd={(memberId, role) => setting.mutate({ memberId, role })}
        />
      )}
      {leaving !== null && (
        <TakeOut participant={leaving} relationship={relationship} onClose={() => setLeaving(null)} />
      )}
    </div>
  );
}

interface TakeOutProps {
  participant: Participant;
  relationship: Relationship;
  onClose: () => void;
}

function TakeOut({ participant: { member }, relationship, onClose }: TakeOutProps) {
  const { t } = useTranslation('partners');
  const removing = useMutation({
    mutationFn: () => callHub(removeParticipant, { relationshipId: relationship.id, memberId: member.id }),
    onSuccess: async () => {
      await refreshRelationship(relationship.id);
      onClose();
    },
  });
  return (
    <Confirm
      title={t('people.removeTitle', { name: member.name, workspace: relationship.name })}
      text={t('people.removeText')}
      act={t('people.remove')}
      pending={removing.isPending}
      error={removing.error}
      onAct={() => removing.mutate()}
      onClose={onClose}
    />
  );
}
