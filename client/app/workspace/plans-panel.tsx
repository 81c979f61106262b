/** The plans of a workspace on its overview, with the way to begin a new one. */
import { Button, TextInput } from '@mantine/core';
import { IconTimeline } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import styles from '#client/app/workspace/workspace-page.module.css';
import { useFields } from '#client/base/fields.ts';
import { useMomentWords } from '#client/base/moments.ts';
import { EmptyState } from '#client/base/parts/empty-state.tsx';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { Loaded } from '#client/base/parts/loaded.tsx';
import { Panel } from '#client/base/parts/panel.tsx';
import { planPath } from '#client/base/paths.ts';
import { useCreatePlan, usePlans } from '#client/plans/api.ts';
import { mayEditContent } from '#shared/partners/rules.ts';
import type { Relationship } from '#shared/partners/shape.ts';
import { nameShape } from '#shared/people/shape.ts';
import type { Plan } from '#shared/plans/shape.ts';

/** Leads and editors begin plans; archived ones are listed on the page of all plans. */
export function PlansPanel({ relationship }: { relationship: Relationship }) {
  const { t } = useTranslation('app');
  const plans = usePlans(relationship.id);
  const [asked, setAsked] = useState(false);
  const mayCreate = mayEditContent(relationship.role, relationship.state);
  const newButton = mayCreate && !asked && (
    <Button size="xs" onClick={() => setAsked(true)}>
      {t('plans.new')}
    </Button>
  );
  return (
    <Panel title={t('plans.title')} aside={newButton}>
      {asked && <NewPlanForm relationshipId={relationship.id} />}
      <Loaded query={plans}>
        {(list) => <PlanList plans={list.filter(({ state }) => state === 'active')} />}
      </Loaded>
    </Panel>
  );
}

function PlanList({ plans }: { plans: readonly Plan[] }) {
  const { t } = useTranslation('app');
  const { moment } = useMomentWords();
  if (plans.length === 0) {
    return <EmptyState kind="first" title={t('plans.noneTitle')} text={t('plans.noneText')} level={3} />;
  }
  return (
    <ul className={styles['plans']}>
      {plans.map(({ id, relationshipId, name, createdAt, editedAt }) => (
        <li key={id} className={styles['plan']}>
          <IconTimeline size={20} stroke={1.6} aria-hidden />
          <span className={styles['words']}>
            <Link to={planPath(relationshipId, id)} className={styles['name'] ?? ''}>
              <bdi>{name}</bdi>
            </Link>
            <span className={styles['soft']}>
              {editedAt === null
                ? t('plans.untouched', { moment: moment(createdAt) })
                : t('plans.edited', { moment: moment(editedAt) })}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function NewPlanForm({ relationshipId }: { relationshipId: string }) {
  const { t } = useTranslation('app');
  const { t: base } = useTranslation();
  const navigate = useNavigate();
  const fields = useFields({ name: { shape: nameShape, words: base('field.name') } });
  const creating = useCreatePlan();
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const input = fields.check(event.currentTarget);
    if (input !== null) {
      creating.mutate(
        { relationshipId, name: input.name },
        { onSuccess: (plan) => void navigate(planPath(relationshipId, plan.id)) },
      );
    }
  };
  return (
    <>
      <ErrorBanner error={creating.error} />
      <form className={styles['form']} onSubmit={onSubmit} noValidate>
        <TextInput {...fields.bind('name')} label={t('plans.name')} autoComplete="off" autoFocus />
        <Button type="submit" loading={creating.isPending}>
          {t('plans.create')}
        </Button>
      </form>
    </>
  );
}
