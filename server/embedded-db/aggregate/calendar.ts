// Calendar arithmetic on local times, which are milliseconds as if they were UTC.

/** Milliseconds of a day. */
export const DAY_MS = 86_400_000;

/** Milliseconds of a day's start in the proleptic Gregorian calendar; months and days may overflow. */
export function dayStart(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}

/** Number of a day since 1970-01-01. */
export function dayNumber(localMs: number): number {
  return Math.floor(localMs / DAY_MS);
}

/** 1 for Monday to 7 for Sunday. */
export function isoWeekday(localMs: number): number {
  return new Date(localMs).getUTCDay() || 7;
}

/** 1 to 366. */
export function dayOfYear(localMs: number): number {
  const year = new Date(localMs).getUTCFullYear();
  return Math.floor((localMs - dayStart(year, 1, 1)) / DAY_MS) + 1;
}

/** Weeks begin on Sunday; days before the first one are in week 0. */
export function weekOfYear(localMs: number): number {
  return Math.floor((dayOfYear(localMs) + 6 - new Date(localMs).getUTCDay()) / 7);
}

/** The ISO 8601 week and the year it belongs to: that of its Thursday. */
export function isoWeek(localMs: number): { readonly year: number; readonly week: number } {
  const thursday = localMs + (4 - isoWeekday(localMs)) * DAY_MS;
  const year = new Date(thursday).getUTCFullYear();
  return { year, week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
}

/** Start of a day of an ISO week; weeks and days may overflow. */
export function isoDayStart(year: number, week: number, day: number): number {
  const fourth = dayStart(year, 1, 4);
  return fourth + ((week - 1) * 7 + day - isoWeekday(fourth)) * DAY_MS;
}

/** The same local time `months` later; a day the month does not have becomes its last one. */
export function addMonths(localMs: number, months: number): number {
  const date = new Date(localMs);
  const first = dayStart(date.getUTCFullYear(), date.getUTCMonth() + 1 + months, 1);
  const target = new Date(first);
  const last = new Date(dayStart(target.getUTCFullYear(), target.getUTCMonth() + 2, 0)).getUTCDate();
  const time = localMs - dayNumber(localMs) * DAY_MS;
  return first + (Math.min(date.getUTCDate(), last) - 1) * DAY_MS + time;
}
