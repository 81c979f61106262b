/** An open plan: joins its documents, and puts head, table or cards, panel and dialogs together. */
import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLoadedAhead } from '#client/base/later-part.ts';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { PageHead } from '#client/base/parts/page-head.tsx';
import type { RelationshipView } from '#client/partners/api.ts';
import { useClashes } from '#client/plans/clashes/use-clashes.ts';
import { PlanDialogs } from '#client/plans/dialogs/plan-dialogs.tsx';
import { keepFocus } from '#client/plans/focus-plan.ts';
import { HistoryButton } from '#client/plans/head/history-button.tsx';
import { PeopleHere } from '#client/plans/head/people-here.tsx';
import { PlanSaveState } from '#client/plans/head/plan-save-state.tsx';
import { useHistoryOpening } from '#client/plans/history-opening.ts';
import { HistoryPlace, planHistory } from '#client/plans/history-place.tsx';
import { NoticeList } from '#client/plans/notices/notice-list.tsx';
import { QuarantineNotice } from '#client/plans/notices/quarantine-notice.tsx';
import styles from '#client/plans/open-plan-page.module.css';
import { othersByTask } from '#client/plans/others.ts';
import { noteEditor } from '#client/plans/panel/note-body.tsx';
import { TaskPanel } from '#client/plans/panel/task-panel.tsx';
import { PlanBar } from '#client/plans/plan-bar.tsx';
import { PlanBody } from '#client/plans/plan-body.tsx';
import { OpenPlanProvider } from '#client/plans/plan-context.ts';
import { add, begin } from '#client/plans/table/table-commands.ts';
import { type TableState, useTable } from '#client/plans/table/use-table.ts';
import { useMayManageVersions } from '#client/plans/use-may-manage-versions.ts';
import { type OpenedPlan, useOpenedPlan } from '#client/plans/use-opened-plan.ts';
import { usePanel } from '#client/plans/use-panel.ts';
import { type PlanDocuments, usePlanDocuments } from '#client/plans/use-plan-documents.ts';
import { useRowGone } from '#client/plans/use-row-gone.ts';
import { useStanding } from '#client/plans/use-standing.ts';
import { useTornKeys } from '#client/plans/use-torn-keys.ts';
import { useWashes } from '#client/plans/use-washes.ts';
import { useWhoseHand } from '#client/plans/use-whose-hand.ts';
import { AppError } from '#shared/base/errors.ts';
import { mayLead } from '#shared/partners/rules.ts';
import type { Plan } from '#shared/plans/shape.ts';

/** What a plan opens later; ready also when the network has gone meanwhile. */
const opensLater = [planHistory, noteEditor];

/** Render it anew (by key) for another plan. */
export function OpenPlanPage({ plan, workspace }: { plan: Plan; workspace: RelationshipView }) {
  const isPhone = useMediaQuery('(max-width: 48em)') ?? false;
  useLoadedAhead(opensLater);
  const documents = usePlanDocuments(plan.id);
  const opened = useOpenedPlan({ plan, workspace, documents });
  const { open, view } = opened;
  const torn = useTornKeys();
  const table = useTable(view, (wasEditing) => {
    if (wasEditing) torn.begin(performance.now());
    keepFocus();
  });
  const [showsRemoved, setShowsRemoved] = useState(false);
  const { people, unnamed, others, washes } = useOthers(documents, opened, table);
  const panel = usePanel(open);
  const history = useHistoryOpening();
  const mayManageVersions = useMayManageVersions(workspace.relationship, open.desk.standing.mayWrite);
  useRowGone(opened, panel, torn);
  const openRow = panel.openId === null ? undefined : view.byId.get(panel.openId);
  const mayAdd = open.desk.standing.mayWrite && documents.state === 'ready';
  const leaveHistory = () => {
    history.close();
    // What had the focus is gone with the history.
    requestAnimationFrame(keepFocus);
  };
  const showsHistory = history.isOpen && documents.state === 'ready';
  const addRow = () => (isPhone ? panel.add() : add({ plan: open, table }));
  const addMilestone = () => {
    const taskId = opened.addMilestone();
    if (taskId === null) return;
    if (isPhone) panel.openNew(taskId);
    else begin(table, taskId, { text: null, isNew: false });
  };
  return (
    <OpenPlanProvider value={open}>
      <PageHead
        title={plan.name}
        workspace={workspace.relationship}
        people={
          <>
            <PeopleHere people={people} unnamed={unnamed} onGo={table.go} />
            <HistoryButton isOpen={history.isOpen} onToggle={history.isOpen ? leaveHistory : history.open} />
          </>
        }
        saveState={<PlanSaveState live={documents.live} openNote={panel.openId} />}
        primary={mayAdd && !showsHistory && <AddButton onClick={addRow} />}
      />
      <div className={styles['page']} data-history={showsHistory || undefined}>
        <NotReady documents={documents} />
        {showsHistory && (
          <HistoryPlace
            name={plan.name}
            docs={documents.docs}
            view={view}
            isPhone={isPhone}
            mayManageVersions={mayManageVersions}
            onClose={leaveHistory}
          />
        )}
        {documents.state === 'ready' && !showsHistory && (
          <div className={styles['main']} data-plan tabIndex={-1}>
            <PlanBody
              isPhone={isPhone}
              addMilestone={mayAdd ? addMilestone : null}
              name={plan.name}
              view={view}
              table={table}
              others={others}
              washes={washes}
              openId={panel.openId}
              onOpen={panel.open}
              sayLocked={opened.sayLocked}
            />
            <QuarantineNotice
              planId={plan.id}
              live={documents.live}
              mayTakeBack={mayLead(workspace.relationship.role) && plan.state === 'active'}
            />
            <NoticeList notices={opened.notices} onLeft={keepFocus} />
            <PlanBar view={view} said={opened.said} onRemoved={() => setShowsRemoved(true)} />
          </div>
        )}
        {documents.state === 'ready' && !showsHistory && openRow !== undefined && (
          <TaskPanel
            key={openRow.task.id}
            row={openRow}
            isNew={panel.isNew}
            onAdd={addRow}
            onClose={panel.close}
          />
        )}
      </div>
      <PlanDialogs
        view={view}
        asked={opened.asked}
        onAsked={() => opened.setAsked(null)}
        showsRemoved={showsRemoved}
        onRemovedSeen={() => setShowsRemoved(false)}
      />
    </OpenPlanProvider>
  );
}

/** Where the others are and what they change; and tells them where one stands oneself. */
function useOthers(documents: PlanDocuments, { open, reader }: OpenedPlan, table: TableState) {
  const { people, unnamed, setPlace } = documents.live.shared;
  const others = useMemo(() => othersByTask(people), [people]);
  const whoseHand = useWhoseHand(people, others);
  const washes = useWashes(documents.docs, reader, documents.state === 'ready', whoseHand);
  useStanding({ open, table, washes, setPlace });
  useClashes(open, documents.docs, { people, others, whoseHand });
  return { people, unnamed, others, washes };
}

function AddButton({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation('plans');
  return (
    <Button
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={onClick}
      className={styles['add'] ?? ''}
    >
      <span className={styles['addWords']}>{t('add')}</span>
    </Button>
  );
}

function NotReady({ documents }: { documents: PlanDocuments }) {
  const { t } = useTranslation('plans');
  if (documents.state === 'ready') return null;
  if (documents.state === 'loading') return <p className={styles['loading']}>{t('loading')}</p>;
  return (
    <div className={styles['refused']}>
      <ErrorBanner error={new AppError(documents.code ?? 'internal')} />
    </div>
  );
}
