/** The first four steps of a new company; steps of rooms that do not exist yet say so. */
import { IconCircle, IconCircleCheckFilled, IconCircleDashed } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import styles from '#client/app/home/checklist.module.css';
import { type FirstStep, firstSteps, type StepFacts } from '#client/app/home/first-steps.ts';
import { Panel } from '#client/base/parts/panel.tsx';
import { useMe } from '#client/base/session.ts';
import { usePartnerInvitations, useRelationships } from '#client/partners/api.ts';
import { usePlans } from '#client/plans/api.ts';

const icons = { done: IconCircleCheckFilled, todo: IconCircle, later: IconCircleDashed };

/** Gone once every step that can be done is done; absent until it is known how far the company is. */
export function Checklist() {
  const { data: relationships } = useRelationships();
  const { data: invitations } = usePartnerInvitations();
  const [first] = relationships ?? [];
  if (first !== undefined) {
    return <PartnerChecklist relationshipId={first.id} />;
  }
  if (relationships === undefined || invitations === undefined) {
    return null;
  }
  return (
    <StepList
      relationshipId={undefined}
      invited={invitations.some(({ state }) => state === 'open' || state === 'accepted')}
      plans={[]}
    />
  );
}

function PartnerChecklist({ relationshipId }: { relationshipId: string }) {
  const { data: plans } = usePlans(relationshipId);
  return plans === undefined ? null : (
    <StepList relationshipId={relationshipId} invited={false} plans={plans} />
  );
}

function StepList(facts: Omit<StepFacts, 'mayInvite'>) {
  const { t } = useTranslation('app');
  const mayInvite = useMe().member.role === 'admin';
  const steps = firstSteps({ ...facts, mayInvite });
  if (steps.every(({ state }) => state !== 'todo')) {
    return null;
  }
  const done = steps.filter(({ state }) => state === 'done').length;
  const progress = t('checklist.progress', { done, total: steps.length });
  return (
    <Panel title={t('checklist.title')} aside={<span className={styles['count']}>{progress}</span>}>
      <ol className={styles['steps']}>
        {steps.map((step) => (
          <Step key={step.name} step={step} />
        ))}
      </ol>
    </Panel>
  );
}

function Step({ step: { name, state, path, waits } }: { step: FirstStep }) {
  const { t } = useTranslation('app');
  const Icon = icons[state];
  const words = t(`checklist.${name}`);
  return (
    <li className={styles['step']} data-state={state}>
      <Icon size={20} stroke={1.6} role="img" aria-label={t(`checklist.${state}`)} />
      <span className={styles['words']}>
        {path !== undefined && state === 'todo' ? <Link to={path}>{words}</Link> : <strong>{words}</strong>}
        <span className={styles['text']}>
          {waits ? t('checklist.milestoneWaits') : t(`checklist.${name}Text`)}
        </span>
      </span>
      {state === 'later' && <span className={styles['later']}>{t('checklist.later')}</span>}
    </li>
  );
}
