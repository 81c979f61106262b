/** Working days around a day, Monday to Friday; enough for a demo, real calendars come with the plans' schedule. */
import { addDays, type IsoDate } from '#shared/base/time.ts';

/** The working day some working days away; 0 is the day itself, or the next Monday when it falls on a weekend. */
export function workingDay(from: IsoDate, days: number): IsoDate {
  let day = from;
  while (isWeekend(day)) day = addDays(day, 1);
  const step = days < 0 ? -1 : 1;
  for (let left = Math.abs(days); left > 0; ) {
    day = addDays(day, step);
    if (!isWeekend(day)) left -= 1;
  }
  return day;
}

function isWeekend(day: IsoDate): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
}
