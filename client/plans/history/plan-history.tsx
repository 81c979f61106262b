/** The history of a plan in place of the plan itself: as of a moment, compared, restored; a chunk of its own. */
import { useTranslation } from 'react-i18next';
import '#client/history/words.ts';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { HistoryPanel } from '#client/history/history-panel.tsx';
import { VersionBox } from '#client/history/version-box.tsx';
import { PastBody } from '#client/plans/history/past-body.tsx';
import { PastRowCard } from '#client/plans/history/past-row-card.tsx';
import styles from '#client/plans/history/plan-history.module.css';
import { PlanStrip } from '#client/plans/history/plan-strip.tsx';
import { RestoreDialog } from '#client/plans/history/restore-dialog.tsx';
import { type HistoryScreen, useEscape, useHistoryScreen } from '#client/plans/history/use-history-screen.ts';
import { useTouchedTitles } from '#client/plans/history/use-touched-titles.ts';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import type { Version } from '#shared/history/shape.ts';
import type { PlanDocs } from '#shared/plans/doc.ts';
import type { PlanView } from '#shared/plans/read.ts';

/** The live plan, and how to go back to it. */
export interface PlanHistoryProps {
  name: string;
  docs: PlanDocs;
  view: PlanView;
  isPhone: boolean;
  mayManageVersions: (version: Version) => boolean;
  onClose: () => void;
}

/** Needs the open plan around it. Escape goes back to now. */
export function PlanHistory(props: PlanHistoryProps) {
  const { docs, view, onClose } = props;
  const { planId } = useOpenPlan();
  const screen = useHistoryScreen({ planId, docs, view });
  useEscape(onClose);
  return (
    <>
      <Past {...props} screen={screen} />
      {screen.line === undefined ? (
        <Changes {...props} screen={screen} />
      ) : (
        <OpenRow screen={screen} line={screen.line} onClose={onClose} />
      )}
      <RestoreQuestion screen={screen} onClose={onClose} />
    </>
  );
}

interface PartProps extends PlanHistoryProps {
  screen: HistoryScreen;
}

function Past({ name, isPhone, screen, onClose }: PartProps) {
  const { t } = useTranslation('plans');
  const { t: history } = useTranslation('history');
  const mayRestore = useMayRestore(screen);
  const { title } = screen;
  return (
    <section className={styles['main']} aria-label={title} data-plan tabIndex={-1}>
      <PlanStrip
        screen={screen}
        onRestore={mayRestore ? () => screen.ask({ only: null }) : null}
        onBack={onClose}
      />
      {screen.isGone && <ErrorBanner error="gone" words={history('version.gone')} />}
      <PastBody
        label={t('history.table', { name, moment: title })}
        known={screen.known.record}
        shown={screen.shown}
        isPhone={isPhone}
        isFiltered={screen.isFiltered}
        onFilter={screen.setFiltered}
        cell={screen.cell}
        onCell={screen.setCell}
        onOpen={screen.setRowId}
      />
    </section>
  );
}

function Changes({ view, screen, mayManageVersions, onClose }: PartProps) {
  const { desk } = useOpenPlan();
  const { known, version, subject, atMs } = screen;
  const touched = useTouchedTitles(known.record, view);
  return (
    <HistoryPanel
      known={known.changes}
      versions={known.versions}
      chosen={screen.chosen}
      touched={touched}
      onChoose={screen.choose}
      onClose={onClose}
    >
      {desk.standing.mayWrite && (
        <VersionBox
          key={version?.id ?? 'moment'}
          subject={subject}
          atMs={atMs}
          version={version}
          mayChange={version !== null && mayManageVersions(version)}
          onNamed={({ id }) => screen.goTo({ versionId: id })}
          onRemoved={({ at }) => screen.goTo({ atMs: Date.parse(at) })}
        />
      )}
    </HistoryPanel>
  );
}

interface OpenRowProps extends Pick<PartProps, 'screen' | 'onClose'> {
  line: NonNullable<HistoryScreen['line']>;
}

function OpenRow({ screen, line, onClose }: OpenRowProps) {
  const mayRestore = useMayRestore(screen);
  const { shown, moment } = screen;
  const { id, title } = line.row.task;
  return (
    <PastRowCard
      line={line}
      writer={shown.plan.writer}
      after={shown.after}
      before={shown.before}
      past={shown.pastMoment}
      moment={moment}
      onRestore={mayRestore ? () => screen.ask({ only: { id, title } }) : null}
      onBack={() => screen.setRowId(null)}
      onClose={onClose}
    />
  );
}

function RestoreQuestion({ screen, onClose }: Pick<PartProps, 'screen' | 'onClose'>) {
  const { t } = useTranslation('plans');
  const { say } = useOpenPlan();
  const { asked, shown, moment } = screen;
  if (asked === null || shown.past === null) return null;
  return (
    <RestoreDialog
      past={shown.past.view}
      only={asked.only}
      moment={moment}
      onClose={() => screen.ask(null)}
      onDone={(count) => {
        screen.ask(null);
        say(t('history.restore.done', { count }));
        onClose();
      }}
    />
  );
}

/** There is a past to bring back, and the right to write. */
function useMayRestore({ shown }: HistoryScreen): boolean {
  const { desk } = useOpenPlan();
  return desk.standing.mayWrite && shown.past !== null;
}
