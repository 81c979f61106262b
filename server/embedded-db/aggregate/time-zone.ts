// Time zones: offsets by Olson name or by number, from and to local time.
import { DatabaseError } from '../database-error.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Remembered offsets of one zone; older ones are found again. */
const MAX_REMEMBERED = 10_000;

/** A time zone. Local times are milliseconds too, as if they were UTC. */
export interface Zone {
  readonly isUtc: boolean;
  /** Local time minus UTC at a moment, in milliseconds. */
  offsetAt(utcMs: number): number;
}

/** Coordinated universal time. */
export const UTC: Zone = { isUtc: true, offsetAt: () => 0 };

function unknownZone(text: string): DatabaseError {
  return new DatabaseError(40485, `unrecognized time zone identifier: "${text}"`);
}

function fixedZone(text: string): Zone | null {
  const match = /^([+-])(\d{2})(?::?(\d{2}))?$/.exec(text);
  if (!match) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  const offset = (match[1] === '-' ? -minutes : minutes) * MINUTE;
  return { isUtc: offset === 0, offsetAt: () => offset };
}

function offsetFinder(format: Intl.DateTimeFormat): (utcMs: number) => number {
  return (utcMs) => {
    const parts = new Map(format.formatToParts(utcMs).map(({ type, value }) => [type, value]));
    const number = (name: Intl.DateTimeFormatPartTypes) => Number(parts.get(name));
    const year = parts.get('era') === 'BC' ? 1 - number('year') : number('year');
    const local = new Date(0);
    local.setUTCFullYear(year, number('month') - 1, number('day'));
    local.setUTCHours(number('hour'), number('minute'), number('second'));
    return local.getTime() - Math.floor(utcMs / 1000) * 1000;
  };
}

function namedZone(text: string): Zone {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: text,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw unknownZone(text);
  }
  const find = offsetFinder(format);
  const known = new Map<number, number>();
  return {
    isUtc: false,
    offsetAt: (utcMs) => {
      // No zone changes its offset within a quarter of an hour.
      const quarter = Math.floor(utcMs / (15 * MINUTE));
      const found = known.get(quarter);
      if (found !== undefined) return found;
      if (known.size >= MAX_REMEMBERED) known.clear();
      const offset = find(quarter * 15 * MINUTE);
      known.set(quarter, offset);
      return offset;
    },
  };
}

const zones = new Map<string, Zone>();

/** The zone of an Olson name (`Europe/Berlin`), `UTC`, `GMT` or an offset (`+05:30`, `+0530`, `+05`).
 *  @throws 40485 for unknown names */
export function zoneOf(text: string): Zone {
  if (text === 'UTC' || text === 'GMT' || text === 'Z') return UTC;
  const known = zones.get(text);
  if (known) return known;
  if (/^[+-]/.test(text) && !fixedZone(text)) throw unknownZone(text);
  const zone = fixedZone(text) ?? namedZone(text);
  if (zones.size < 500) zones.set(text, zone);
  return zone;
}

/** Local time of a moment. */
export function toLocal(zone: Zone, utcMs: number): number {
  return utcMs + zone.offsetAt(utcMs);
}

/** The moment of a local time: the earlier one of two, and one hour on in a gap. */
export function toUtc(zone: Zone, localMs: number): number {
  const before = zone.offsetAt(localMs - DAY);
  if (zone.offsetAt(localMs - before) === before) return localMs - before;
  const after = zone.offsetAt(localMs + DAY);
  return zone.offsetAt(localMs - after) === after ? localMs - after : localMs - before;
}
