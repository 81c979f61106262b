/** The page of one plan: finds the plan and its workspace, then opens it. */
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { EmptyState } from '#client/base/parts/empty-state.tsx';
import { PageHead } from '#client/base/parts/page-head.tsx';
import { keptPath } from '#client/base/paths.ts';
import { errorCode, useErrorWords } from '#client/base/words.ts';
import { useRelationship } from '#client/partners/api.ts';
import { applyPlan, usePlan } from '#client/plans/api.ts';
import { OpenPlanPage } from '#client/plans/open-plan-page.tsx';
import '#client/plans/words.ts';
import { useRefusedDocuments } from '#client/base/live/use-refused-documents.ts';
import { useRoomEvent } from '#client/base/live/use-room-event.ts';
import { planChanged } from '#shared/plans/calls.ts';

/** A read that fails while the thing is already shown changes nothing, unless it says that the thing is gone. */
function lastingError({ error, data }: { error: Error | null; data: unknown }): Error | null {
  return data === undefined || errorCode(error) === 'thing.absent' ? error : null;
}

/** `/r/:relationshipId/plans/:planId`; a plan that is absent, or of another workspace, is not found. */
export function PlanPage() {
  const { t } = useTranslation();
  const { relationshipId = '', planId = '' } = useParams();
  const plan = usePlan(planId);
  const relationship = useRelationship(relationshipId);
  const errorWords = useErrorWords();
  useRoomEvent(planChanged, applyPlan);
  const error = lastingError(plan) ?? lastingError(relationship);
  const isForeign = plan.data !== undefined && plan.data.relationshipId !== relationshipId;
  if (error !== null || isForeign) {
    return (
      <>
        <PageHead title={t('absent.title')} />
        <EmptyState
          kind="noAccess"
          title={t('absent.title')}
          text={error === null ? t('absent.text') : errorWords(error)}
          action={<KeptLink planId={planId} />}
        />
      </>
    );
  }
  if (plan.data === undefined || relationship.data === undefined) return <PageHead title={t('loading')} />;
  return <OpenPlanPage key={planId} plan={plan.data} workspace={relationship.data} />;
}

/** Leads to what one wrote in a plan that is gone, when this device still has it. */
function KeptLink({ planId }: { planId: string }) {
  const { t } = useTranslation('plans');
  const names = useRefusedDocuments('plan');
  if (!names.some((name) => name.split('/')[1] === planId)) return null;
  return (
    <Button component={Link} to={keptPath} variant="default">
      {t('unsaved.elsewhere')}
    </Button>
  );
}
