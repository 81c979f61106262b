/** Adds a plan up for lists: what its documents said when they were read last, the same for everybody. */
import { type Side, sides } from '#shared/base/audience.ts';
import type { IsoDate } from '#shared/base/time.ts';
import { type PlanRow, weightOf } from '#shared/plans/outline.ts';
import type { PlanView } from '#shared/plans/read.ts';
import type { PlanFacts, PlanSummary } from '#shared/plans/summary-shape.ts';

/** Adds a plan up. */
export function summarizePlan({ rows }: Pick<PlanView, 'rows'>): PlanFacts {
  const leaves = rows.filter(({ childCount, task }) => childCount === 0 && task.kind !== 'phase');
  const milestones = leaves.filter(({ task }) => task.kind === 'milestone');
  const days = leaves.reduce((sum, row) => sum + weightOf(row), 0);
  const doneDays = leaves.reduce((sum, row) => sum + weightOf(row) * row.progressPct, 0);
  const dates = leaves.flatMap(({ dates: { start, finish } }) => [start, finish]).filter(isDay);
  return {
    tasks: leaves.length - milestones.length,
    milestones: milestones.length,
    done: leaves.filter(isDone).length,
    progressPct: days === 0 ? 0 : Math.round(doneDays / days),
    start: dates.reduce<IsoDate | null>((first, day) => (first === null || day < first ? day : first), null),
    finish: dates.reduce<IsoDate | null>((last, day) => (last === null || day > last ? day : last), null),
    nextMilestone: nextOf(milestones),
    open: { buyer: openDays(leaves, 'buyer'), supplier: openDays(leaves, 'supplier') },
  };
}

/** What a record says on a day. @param today - in UTC */
export function readSummary(record: PlanFacts, revision: number, today: IsoDate): PlanSummary {
  const { open, ...facts } = record;
  const lateOf = (side: Side) =>
    open[side].reduce((sum, [day, count]) => (day < today ? sum + count : sum), 0);
  const [buyer, supplier] = sides.map(lateOf);
  return { ...facts, revision, late: { buyer: buyer ?? 0, supplier: supplier ?? 0 } };
}

function isDone(row: PlanRow): boolean {
  return row.progressPct === 100;
}

function isDay(day: IsoDate | null): day is IsoDate {
  return day !== null;
}

function dueOf({ dates: { start, finish } }: PlanRow): IsoDate | null {
  return finish ?? start;
}

function nextOf(milestones: readonly PlanRow[]): PlanFacts['nextMilestone'] {
  let next: PlanFacts['nextMilestone'] = null;
  for (const row of milestones) {
    const day = dueOf(row);
    if (day === null || isDone(row) || (next !== null && next.day <= day)) continue;
    next = { title: row.task.title, day };
  }
  return next;
}

function openDays(leaves: readonly PlanRow[], side: Side): [IsoDate, number][] {
  const counts = new Map<IsoDate, number>();
  for (const row of leaves) {
    const day = row.dates.finish;
    if (row.task.owner !== side || isDone(row) || day === null) continue;
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return [...counts].sort(([one], [other]) => (one < other ? -1 : 1));
}
