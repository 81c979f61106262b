/** Days as people write and read them: ISO, numbers in the order of their language, or a day and a month's name. */
import { addDays, type IsoDate } from '#shared/base/time.ts';
import { areDatesInOrder } from '#shared/plans/rules.ts';
import { isPlanDate } from '#shared/plans/task.ts';

/** What reading a typed day needs to know. */
export interface DateReading {
  /** The present day, for the year left out and for `+3`. */
  today: IsoDate;
  /** BCP 47, for instance `en-GB`: decides whether 3/4 is in April or in March. */
  locale: string;
}

/**
 * Reads what someone typed as a day: `2026-11-23`, `20261123`, `23.11.2026`, `23/11`, `23 Nov`, `Nov 23 2026`, `+3`,
 * `-1`, `today`, `tomorrow`, or a weekday's name for the next such day.
 * A year left out is the one that brings the day nearest to today. @returns null when it is no day
 */
export function readDateText(text: string, reading: DateReading): IsoDate | null {
  const typed = text.trim().slice(0, 40).toLocaleLowerCase(reading.locale);
  if (areDatesInOrder({ start: typed, finish: null })) return typed;
  const days = /^([+-])(\d{1,3})$/.exec(typed);
  if (days !== null) return addDays(reading.today, Number(`${days[1]}${days[2]}`));
  const word = readWord(typed, reading);
  if (word !== null) return word;
  if (/^\d{8}$/.test(typed))
    return build(typed.slice(0, 4), Number(typed.slice(4, 6)), typed.slice(6), reading);
  const parts = typed.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '');
  if (parts.length < 2 || parts.length > 3) return null;
  const named = readNamed(parts, reading);
  return named ?? readNumbers(parts, orderOf(typed, parts, reading.locale), reading);
}

/** A day in few signs: without the year when it is this year's. '' for null. */
export function showDate(date: IsoDate | null, { today, locale }: DateReading): string {
  if (date === null) return '';
  const year = date.slice(0, 4) === today.slice(0, 4) ? undefined : 'numeric';
  return formatOf(locale, year).format(new Date(`${date}T00:00:00Z`));
}

/** A day in full with its weekday, for hints and readers of the screen. */
export function showFullDate(date: IsoDate, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' }).format(
    new Date(`${date}T00:00:00Z`),
  );
}

/** A day with its weekday in few signs, for what was typed and how it is understood. */
export function showReading(date: IsoDate, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${date}T00:00:00Z`));
}

/** Today where the reader is. @param now - the present moment */
export function localToday(now: Date): IsoDate {
  const month = String(now.getMonth() + 1).padStart(2, '0');
  return `${now.getFullYear()}-${month}-${String(now.getDate()).padStart(2, '0')}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(locale: string, year: 'numeric' | undefined): Intl.DateTimeFormat {
  const key = `${locale} ${year ?? ''}`;
  const made =
    formats.get(key) ??
    new Intl.DateTimeFormat(locale, {
      day: 'numeric',
      month: 'short',
      timeZone: 'UTC',
      ...(year === undefined ? {} : { year }),
    });
  formats.set(key, made);
  return made;
}

function readNamed(parts: readonly string[], reading: DateReading): IsoDate | null {
  const at = parts.findIndex((part) => /^\p{L}/u.test(part));
  if (at < 0) return null;
  const month = monthNamed(parts[at] ?? '', reading.locale) ?? monthNamed(parts[at] ?? '', 'en');
  const [day, year] = parts.filter((_, index) => index !== at);
  return month === null ? null : build(year, month, day, reading);
}

function monthNamed(name: string, locale: string): number | null {
  if (name.length < 3) return null;
  const format = new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' });
  for (let month = 0; month < 12; month += 1) {
    const full = format.format(new Date(Date.UTC(2026, month, 15))).toLocaleLowerCase(locale);
    if (full.startsWith(name)) return month + 1;
  }
  return null;
}

/** `today` and `tomorrow` as the language says them, and weekdays, by name or by the first three letters of it. */
function readWord(typed: string, { today, locale }: DateReading): IsoDate | null {
  if (!/^\p{L}{3,}$/u.test(typed)) return null;
  for (const language of [locale, 'en']) {
    const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
    const near = [0, 1, -1].find(
      (days) => relative.format(days, 'day').toLocaleLowerCase(language) === typed,
    );
    if (near !== undefined) return addDays(today, near);
    const weekday = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' });
    for (let days = 1; days <= 7; days += 1) {
      const date = addDays(today, days);
      const name = weekday.format(new Date(`${date}T00:00:00Z`)).toLocaleLowerCase(language);
      if (name.startsWith(typed)) return date;
    }
  }
  return null;
}

function readNumbers(
  parts: readonly string[],
  order: readonly string[],
  reading: DateReading,
): IsoDate | null {
  const byName: Record<string, string | undefined> = {};
  for (const [at, part] of order.entries()) byName[part] = parts[at];
  return build(byName['year'], Number(byName['month']), byName['day'], reading);
}

/** Dots say day and month wherever they are written, and a year in front says year, month, day; else the language. */
function orderOf(typed: string, parts: readonly string[], locale: string): string[] {
  if (parts.length === 3 && parts[0]?.length === 4) return ['year', 'month', 'day'];
  const order = typed.includes('.') ? ['day', 'month', 'year'] : orderIn(locale);
  return order.filter((part) => part !== 'year' || parts.length === 3);
}

function orderIn(locale: string): string[] {
  return new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'numeric', day: 'numeric' })
    .formatToParts(new Date())
    .map((part) => part.type)
    .filter((type) => type === 'year' || type === 'month' || type === 'day');
}

function build(
  year: string | undefined,
  month: number,
  day: string | undefined,
  reading: DateReading,
): IsoDate | null {
  if (day === undefined || !/^\d{1,2}$/.test(day) || !(month >= 1 && month <= 12)) return null;
  const monthAndDay = `${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (year === undefined) return nearest(monthAndDay, reading.today);
  if (!/^(\d{2}|\d{4})$/.test(year)) return null;
  const date = `${year.length === 2 ? `20${year}` : year}-${monthAndDay}`;
  return isPlanDate(date) ? date : null;
}

function nearest(monthAndDay: string, today: IsoDate): IsoDate | null {
  const thisYear = Number(today.slice(0, 4));
  const found = [thisYear - 1, thisYear, thisYear + 1]
    .map((year) => `${year}-${monthAndDay}`)
    .filter((date) => isPlanDate(date));
  const distance = (date: string) => Math.abs(Date.parse(date) - Date.parse(today));
  return found.sort((one, two) => distance(one) - distance(two))[0] ?? null;
}
