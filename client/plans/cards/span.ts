/** Where a row's days lie within those of the whole plan, for the small bars of the cards. */
import { daysBetween, type IsoDate } from '#shared/base/time.ts';
import type { PlanRow } from '#shared/plans/outline.ts';
import type { TaskDates } from '#shared/plans/task.ts';

/** First and last day of a plan. */
export interface Span {
  start: IsoDate;
  finish: IsoDate;
}

/** The days of all rows together; null when none has a day. */
export function spanOf(rows: readonly PlanRow[]): Span | null {
  const starts = rows.flatMap(({ dates }) => dates.start ?? dates.finish ?? []);
  const finishes = rows.flatMap(({ dates }) => dates.finish ?? dates.start ?? []);
  const [start] = starts.sort();
  const finish = finishes.sort().at(-1);
  return start === undefined || finish === undefined ? null : { start, finish };
}

/** Start and width in percent of the span; at least 2 wide, so that one day can be seen. null without days. */
export function spanPlace(
  span: Span,
  { start, finish }: TaskDates,
): { startPct: number; widthPct: number } | null {
  const first = start ?? finish;
  const last = finish ?? start;
  if (first === null || last === null) return null;
  const days = daysBetween(span.start, span.finish) + 1;
  const widthPct = Math.max(2, ((daysBetween(first, last) + 1) / days) * 100);
  const startPct = Math.min(100 - widthPct, (daysBetween(span.start, first) / days) * 100);
  return { startPct, widthPct };
}
