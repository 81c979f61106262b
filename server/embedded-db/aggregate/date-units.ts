// Units of time: adding them, counting their boundaries, cutting dates down to them.
import type { Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { typeName } from '../value/type-order.ts';
import { addMonths, DAY_MS, dayNumber, dayStart, isoWeekday } from './calendar.ts';
import type { Maybe } from './scope.ts';
import { toLocal, toUtc, type Zone } from './time-zone.ts';

const FIXED_MS = { millisecond: 1, second: 1_000, minute: 60_000, hour: 3_600_000 } as const;
const DAYS = { day: 1, week: 7 } as const;
const MONTHS = { month: 1, quarter: 3, year: 12 } as const;

type FixedUnit = keyof typeof FIXED_MS;
type DayUnit = keyof typeof DAYS;
type MonthUnit = keyof typeof MONTHS;

/** A unit as `$dateAdd` and its kind name it. */
export type TimeUnit = FixedUnit | DayUnit | MonthUnit;

function isFixed(unit: TimeUnit): unit is FixedUnit {
  return unit in FIXED_MS;
}

function isMonths(unit: TimeUnit): unit is MonthUnit {
  return unit in MONTHS;
}

/** @throws the code given for anything but text, 9 FailedToParse for an unknown unit */
export function unitOf(operator: string, value: Maybe, code: number): TimeUnit {
  if (typeof value !== 'string') {
    throw new DatabaseError(code, `${operator} requires 'unit' to be a string, but got ${nameOf(value)}`);
  }
  if (value in FIXED_MS || value in DAYS || value in MONTHS) return value as TimeUnit;
  throw new DatabaseError(
    9,
    `${operator} parameter 'unit' value cannot be recognized as a time unit: ${value}`,
  );
}

function nameOf(value: Value | undefined): string {
  return value === undefined ? 'missing' : typeName(value);
}

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** 1 for Monday to 7 for Sunday, which is also the default.
 *  @throws 5439015, 9 for anything that names no day */
export function weekStartOf(operator: string, value: Maybe): number {
  if (value === undefined) return 7;
  if (typeof value !== 'string') {
    throw new DatabaseError(
      5439015,
      `${operator} requires 'startOfWeek' to be a string, but got ${nameOf(value)}`,
    );
  }
  const text = value.toLowerCase();
  const found = WEEKDAYS.findIndex((day) => day === text || day.slice(0, 3) === text);
  if (found >= 0) return found + 1;
  throw new DatabaseError(
    9,
    `${operator} parameter 'startOfWeek' value cannot be recognized as a day of a week: ${value}`,
  );
}

/** An amount of one unit, in a zone. */
export interface Amount {
  readonly unit: TimeUnit;
  readonly count: number;
  readonly zone: Zone;
}

function inRange(ms: number): Date {
  const out = new Date(ms);
  if (!Number.isNaN(out.getTime())) return out;
  throw new DatabaseError(5166406, 'the resulting date is out of the range of dates');
}

/** Days and longer keep the local time of day; shorter units are elapsed time. */
export function addToDate(date: Date, { unit, count, zone }: Amount): Date {
  const ms = date.getTime();
  if (isFixed(unit)) return inRange(ms + count * FIXED_MS[unit]);
  const local = toLocal(zone, ms);
  const moved = isMonths(unit) ? addMonths(local, count * MONTHS[unit]) : local + count * DAYS[unit] * DAY_MS;
  return inRange(toUtc(zone, moved));
}

/** How dates are counted and cut: `weekStart` is 1 for Monday to 7 for Sunday. */
export interface Grid {
  readonly unit: TimeUnit;
  readonly zone: Zone;
  readonly weekStart: number;
}

function monthNumber(localMs: number): number {
  const date = new Date(localMs);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** Number of a week; 1970-01-01 was a Thursday. */
function weekNumber(localMs: number, weekStart: number): number {
  return Math.floor((dayNumber(localMs) + 4 - weekStart) / 7);
}

function countHours(start: number, end: number, zone: Zone): number {
  // Hours begin on the local clock; what is between them is elapsed time.
  const local = toLocal(zone, start);
  const intoHour = local - Math.floor(local / FIXED_MS.hour) * FIXED_MS.hour;
  return Math.floor((end - start + intoHour) / FIXED_MS.hour);
}

/** How many boundaries of the unit lie between two dates; negative when the end is before the start. */
export function countUnits(start: Date, end: Date, { unit, zone, weekStart }: Grid): number {
  const [from, to] = [start.getTime(), end.getTime()];
  if (unit === 'hour') return countHours(from, to, zone);
  if (isFixed(unit)) return Math.floor(to / FIXED_MS[unit]) - Math.floor(from / FIXED_MS[unit]);
  const [a, b] = [toLocal(zone, from), toLocal(zone, to)];
  if (isMonths(unit)) {
    return Math.floor(monthNumber(b) / MONTHS[unit]) - Math.floor(monthNumber(a) / MONTHS[unit]);
  }
  if (unit === 'day') return dayNumber(b) - dayNumber(a);
  return weekNumber(b, weekStart) - weekNumber(a, weekStart);
}

/** Bins are counted from here, in local time. */
const REFERENCE = dayStart(2000, 1, 1);

function floorTo(value: number, size: number, from: number): number {
  return from + Math.floor((value - from) / size) * size;
}

/** The first day of a week at or after the reference. */
function weekReference(weekStart: number): number {
  return REFERENCE + ((weekStart - isoWeekday(REFERENCE) + 7) % 7) * DAY_MS;
}

/** The start of the bin of `count` units a date is in. */
export function truncateDate(
  date: Date,
  { unit, count, zone, weekStart }: Grid & { readonly count: number },
): Date {
  const ms = date.getTime();
  if (isFixed(unit)) return new Date(floorTo(ms, FIXED_MS[unit] * count, toUtc(zone, REFERENCE)));
  const local = toLocal(zone, ms);
  if (isMonths(unit)) {
    const month = floorTo(monthNumber(local), MONTHS[unit] * count, 2000 * 12);
    return new Date(toUtc(zone, dayStart(Math.floor(month / 12), (month % 12) + 1, 1)));
  }
  const from = unit === 'week' ? weekReference(weekStart) : REFERENCE;
  return new Date(toUtc(zone, floorTo(local, DAYS[unit] * DAY_MS * count, from)));
}
