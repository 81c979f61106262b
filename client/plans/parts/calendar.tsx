/** A month to pick a day from: one tab stop, arrows move by day and week, Page keys by month. */
import { type CalendarDate, endOfMonth, parseDate, startOfMonth, startOfWeek } from '@internationalized/date';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type DateReading, showFullDate } from '#client/plans/date-text.ts';
import styles from '#client/plans/parts/calendar.module.css';
import type { IsoDate } from '#shared/base/time.ts';

/** `chosen` is marked; the month shown begins there, or at today. */
export interface CalendarProps {
  chosen: IsoDate | null;
  reading: DateReading;
  onPick: (date: IsoDate) => void;
  /** Moves the focus into the calendar when it turns true. */
  takesFocus: boolean;
}

/** Weeks begin on the day usual in the reader's language. */
export function Calendar({ chosen, reading, onPick, takesFocus }: CalendarProps) {
  const { t } = useTranslation('plans');
  const [day, setDay] = useState(() => parseDate(chosen ?? reading.today));
  const table = useRef<HTMLTableElement>(null);
  const [hasFocus, setHasFocus] = useState(takesFocus);
  useEffect(() => setHasFocus(takesFocus), [takesFocus]);
  useEffect(() => {
    if (hasFocus) table.current?.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus();
  }, [hasFocus, day]);
  const go = (next: CalendarDate) => {
    if (next.year >= 1900 && next.year < 2200) setDay(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = dayAfterKey(day, event.key, reading.locale, getComputedStyle(event.currentTarget).direction);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    setHasFocus(true);
    go(next);
  };
  return (
    <div className={styles['calendar']}>
      <MonthHead day={day} locale={reading.locale} go={go} />
      <table ref={table} aria-label={t('calendar.label')}>
        <Weekdays reading={reading} day={day} />
        <tbody>
          {weeksOf(day, reading.locale).map((week) => (
            <tr key={String(week[0])}>
              {week.map((one) => (
                <td key={String(one)}>
                  <button
                    type="button"
                    tabIndex={one.compare(day) === 0 ? 0 : -1}
                    data-day={String(one)}
                    data-outside={one.month !== day.month || undefined}
                    data-today={String(one) === reading.today || undefined}
                    aria-pressed={String(one) === chosen}
                    aria-label={showFullDate(String(one), reading.locale)}
                    onKeyDown={onKeyDown}
                    onClick={() => onPick(String(one))}
                  >
                    {one.day}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function MonthHead(props: { day: CalendarDate; locale: string; go: (next: CalendarDate) => void }) {
  const { day, locale, go } = props;
  const { t } = useTranslation('plans');
  const month = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return (
    <div className={styles['head']}>
      <button type="button" aria-label={t('calendar.before')} onClick={() => go(day.subtract({ months: 1 }))}>
        <IconChevronLeft size={17} stroke={1.7} aria-hidden />
      </button>
      <span aria-live="polite">{month.format(day.toDate('UTC'))}</span>
      <button type="button" aria-label={t('calendar.after')} onClick={() => go(day.add({ months: 1 }))}>
        <IconChevronRight size={17} stroke={1.7} aria-hidden />
      </button>
    </div>
  );
}

function Weekdays({ reading, day }: { reading: DateReading; day: CalendarDate }) {
  const short = new Intl.DateTimeFormat(reading.locale, { weekday: 'narrow', timeZone: 'UTC' });
  const long = new Intl.DateTimeFormat(reading.locale, { weekday: 'long', timeZone: 'UTC' });
  const first = startOfWeek(day, reading.locale);
  return (
    <thead>
      <tr>
        {[0, 1, 2, 3, 4, 5, 6].map((days) => {
          const date = first.add({ days }).toDate('UTC');
          return (
            <th key={days} scope="col" abbr={long.format(date)}>
              {short.format(date)}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

/** Whole weeks that hold a month, so that the days of its edges are there too. */
function weeksOf(day: CalendarDate, locale: string): CalendarDate[][] {
  const weeks: CalendarDate[][] = [];
  const last = endOfMonth(day);
  for (let at = startOfWeek(startOfMonth(day), locale); at.compare(last) <= 0; at = at.add({ weeks: 1 })) {
    const first = at;
    weeks.push([0, 1, 2, 3, 4, 5, 6].map((days) => first.add({ days })));
  }
  return weeks;
}

function dayAfterKey(day: CalendarDate, key: string, locale: string, direction: string): CalendarDate | null {
  const onward = direction === 'rtl' ? -1 : 1;
  switch (key) {
    case 'ArrowLeft':
      return day.add({ days: -onward });
    case 'ArrowRight':
      return day.add({ days: onward });
    case 'ArrowUp':
      return day.subtract({ weeks: 1 });
    case 'ArrowDown':
      return day.add({ weeks: 1 });
    case 'Home':
      return startOfWeek(day, locale);
    case 'End':
      return startOfWeek(day, locale).add({ days: 6 });
    case 'PageUp':
      return day.subtract({ months: 1 });
    case 'PageDown':
      return day.add({ months: 1 });
    default:
      return null;
  }
}
