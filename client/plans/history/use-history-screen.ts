/** What the history's screen knows and can do: where one stands in time, which row is open, what is asked. */
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeKey, type Entry } from '#client/history/days.ts';
import { momentOf, type Point } from '#client/history/place.ts';
import { stopsOf } from '#client/history/stops.ts';
import { useMomentText } from '#client/history/use-moment-text.ts';
import { usePlace } from '#client/history/use-place.ts';
import { type SubjectHistory, useSubjectHistory } from '#client/history/use-subject-history.ts';
import { type PlanNow, useShownPlan } from '#client/plans/history/use-shown-plan.ts';
import type { CellPlace } from '#client/plans/table/columns.ts';
import type { Change, Version } from '#shared/history/shape.ts';
import type { TaskId } from '#shared/plans/task.ts';

/** What a restore is asked about: the whole plan, or one row. */
export interface RestoreAsked {
  only: { id: TaskId; title: string } | null;
}

/** What `useHistoryScreen` gives. */
export type HistoryScreen = ReturnType<typeof useHistoryScreen>;

/** One plan's history as long as its screen stands. */
export function useHistoryScreen(now: PlanNow) {
  const { t } = useTranslation('history');
  const text = useMomentText();
  const { planId, docs } = now;
  const subject = useMemo(() => ({ kind: 'plan', id: planId }), [planId]);
  const joined = useMemo(() => Object.values(docs), [docs]);
  const known = useSubjectHistory(subject, joined);
  const { place, go } = usePlace();
  const { versions, changes, hasVersions } = known;
  const told = momentOf(place.point, versions);
  const atMs = told ?? null;
  const work = useWork(known, place.point);
  const shown = useShownPlan(subject, known, now, { place, work: work.change });
  const [cell, setCell] = useState<CellPlace | null>(null);
  const [rowId, setRowId] = useState<TaskId | null>(null);
  const [isFiltered, setFiltered] = useState(false);
  const [asked, ask] = useState<RestoreAsked | null>(null);
  const stops = useMemo(() => stopsOf(changes.changes ?? [], versions), [changes.changes, versions]);
  const goTo = (point: Point) => go({ point, against: isSame(point, place.against) ? null : place.against });
  const version = versionOf(place.point, versions);
  return {
    subject,
    known,
    place,
    stops,
    atMs,
    shown,
    version,
    work: work.change,
    /** The line of the list that is looked at. */
    chosen: chosenKey(place.point, work.change),
    /** The address names a version that is not there. */
    isGone: hasVersions && told === undefined,
    /** As the strip and as sentences say it. */
    title: atMs === null ? t('asOfNow') : t('asOf', { moment: text.full(atMs) }),
    moment: atMs === null ? t('now') : text.full(atMs),
    cell,
    setCell,
    line: rowId === null ? undefined : shown.lines?.find(({ row }) => row.task.id === rowId),
    setRowId,
    isFiltered,
    setFiltered,
    asked,
    ask,
    goTo,
    slideTo(nextMs: number | null) {
      work.choose(null);
      goTo(nextMs === null ? 'now' : { atMs: nextMs });
    },
    choose(entry: Entry | 'now') {
      work.choose(entry !== 'now' && entry.what === 'change' ? entry.change : null);
      if (entry === 'now') goTo('now');
      else goTo(entry.what === 'version' ? { versionId: entry.version.id } : { atMs: entry.atMs });
    },
    compare: (against: Point | null) => go({ ...place, against }),
  };
}

function isSame(one: Point, other: Point | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function versionOf(point: Point, versions: readonly Version[]): Version | null {
  if (typeof point !== 'object' || !('versionId' in point)) return null;
  return versions.find(({ id }) => id === point.versionId) ?? null;
}

function chosenKey(point: Point, work: Change | null): string | null {
  if (point === 'now') return 'now';
  if ('versionId' in point) return point.versionId;
  return work === null ? null : changeKey(work);
}

/** The stretch of work that is looked at: the one chosen in the list, or the one that ended at the moment shown. */
function useWork({ changes }: SubjectHistory, point: Point) {
  const [chosen, choose] = useState<Change | null>(null);
  const atMs = typeof point === 'object' && 'atMs' in point ? point.atMs : null;
  const ended = useMemo(
    () => changes.changes?.filter(({ to }) => Date.parse(to) === atMs) ?? [],
    [changes.changes, atMs],
  );
  const key = chosen === null ? null : changeKey(chosen);
  return { change: ended.find((one) => changeKey(one) === key) ?? ended[0] ?? null, choose };
}

/** Whatever has the focus, unless it has a use for Escape itself. */
export function useEscape(onEscape: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isElsewhere = event.target instanceof Element && event.target.closest('dialog') !== null;
      if (event.key !== 'Escape' || event.defaultPrevented || isElsewhere) return;
      event.preventDefault();
      onEscape();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onEscape]);
}
