/** An open plan: joins its documents, and puts head, table or cards, panel and dialogs together. */
import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { PageHead } from '#client/base/parts/page-head.tsx';
import type { RelationshipView } from '#client/partners/api.ts';
import { HandOverDialog } from '#client/plans/dialogs/hand-over-dialog.tsx';
import { RemovedDialog } from '#client/plans/dialogs/removed-dialog.tsx';
import { PeopleHere } from '#client/plans/head/people-here.tsx';
import { PlanSaveState } from '#client/plans/head/plan-save-state.tsx';
import styles from '#client/plans/open-plan-page.module.css';
import { othersByTask, placeOf } from '#client/plans/others.ts';
import { TaskPanel } from '#client/plans/panel/task-panel.tsx';
import { PlanBar } from '#client/plans/plan-bar.tsx';
import { PlanBody } from '#client/plans/plan-body.tsx';
import { OpenPlanProvider } from '#client/plans/plan-context.ts';
import { add } from '#client/plans/table/table-commands.ts';
import { useTable } from '#client/plans/table/use-table.ts';
import { useOpenedPlan } from '#client/plans/use-opened-plan.ts';
import { usePlanDocuments } from '#client/plans/use-plan-documents.ts';
import { useWashes } from '#client/plans/use-washes.ts';
import { useWhoseHand } from '#client/plans/use-whose-hand.ts';
import { AppError } from '#shared/base/errors.ts';
import { handOver } from '#shared/plans/edit.ts';
import type { Plan } from '#shared/plans/shape.ts';

/** Render it anew (by key) for another plan. */
export function OpenPlanPage({ plan, workspace }: { plan: Plan; workspace: RelationshipView }) {
  const { t } = useTranslation('plans');
  const isPhone = useMediaQuery('(max-width: 48em)') ?? false;
  const documents = usePlanDocuments(plan.id);
  const opened = useOpenedPlan({ plan, workspace, documents });
  const { open, view, said, asked, setAsked } = opened;
  const table = useTable(view);
  const [openId, setOpenId] = useState<string | null>(null);
  const [showsRemoved, setShowsRemoved] = useState(false);
  const { people, setPlace } = documents.live.shared;
  const others = useMemo(() => othersByTask(people), [people]);
  const whoseHand = useWhoseHand(people, others);
  const washes = useWashes(documents.docs, opened.reader, documents.state === 'ready', whoseHand);

  const { cell } = table;
  const isEditing = table.editing !== null;
  useEffect(() => setPlace(placeOf(cell, isEditing)), [cell, isEditing, setPlace]);
  const { see } = washes;
  useEffect(() => {
    if (cell !== null) see(cell.taskId);
  }, [cell, see]);

  const closePanel = () => {
    setOpenId(null);
    document.querySelector<HTMLElement>(`[role="treegrid"], [data-row="${openId}"]`)?.focus();
  };
  const openRow = openId === null ? undefined : view.byId.get(openId);
  const askedTask = asked === null ? undefined : view.tasks.get(asked);
  const mayAdd = open.desk.standing.mayWrite && documents.state === 'ready';
  const addRow = () => {
    add({ plan: open, table });
    if (isPhone) setOpenId(open.latest().rows.at(-1)?.task.id ?? null);
  };
  return (
    <OpenPlanProvider value={open}>
      <PageHead
        title={plan.name}
        workspace={workspace.relationship}
        people={<PeopleHere people={people} onGo={table.go} />}
        saveState={
          <PlanSaveState documents={documents.named(openId)} views={Object.values(documents.live)} />
        }
        primary={
          mayAdd && (
            <Button
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={addRow}
              className={styles['add'] ?? ''}
            >
              <span className={styles['addWords']}>{t('add')}</span>
            </Button>
          )
        }
      />
      <div className={styles['page']}>
        {documents.state === 'refused' && <ErrorBanner error={new AppError(documents.code ?? 'internal')} />}
        {documents.state === 'loading' && <p className={styles['loading']}>{t('loading')}</p>}
        {documents.state === 'ready' && (
          <>
            <div className={styles['main']}>
              <PlanBody
                isPhone={isPhone}
                addMilestone={mayAdd ? opened.addMilestone : null}
                name={plan.name}
                view={view}
                table={table}
                others={others}
                washes={washes}
                openId={openId}
                onOpen={setOpenId}
                sayLocked={opened.sayLocked}
              />
              <PlanBar view={view} said={said} onRemoved={() => setShowsRemoved(true)} />
            </div>
            {openRow !== undefined && (
              <TaskPanel key={openRow.task.id} row={openRow} onAdd={addRow} onClose={closePanel} />
            )}
          </>
        )}
      </div>
      {askedTask !== undefined && !askedTask.removed && (
        <HandOverDialog
          task={askedTask}
          onClose={() => setAsked(null)}
          onConfirm={() => {
            setAsked(null);
            handOver(open.desk, askedTask.id);
          }}
        />
      )}
      {showsRemoved && <RemovedDialog removed={view.removed} onClose={() => setShowsRemoved(false)} />}
    </OpenPlanProvider>
  );
}
