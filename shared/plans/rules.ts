/** Pure decisions of plans: who owns a task, who may change what, and which values are accepted. */
import { otherSide, type Side } from '#shared/base/audience.ts';
import { titleLength } from '#shared/base/units.ts';
import { mayEditContent } from '#shared/partners/rules.ts';
import type { RelationshipRole, RelationshipState } from '#shared/partners/shape.ts';
import type { Plan } from '#shared/plans/shape.ts';
import { homeOf, isPlanDate, type PlanTask, type TaskDates, type TaskId } from '#shared/plans/task.ts';

/** Someone's standing in one plan, from the relationship, the plan's state and their role. */
export interface PlanStanding {
  side: Side;
  mayWrite: boolean;
}

/** PL1: leads and editors write an active plan while their relationship is active or on its way out. */
export function mayWritePlan(role: RelationshipRole, state: RelationshipState, plan: Plan['state']): boolean {
  return plan === 'active' && mayEditContent(role, state);
}

/** PL2: which side's people may write a plan's document. @param part - last part of the document's name */
export function mayWritePart(standing: PlanStanding, part: 'shared' | Side): boolean {
  return standing.mayWrite && (part === 'shared' || part === standing.side);
}

/**
 * PL3: the owner of a task is its home side until that side has given it away more often than it got it back.
 * Each side counts only its own gifts, and a count never falls, so neither side can take anything.
 * @param given - how often each side gave this task away
 */
export function ownerOf(id: TaskId, given: Record<Side, number>): Side {
  const home = homeOf(id);
  const other = otherSide(home);
  return given[home] > given[other] ? other : home;
}

/** PL1: titles, order and notes are both sides' to write. */
export function mayEditShared(standing: PlanStanding): boolean {
  return standing.mayWrite;
}

/** PL4: dates, progress, person, kind and removal are the owner's alone. */
export function mayEditFacts(standing: PlanStanding, task: Pick<PlanTask, 'owner'>): boolean {
  return standing.mayWrite && standing.side === task.owner;
}

/** PL5: only the owner gives a task to the other company, and only a task that is there. */
export function mayHandOver(standing: PlanStanding, task: Pick<PlanTask, 'owner' | 'removed'>): boolean {
  return mayEditFacts(standing, task) && !task.removed;
}

/** One line without control characters, at most 300 long; '' when nothing is left. Whatever is not text is ''. */
export function readTitle(value: unknown): string {
  if (typeof value !== 'string') return '';
  return value
    .slice(0, titleLength * 2)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, titleLength);
}

/** Whole percent from 0 to 100; 0 for whatever is not a number. */
export function readProgress(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 0;
  return Math.min(100, Math.max(0, Math.round(value)));
}

/** Reads `start/finish` (ISO 8601 interval, either part may be empty); impossible pairs read as not set. */
export function readDates(value: unknown): TaskDates {
  const [first, last, ...rest] = typeof value === 'string' && value.length <= 21 ? value.split('/') : [];
  if (rest.length > 0) return { start: null, finish: null };
  const start = isPlanDate(first) ? first : null;
  const finish = isPlanDate(last) ? last : null;
  if (start !== null && finish !== null && finish < start) return { start: null, finish: null };
  return { start, finish };
}

/** The stored form of a pair of days. */
export function writeDates(dates: TaskDates): string {
  return `${dates.start ?? ''}/${dates.finish ?? ''}`;
}

/** PL6: whether a pair of days may be stored: real days, and the start not after the finish. */
export function areDatesInOrder({ start, finish }: TaskDates): boolean {
  if (start !== null && !isPlanDate(start)) return false;
  if (finish !== null && !isPlanDate(finish)) return false;
  return start === null || finish === null || start <= finish;
}
