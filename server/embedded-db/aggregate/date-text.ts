// Dates as text: printing and reading by format, and reading the everyday forms.
import { DatabaseError } from '../database-error.ts';
import { dayOfYear, dayStart, isoDayStart, isoWeek, isoWeekday, weekOfYear } from './calendar.ts';
import { toLocal, toUtc, UTC, type Zone, zoneOf } from './time-zone.ts';

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function offsetText(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / 60_000;
  return `${offsetMs < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}${pad(minutes % 60, 2)}`;
}

function fourDigits(year: number): string {
  if (year >= 0 && year <= 9999) return pad(year, 4);
  throw new DatabaseError(
    18537,
    `Could not convert date to string: date component was outside the supported range of 0-9999: ${year}`,
  );
}

type Print = (local: Date, offsetMs: number) => string;

const PRINT: Readonly<Record<string, Print>> = {
  '%': () => '%',
  b: (d) => (MONTHS[d.getUTCMonth()] as string).slice(0, 3),
  B: (d) => MONTHS[d.getUTCMonth()] as string,
  d: (d) => pad(d.getUTCDate(), 2),
  G: (d) => fourDigits(isoWeek(d.getTime()).year),
  H: (d) => pad(d.getUTCHours(), 2),
  j: (d) => pad(dayOfYear(d.getTime()), 3),
  L: (d) => pad(d.getUTCMilliseconds(), 3),
  m: (d) => pad(d.getUTCMonth() + 1, 2),
  M: (d) => pad(d.getUTCMinutes(), 2),
  S: (d) => pad(d.getUTCSeconds(), 2),
  u: (d) => String(isoWeekday(d.getTime())),
  U: (d) => pad(weekOfYear(d.getTime()), 2),
  V: (d) => pad(isoWeek(d.getTime()).week, 2),
  w: (d) => String(d.getUTCDay() + 1),
  Y: (d) => fourDigits(d.getUTCFullYear()),
  z: (_, offset) => offsetText(offset),
  Z: (_, offset) => String(offset / 60_000),
};

/** Refuses a format before any date is known.
 *  @throws 18535, 18536 */
export function checkPrintFormat(format: string): void {
  for (const [, letter] of format.matchAll(/%([\s\S]?)/g)) {
    if (letter === '') throw new DatabaseError(18535, "Unmatched '%' at end of format string");
    if (!Object.hasOwn(PRINT, letter as string)) {
      throw new DatabaseError(18536, `Invalid format character '%${letter}' in format string`);
    }
  }
}

/** A date by a format like `%Y-%m-%d`, in a zone.
 *  @throws 18535, 18536 for a wrong format, 18537 for years no format can show */
export function printDate(date: Date, format: string, zone: Zone): string {
  checkPrintFormat(format);
  const offset = zone.offsetAt(date.getTime());
  const local = new Date(date.getTime() + offset);
  return format.replace(/%([\s\S])/g, (_, letter: string) => PRINT[letter]?.(local, offset) ?? '');
}

function failure(text: string, why: string): DatabaseError {
  return new DatabaseError(241, `Error parsing date string '${text}'; ${why}`);
}

/** A zone named inside a text: an unknown one makes the text no date. */
function zoneInText(name: string, text: string): Zone {
  try {
    return zoneOf(name);
  } catch {
    throw failure(text, `unknown time zone '${name}'`);
  }
}

interface Found {
  year?: number;
  month?: number;
  day?: number;
  dayOfYear?: number;
  isoYear?: number;
  isoWeek?: number;
  isoDay?: number;
  hour?: number;
  minute?: number;
  second?: number;
  ms?: number;
  zone?: Zone;
}

interface Piece {
  readonly pattern: string;
  readonly put: (found: Found, text: string) => void;
}

function numberPiece(pattern: string, name: Exclude<keyof Found, 'zone'>): Piece {
  return {
    pattern,
    put: (found, text) => {
      found[name] = Number(text);
    },
  };
}

function monthNumber(text: string): number {
  return MONTHS.findIndex((name) => name.toLowerCase().startsWith(text.slice(0, 3).toLowerCase())) + 1;
}

const MONTH_PIECE: Piece = {
  pattern: '[A-Za-z]{3,9}',
  put: (found, text) => {
    found.month = monthNumber(text) || 99;
  },
};

const READ: Readonly<Record<string, Piece>> = {
  b: MONTH_PIECE,
  B: MONTH_PIECE,
  d: numberPiece('\\d{1,2}', 'day'),
  G: numberPiece('\\d{1,4}', 'isoYear'),
  H: numberPiece('\\d{1,2}', 'hour'),
  j: numberPiece('\\d{1,3}', 'dayOfYear'),
  L: {
    pattern: '\\d{1,3}',
    put: (found, text) => {
      found.ms = Number(text.padEnd(3, '0'));
    },
  },
  m: numberPiece('\\d{1,2}', 'month'),
  M: numberPiece('\\d{1,2}', 'minute'),
  S: numberPiece('\\d{1,2}', 'second'),
  u: numberPiece('[1-7]', 'isoDay'),
  V: numberPiece('\\d{1,2}', 'isoWeek'),
  Y: numberPiece('\\d{4}', 'year'),
  z: {
    pattern: '[+-]\\d{2}:?\\d{0,2}|Z|[A-Za-z]+(?:/[A-Za-z_]+)*',
    put: (found, text) => {
      found.zone = zoneInText(text, text);
    },
  },
  Z: {
    pattern: '[+-]\\d{1,4}',
    put: (found, text) => {
      const offset = Number(text) * 60_000;
      found.zone = { isUtc: offset === 0, offsetAt: () => offset };
    },
  },
};

function readByFormat(text: string, format: string): Found {
  const pieces: Piece[] = [];
  const pattern = format.replace(/%([\s\S]?)|[\\^$.*+?()[\]{}|]/g, (part, letter: string | undefined) => {
    if (letter === undefined) return `\\${part}`;
    if (letter === '%') return '%';
    if (letter === '') throw new DatabaseError(18535, "Unmatched '%' at end of format string");
    const piece = Object.hasOwn(READ, letter) ? READ[letter] : undefined;
    if (!piece) throw new DatabaseError(18536, `Invalid format character '%${letter}' in format string`);
    pieces.push(piece);
    return `(${piece.pattern})`;
  });
  const match = new RegExp(`^${pattern}$`).exec(text);
  if (!match) throw failure(text, `it does not match the format '${format}'`);
  const found: Found = {};
  for (const [i, piece] of pieces.entries()) piece.put(found, match[i + 1] as string);
  return found;
}

const TIME = String.raw`(?:[T ]+(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<ms>\d{1,9}))?)?)?`;
const ZONE = String.raw`\s*(?<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?|[A-Z][a-z]+/[A-Za-z_/]+)?`;
const FORMS = [
  String.raw`(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})`,
  String.raw`(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})`,
  String.raw`(?<month>\d{1,2})/(?<day>\d{1,2})/(?<year>\d{4})`,
  String.raw`(?<day>\d{1,2})[-.](?<month>\d{1,2})[-.](?<year>\d{4})`,
  String.raw`(?:[A-Za-z]{3,9},?\s+)??(?<word>[A-Za-z]{3,9})\.?\s+(?<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?<year>\d{4})`,
  String.raw`(?:[A-Za-z]{3,9},?\s+)?(?<day>\d{1,2})(?:st|nd|rd|th)?[\s-]+(?<word>[A-Za-z]{3,9})\.?[\s-]+(?<year>\d{4})`,
].map((form) => new RegExp(`^\\s*${form}${TIME}${ZONE}\\s*$`));

function readFreely(text: string): Found {
  const groups = FORMS.map((form) => form.exec(text)?.groups).find((each) => each !== undefined);
  if (!groups) throw failure(text, 'an incomplete or unknown date/time string has been found');
  const number = (name: string) => (groups[name] === undefined ? undefined : Number(groups[name]));
  const found: Found = {
    year: number('year') ?? 0,
    month: groups['word'] === undefined ? (number('month') ?? 0) : monthNumber(groups['word']),
    day: number('day') ?? 0,
    hour: number('hour') ?? 0,
    minute: number('minute') ?? 0,
    second: number('second') ?? 0,
    ms: Number((groups['ms'] ?? '0').padEnd(3, '0').slice(0, 3)),
  };
  if (groups['zone'] !== undefined) found.zone = zoneInText(groups['zone'], text);
  return found;
}

function dayOf(found: Found, text: string): number {
  if (found.isoYear !== undefined && found.isoWeek !== undefined) {
    return isoDayStart(found.isoYear, found.isoWeek, found.isoDay ?? 1);
  }
  if (found.year !== undefined && found.dayOfYear !== undefined)
    return dayStart(found.year, 1, found.dayOfYear);
  const { year, month, day } = found;
  if (year === undefined || month === undefined || day === undefined) {
    throw failure(text, 'an incomplete date/time string has been found, with elements missing');
  }
  const start = dayStart(year, month, day);
  const isReal = month >= 1 && month <= 12 && new Date(start).getUTCDate() === day;
  if (isReal) return start;
  throw failure(text, 'the date does not exist');
}

/** What reading text needs besides the text. */
export interface Reading {
  /** Null for the everyday forms. */
  readonly format: string | null;
  /** The zone of texts that name none; null for UTC. */
  readonly zone: Zone | null;
}

/** Reads a date.
 *  @throws 241 ConversionFailure for text that is none, or that names a zone besides the one given */
export function parseDate(text: string, reading: Reading | null): Date {
  const found = reading?.format ? readByFormat(text, reading.format) : readFreely(text);
  const { hour = 0, minute = 0, second = 0, ms = 0 } = found;
  if (hour > 24 || minute > 59 || second > 59) throw failure(text, 'the time does not exist');
  if (found.zone && reading?.zone) {
    throw failure(
      text,
      'you cannot pass in a date/time string with time zone information together with a timezone argument',
    );
  }
  const local = dayOf(found, text) + ((hour * 60 + minute) * 60 + second) * 1000 + ms;
  return new Date(toUtc(found.zone ?? reading?.zone ?? UTC, local));
}

/** The text of a date without a format: ISO 8601, with a `Z` only for UTC. */
export function isoText(date: Date, zone: Zone): string {
  const local = new Date(toLocal(zone, date.getTime())).toISOString();
  return zone.isUtc ? local : local.slice(0, -1);
}
