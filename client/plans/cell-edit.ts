/** What stands in a cell as text, and what happens when a person leaves a text there. */
import { type DateReading, readDateText, showDate } from '#client/plans/date-text.ts';
import type { ColumnId } from '#client/plans/table/columns.ts';
import { addDays, daysBetween, type IsoDate } from '#shared/base/time.ts';
import { type PlanDesk, renameTask, setDates, setProgress } from '#shared/plans/edit.ts';
import type { PlanRow } from '#shared/plans/outline.ts';
import { readTitle } from '#shared/plans/rules.ts';
import type { TaskDates } from '#shared/plans/task.ts';

/** Why a text was not taken; the text stays in the editor. */
export type TextFault = 'notADay' | 'finishBeforeStart' | 'notAPercent';

/** Columns edited as text. */
export type TextColumn = Exclude<ColumnId, 'owner'>;

/** The text an editor begins with. */
export function textOf(row: PlanRow, column: TextColumn, reading: DateReading): string {
  if (column === 'title') return row.task.title;
  return column === 'progress' ? String(row.progressPct) : showDate(row.dates[column], reading);
}

/** Writes a text into a cell; null when taken, also when it says what stood there. */
export function writeText(
  desk: PlanDesk,
  row: PlanRow,
  { column, text, reading }: { column: TextColumn; text: string; reading: DateReading },
): TextFault | null {
  const { task } = row;
  if (column === 'title') {
    if (readTitle(text) !== task.title) renameTask(desk, task.id, text);
    return null;
  }
  if (column === 'progress') return writeProgress(desk, row, text);
  const day = text.trim() === '' ? null : readDateText(text, reading);
  if (day === null && text.trim() !== '') return 'notADay';
  const dates = datesWith(row, column, day);
  if (dates === null) return 'finishBeforeStart';
  if (dates.start !== task.dates.start || dates.finish !== task.dates.finish) setDates(desk, task.id, dates);
  return null;
}

/**
 * A row's days with one of them changed. A start moved past the finish takes the finish along, so that the work
 * keeps its length; a finish before the start is refused.
 * @returns null when refused
 */
export function datesWith(row: PlanRow, column: 'start' | 'finish', day: IsoDate | null): TaskDates | null {
  const { dates, kind } = row.task;
  if (kind === 'milestone') return { start: day, finish: day };
  if (column === 'finish') {
    return day !== null && dates.start !== null && day < dates.start ? null : { ...dates, finish: day };
  }
  const { start, finish } = dates;
  if (day === null || finish === null || day <= finish) return { start: day, finish };
  return { start: day, finish: start === null ? day : addDays(day, daysBetween(start, finish)) };
}

function writeProgress(desk: PlanDesk, row: PlanRow, text: string): TextFault | null {
  const typed = /^(\d{1,3})\s*%?$/.exec(text.trim() === '' ? '0' : text.trim());
  const progressPct = Number(typed?.[1] ?? Number.NaN);
  if (!(progressPct <= 100)) return 'notAPercent';
  if (progressPct !== row.task.progressPct) setProgress(desk, row.task.id, progressPct);
  return null;
}
