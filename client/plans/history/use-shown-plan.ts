/** What the history's screen shows of a plan: one moment, what one stretch of work did, or how two moments differ. */
import { useMemo } from 'react';
import type { Place } from '#client/history/place.ts';
import type { HistoryRecord, ReadMoment } from '#client/history/record.ts';
import { useMoment } from '#client/history/use-moment.ts';
import type { SubjectHistory } from '#client/history/use-subject-history.ts';
import {
  comparedLines,
  type PastLine,
  plainLines,
  withNotes,
  workLines,
} from '#client/plans/history/past-lines.ts';
import { cellWriter, pastPlan, type ShownPlan } from '#client/plans/history/past-plan.ts';
import { frameOf, type ShownFrame } from '#client/plans/history/shown-frame.ts';
import { workCells } from '#client/plans/history/work-cells.ts';
import type { Change, Subject } from '#shared/history/shape.ts';
import { noteDocumentName, noteField, type PlanDocs } from '#shared/plans/doc.ts';
import type { PlanView } from '#shared/plans/read.ts';

/** The live plan beside its history. */
export interface PlanNow {
  planId: string;
  docs: PlanDocs;
  view: PlanView;
}

/** Null moments stand for the present. */
export interface ShownHistory {
  /** Null while nothing can be shown yet. */
  lines: readonly PastLine[] | null;
  /** The later of what is compared, or what alone is shown. */
  plan: ShownPlan;
  /** What can be brought back; null for the present, and while it is not there. */
  past: ShownPlan | null;
  /** The same moment with its notes. */
  pastMoment: ReadMoment | null;
  /** For notes: as they stand in what is shown, and in what that is compared with. */
  after: ReadMoment | null;
  before: ReadMoment | null;
  /** Whether something is compared, so that lines differ or are the same. */
  isCompared: boolean;
  error: unknown;
}

/** One of the two moments, with the plan read from it. */
interface Shown {
  plan: ShownPlan | null;
  moment: ReadMoment | null;
  error: unknown;
}

/** @param work - the stretch of work whose doing is marked; null for none */
export function useShownPlan(
  subject: Subject,
  { versions, record }: SubjectHistory,
  now: PlanNow,
  { place, work }: { place: Place; work: Change | null },
): ShownHistory {
  const known = record.state === 'ready' && record.times > 0 ? record.record : null;
  // Without the record nobody can tell what one person's work was among that of others.
  const frame = frameOf(place, versions, known === null ? null : work);
  const { kind, atMs, laterMs, earlierMs } = frame;
  const present = usePresent(now, known);
  const later = usePast(now.planId, useMoment(subject, record, laterMs));
  const earlier = usePast(now.planId, useMoment(subject, record, earlierMs ?? null));
  const [is, was] = [laterMs === null ? present : later, earlierMs === null ? present : earlier];
  const lines = useMemo(
    () =>
      linesOf(
        {
          kind,
          is: { plan: is.plan, moment: is.moment },
          was: { plan: was.plan, moment: was.moment },
          planId: now.planId,
          work,
        },
        () => workOf(known, now.planId, work),
      ),
    [kind, is.plan, is.moment, was.plan, was.moment, known, now.planId, work],
  );
  const at = atMs === laterMs ? is : was;
  return {
    lines,
    plan: is.plan ?? present.plan,
    past: atMs === null ? null : at.plan,
    pastMoment: atMs === null ? null : at.moment,
    after: is.moment,
    before: earlierMs === undefined ? null : was.moment,
    isCompared: kind !== 'alone',
    error: is.error ?? was.error,
  };
}

interface TwoMoments {
  kind: ShownFrame['kind'];
  is: Omit<Shown, 'error'>;
  was: Omit<Shown, 'error'>;
  planId: string;
  work: Change | null;
}

/** @param cells - asked for only where one stretch of work is shown */
function linesOf(
  { kind, is, was, planId, work }: TwoMoments,
  cells: () => ReturnType<typeof workCells>,
): readonly PastLine[] | null {
  if (is.plan === null) return null;
  if (kind === 'alone') return plainLines(is.plan.view);
  if (was.plan === null) return null;
  const [before, after] = [was.plan.view, is.plan.view];
  if (kind === 'work') {
    const written = new Set(work?.documents.map(({ document }) => document));
    return withNotes(workLines(before, after, cells()), ({ row }) =>
      written.has(noteDocumentName(planId, row.task.id)),
    );
  }
  return withNotes(comparedLines(before, after), ({ row: { task } }) => {
    if (!task.noted && before.tasks.get(task.id)?.noted !== true) return false;
    const name = noteDocumentName(planId, task.id);
    return noteSource(is.moment, name) !== noteSource(was.moment, name);
  });
}

/** What a note holds, format included; empty for none. */
function noteSource(moment: ReadMoment | null, name: string): string {
  return moment?.doc(name)?.getXmlFragment(noteField).toString() ?? '';
}

function workOf(known: HistoryRecord | null, planId: string, work: Change | null) {
  return known === null || work === null ? new Map() : workCells(known, planId, work);
}

function usePresent(
  { planId, docs, view }: PlanNow,
  known: HistoryRecord | null,
): Shown & { plan: ShownPlan } {
  const latest = known === null ? null : known.latest();
  return useMemo(() => {
    const writer = latest === null ? () => null : latest.writer;
    return { plan: { view, writer: cellWriter(docs, planId, writer) }, moment: latest, error: null };
  }, [view, docs, planId, latest]);
}

function usePast(planId: string, { moment, error }: { moment: ReadMoment | null; error: unknown }): Shown {
  const plan = useMemo(() => (moment === null ? null : pastPlan(moment, planId)), [moment, planId]);
  return { plan, moment, error };
}
