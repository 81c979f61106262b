/** Dates and instants as they travel: ISO 8601 strings, never Date objects. */
import { z } from 'zod';

/** A calendar day, `2026-11-23`; a real day of the Gregorian calendar (source: ISO 8601). */
export const isoDateShape = z.iso.date();

/** An instant in UTC with milliseconds, `2026-11-23T15:00:00.000Z`. */
export const isoInstantShape = z.iso.datetime();

/** A calendar day as text, for instance `2026-11-23`. */
export type IsoDate = string;

/** An instant as text, always UTC. */
export type IsoInstant = string;

const dayInMs = 86_400_000;

/** Moves a day by whole calendar days; negative goes back. @param date - ISO date */
export function addDays(date: IsoDate, days: number): IsoDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayInMs).toISOString().slice(0, 10);
}

/** Whole calendar days from one day to another; 0 for the same day, negative when `to` is earlier. */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayInMs);
}
