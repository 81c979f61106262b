// Dates from and to other forms: $dateToString, $dateFromString, $dateToParts, $dateFromParts.

import { show } from '../../bson/show.ts';
import { type Doc, Int32, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { asNumber } from '../../value/arithmetic.ts';
import { typeName } from '../../value/type-order.ts';
import { dayStart, isoDayStart, isoWeek, isoWeekday } from '../calendar.ts';
import { dateOperand, zoneOperand } from '../date-operand.ts';
import { checkPrintFormat, isoText, parseDate, printDate, type Reading } from '../date-text.ts';
import { partOf, partsOf } from '../named-operands.ts';
import { type Build, type Compile, type Expression, isNothing, type OperatorTable } from '../scope.ts';
import { toLocal, toUtc } from '../time-zone.ts';

type Named = Readonly<Record<string, Expression>>;

function named(source: Doc, names: readonly string[], compile: Compile): Named {
  return Object.fromEntries(names.map((name) => [name, partOf(source, name, compile)]));
}

function formatText(operator: string, value: Value, code: number): string {
  if (typeof value === 'string') return value;
  throw new DatabaseError(code, `${operator} requires that 'format' be a string, found: ${typeName(value)}`);
}

const TO_STRING = {
  required: ['date'],
  optional: ['format', 'timezone', 'onNull'],
  codes: { object: 18629, unknown: 18534, missing: 18628 },
};

function dateToString(operand: Value, compile: Compile): Expression {
  const source = partsOf('$dateToString', operand, TO_STRING);
  const { date, format, timezone, onNull } = named(
    source,
    ['date', 'format', 'timezone', 'onNull'],
    compile,
  ) as Named & Record<'date' | 'format' | 'timezone' | 'onNull', Expression>;
  const constant = source.get('format');
  if (typeof constant === 'string' && !constant.startsWith('$')) checkPrintFormat(constant);
  const nothing: Expression = source.has('onNull') ? onNull : () => null;
  return (root) => {
    const wanted = format(root);
    const text = isNothing(wanted) ? null : formatText('$dateToString', wanted, 18533);
    if (text === null && source.has('format')) return nothing(root);
    const zone = zoneOperand(timezone(root), source.has('timezone'));
    const value = date(root);
    if (!zone || isNothing(value)) return nothing(root);
    return text === null ? isoText(dateOperand(value), zone) : printDate(dateOperand(value), text, zone);
  };
}

const FROM_STRING = {
  required: ['dateString'],
  optional: ['format', 'timezone', 'onError', 'onNull'],
  codes: { object: 40540, unknown: 40541, missing: 40542 },
};

function fromText(value: Value, reading: Reading): Date {
  if (typeof value === 'string') return parseDate(value, reading);
  throw new DatabaseError(
    241,
    `$dateFromString requires that 'dateString' be a string, found: ${typeName(value)} with value ${show(value)}`,
  );
}

/** What is asked of one text; null when an operand that has to be known is not. */
function readingOf(source: Doc, parts: Named, root: Doc): Reading | null {
  const wanted = parts['format']?.(root);
  const zone = zoneOperand(parts['timezone']?.(root), source.has('timezone'));
  if (!zone) return null;
  if (isNothing(wanted)) {
    return source.has('format') ? null : { format: null, zone: source.has('timezone') ? zone : null };
  }
  const format = formatText('$dateFromString', wanted, 40684);
  return { format, zone: source.has('timezone') ? zone : null };
}

function dateFromString(operand: Value, compile: Compile): Expression {
  const source = partsOf('$dateFromString', operand, FROM_STRING);
  const parts = named(source, ['dateString', 'format', 'timezone', 'onError', 'onNull'], compile);
  return (root) => {
    const value = parts['dateString']?.(root);
    const reading = readingOf(source, parts, root);
    if (isNothing(value)) return source.has('onNull') ? parts['onNull']?.(root) : null;
    if (!reading) return null;
    try {
      return fromText(value, reading);
    } catch (error) {
      const isCaught = source.has('onError') && error instanceof DatabaseError && error.code === 241;
      if (!isCaught) throw error;
      return parts['onError']?.(root);
    }
  };
}

const TO_PARTS = {
  required: ['date'],
  optional: ['timezone', 'iso8601'],
  codes: { object: 40524, unknown: 40520, missing: 40522 },
};

function partsDoc(localMs: number, isIso: boolean): Doc {
  const date = new Date(localMs);
  const iso = isoWeek(localMs);
  const day: [string, number][] = isIso
    ? [
        ['isoWeekYear', iso.year],
        ['isoWeek', iso.week],
        ['isoDayOfWeek', isoWeekday(localMs)],
      ]
    : [
        ['year', date.getUTCFullYear()],
        ['month', date.getUTCMonth() + 1],
        ['day', date.getUTCDate()],
      ];
  const time: [string, number][] = [
    ['hour', date.getUTCHours()],
    ['minute', date.getUTCMinutes()],
    ['second', date.getUTCSeconds()],
    ['millisecond', date.getUTCMilliseconds()],
  ];
  return new Map([...day, ...time].map(([name, value]) => [name, new Int32(value)]));
}

function dateToParts(operand: Value, compile: Compile): Expression {
  const source = partsOf('$dateToParts', operand, TO_PARTS);
  const parts = named(source, ['date', 'timezone', 'iso8601'], compile);
  return (root) => {
    const zone = zoneOperand(parts['timezone']?.(root), source.has('timezone'));
    const isIso = source.has('iso8601') ? parts['iso8601']?.(root) : false;
    if (!zone || isNothing(isIso)) return null;
    if (typeof isIso !== 'boolean') {
      throw new DatabaseError(40521, `iso8601 must evaluate to a bool, found ${typeName(isIso)}`);
    }
    const value = parts['date']?.(root);
    return isNothing(value) ? null : partsDoc(toLocal(zone, dateOperand(value).getTime()), isIso);
  };
}

const NATURAL = ['year', 'month', 'day'];
const ISO = ['isoWeekYear', 'isoWeek', 'isoDayOfWeek'];
const TIME = ['hour', 'minute', 'second', 'millisecond'];
const TIME_MS = [3_600_000, 60_000, 1_000, 1];

function partNumber(name: string, value: Value): number {
  const number = asNumber(value);
  if (number === null || !Number.isInteger(number)) {
    throw new DatabaseError(
      40515,
      `'${name}' must evaluate to an integer, found ${typeName(value)} with value :${show(value)}`,
    );
  }
  if ((name === 'year' || name === 'isoWeekYear') && (number < 1 || number > 9999)) {
    throw new DatabaseError(
      40523,
      `'${name}' must evaluate to an integer in the range 1 to 9999, found ${number}`,
    );
  }
  const isShort = NATURAL.includes(name) || ISO.includes(name) || name === 'hour' || name === 'minute';
  if (isShort && (number < -32768 || number > 32767)) {
    throw new DatabaseError(
      31034,
      `'${name}' must evaluate to a value in the range [-32768, 32767]; value ${number}`,
    );
  }
  return number;
}

function fromPartsOperand(operand: Value): Doc {
  if (!isDoc(operand)) {
    throw new DatabaseError(40519, '$dateFromParts only supports an object as its argument');
  }
  const known = [...NATURAL, ...ISO, ...TIME, 'timezone'];
  const unknown = [...operand.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new DatabaseError(40518, `Unrecognized argument to $dateFromParts: ${unknown}`);
  }
  const [hasNatural, hasIso] = [NATURAL, ISO].map((names) => names.some((name) => operand.has(name)));
  if (!operand.has('year') && !operand.has('isoWeekYear')) {
    throw new DatabaseError(40516, "$dateFromParts requires either 'year' or 'isoWeekYear' to be present");
  }
  if (hasNatural && hasIso) {
    throw new DatabaseError(40489, '$dateFromParts does not allow mixing natural dates with ISO dates');
  }
  return operand;
}

/** The numbers of all parts: absent ones are 1 for days and 0 for times. Null when one is null or missing. */
function numbersOf(source: Doc, names: readonly string[], parts: Named, root: Doc): number[] | null {
  const out: number[] = [];
  for (const [i, name] of names.entries()) {
    const value = source.has(name) ? parts[name]?.(root) : new Int32(i < 3 ? 1 : 0);
    if (isNothing(value)) return null;
    out.push(partNumber(name, value));
  }
  return out;
}

function dateFromParts(operand: Value, compile: Compile): Expression {
  const source = fromPartsOperand(operand);
  const isIso = source.has('isoWeekYear');
  const names = [...(isIso ? ISO : NATURAL), ...TIME];
  const parts = named(source, [...names, 'timezone'], compile);
  return (root) => {
    const zone = zoneOperand(parts['timezone']?.(root), source.has('timezone'));
    const numbers = zone && numbersOf(source, names, parts, root);
    if (!zone || !numbers) return null;
    const [year, month, day, ...time] = numbers as [number, number, number, ...number[]];
    const start = isIso ? isoDayStart(year, month, day) : dayStart(year, month, day);
    const local = time.reduce((total, value, i) => total + value * (TIME_MS[i] as number), start);
    return new Date(toUtc(zone, local));
  };
}

/** Conversions of dates. */
export const DATE_FORMS: OperatorTable = new Map<string, Build>([
  ['$dateToString', dateToString],
  ['$dateFromString', dateFromString],
  ['$dateToParts', dateToParts],
  ['$dateFromParts', dateFromParts],
]);
