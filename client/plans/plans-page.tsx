/** The plans of a workspace: active ones first, and making, renaming and archiving them. */
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { useReconnected, useRoomEvent } from '#client/base/live/use-room-event.ts';
import { EmptyState } from '#client/base/parts/empty-state.tsx';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { PageHead } from '#client/base/parts/page-head.tsx';
import { planPath } from '#client/base/paths.ts';
import { useRelationship } from '#client/partners/api.ts';
import { applyPlan, useChangePlan, useCreatePlan, usePlans } from '#client/plans/api.ts';
import { PlanLine } from '#client/plans/list/plan-line.tsx';
import { PlanNameDialog } from '#client/plans/list/plan-name-dialog.tsx';
import styles from '#client/plans/list/plans-list.module.css';
import '#client/plans/words.ts';
import { mayEditContent } from '#shared/partners/rules.ts';
import { planChanged } from '#shared/plans/calls.ts';
import type { Plan } from '#shared/plans/shape.ts';

/** Which dialog stands open. */
type Naming = { kind: 'new' } | { kind: 'rename'; plan: Plan } | null;

/** `/r/:relationshipId/plans`. */
export function PlansPage() {
  const { t } = useTranslation('plans');
  const { relationshipId = '' } = useParams();
  const { data: workspace, error: workspaceError } = useRelationship(relationshipId);
  const plans = usePlans(relationshipId);
  const change = useChangePlan();
  const [naming, setNaming] = useState<Naming>(null);
  const name = usePlanNaming(relationshipId, naming, () => setNaming(null));
  useRoomEvent(planChanged, applyPlan);
  useReconnected(() => void plans.refetch());
  const relationship = workspace?.relationship;
  const mayEdit = relationship !== undefined && mayEditContent(relationship.role, relationship.state);
  const companies =
    relationship === undefined
      ? null
      : { buyer: relationship.buyer.name, supplier: relationship.supplier.name };
  const error = workspaceError ?? plans.error;
  return (
    <>
      <PageHead
        title={t('list.title')}
        workspace={relationship}
        primary={mayEdit && <NewPlanButton onClick={() => setNaming({ kind: 'new' })} />}
      />
      <ErrorBanner error={error ?? change.error} />
      {plans.data?.length === 0 && (
        <EmptyState
          kind="first"
          title={t('list.empty.title')}
          text={mayEdit ? t('list.empty.text') : t('list.empty.reader')}
        />
      )}
      <ul className={styles['list']}>
        {plans.data?.map((plan) => (
          <PlanLine
            key={plan.id}
            plan={plan}
            companies={companies}
            mayEdit={mayEdit}
            onRename={() => setNaming({ kind: 'rename', plan })}
            onState={(state) => change.mutate({ planId: plan.id, state })}
          />
        ))}
      </ul>
      {naming !== null && (
        <PlanNameDialog
          title={naming.kind === 'new' ? t('list.new') : t('list.rename')}
          name={naming.kind === 'new' ? '' : naming.plan.name}
          action={naming.kind === 'new' ? t('list.create') : t('list.save')}
          onName={name}
          onClose={() => setNaming(null)}
        />
      )}
    </>
  );
}

/** Makes a plan and goes there, or renames one; throws what the hub refuses, so that the dialog can say it. */
function usePlanNaming(relationshipId: string, naming: Naming, done: () => void) {
  const navigate = useNavigate();
  const create = useCreatePlan();
  const change = useChangePlan();
  return async (name: string) => {
    if (naming?.kind === 'rename') {
      await change.mutateAsync({ planId: naming.plan.id, name });
    } else {
      const plan = await create.mutateAsync({ relationshipId, name });
      await navigate(planPath(relationshipId, plan.id));
    }
    done();
  };
}

function NewPlanButton({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation('plans');
  return (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={onClick}>
      {t('list.new')}
    </Button>
  );
}
