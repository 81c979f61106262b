// The server's total order over all values.
import {
  Binary,
  Code,
  Decimal,
  type Doc,
  Int32,
  ObjectId,
  Regex,
  SymbolText,
  Timestamp,
  type Value,
} from '../bson/value.ts';
import { align, type Exact, exactOf, type Numeric, toDouble } from './decimal.ts';
import { effort } from './effort.ts';
import { textOrder } from './text-order.ts';
import { BRACKET, bracketOf } from './type-order.ts';

function order<T extends number | bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Byte order of the UTF-8 forms, found without encoding them. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates stand for code points above U+FFFF, but their units are below U+E000.
    if (x >= 0xd800 && y >= 0xd800) {
      const xSurrogate = x < 0xe000;
      if (xSurrogate !== y < 0xe000) return xSurrogate ? 1 : -1;
    }
    return x - y;
  }
  return a.length - b.length;
}

function compareStrings(a: string, b: string): number {
  const order = textOrder();
  return order === null ? compareText(a, b) : order.compare(a, b);
}

function plain(value: Numeric): number | bigint | Decimal {
  return value instanceof Int32 ? value.value : value;
}

function compareDecimals(a: Numeric, b: Numeric): number {
  const x = exactOf(a);
  const y = exactOf(b);
  // An infinity is beyond every decimal, also beyond those no double can hold.
  if (!x || !y) return order(x ? 0 : toDouble(a), y ? 0 : toDouble(b));
  const bySize = order(signedMagnitude(x), signedMagnitude(y));
  if (bySize !== 0) return bySize;
  const [left, right] = align(x, y);
  return order(left, right);
}

/** Decimal places before the point, with the sign; decides most comparisons without large powers of ten. */
function signedMagnitude({ coefficient, exponent }: Exact): number {
  if (coefficient === 0n) return 0;
  const digits = coefficient.toString().length - (coefficient < 0n ? 1 : 0);
  // Above any magnitude of a Decimal128, so that the sign stays decisive.
  const magnitude = digits + exponent + 10_000;
  return coefficient < 0n ? -magnitude : magnitude;
}

/** Order of two numbers of any type; NaN is before all others and equal to itself. */
export function compareNumbers(left: Numeric, right: Numeric): number {
  const a = plain(left);
  const b = plain(right);
  const aNan = isNan(a);
  const bNan = isNan(b);
  if (aNan || bNan) return aNan && bNan ? 0 : aNan ? -1 : 1;
  if (typeof a === 'object' || typeof b === 'object') return compareDecimals(left, right);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** True for a double or decimal NaN. */
export function isNan(value: Value | undefined): boolean {
  return typeof value === 'number' ? Number.isNaN(value) : value instanceof Decimal && value.kind === 'nan';
}

function compareDocs(a: Doc, b: Doc): number {
  const right = b.entries();
  for (const [name, value] of a) {
    effort();
    const next = right.next();
    if (next.done) return 1;
    const [otherName, other] = next.value;
    const found =
      bracketOf(value) - bracketOf(other) || compareText(name, otherName) || compareValues(value, other);
    if (found !== 0) return found;
  }
  return right.next().done ? 0 : -1;
}

function compareArrays(a: readonly Value[], b: readonly Value[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    effort();
    const found = compareValues(a[i] as Value, b[i] as Value);
    if (found !== 0) return found;
  }
  return a.length - b.length;
}

function compareBinaries(a: Binary, b: Binary): number {
  return a.bytes.length - b.bytes.length || a.subtype - b.subtype || Buffer.compare(a.bytes, b.bytes);
}

function compareCode(a: Code, b: Code): number {
  return compareText(a.source, b.source) || (a.scope && b.scope ? compareDocs(a.scope, b.scope) : 0);
}

function textOf(value: Value): string {
  return value instanceof SymbolText ? value.text : (value as string);
}

type ByClass<T extends object> = readonly [abstract new (...args: never[]) => T, (a: T, b: T) => number];

function byClass<T extends object>(type: ByClass<T>[0], compare: ByClass<T>[1]): ByClass<object> {
  return [type, (a, b) => compare(a as T, b as T)];
}

const BY_CLASS = [
  byClass(ObjectId, (a, b) => Buffer.compare(a.bytes, b.bytes)),
  byClass(Date, (a, b) => order(a.getTime(), b.getTime())),
  byClass<Doc>(Map, compareDocs),
  byClass<Value[]>(Array, compareArrays),
  byClass(Binary, compareBinaries),
  byClass(Timestamp, (a, b) => order(a.bits, b.bits)),
  byClass(Regex, (a, b) => compareText(a.source, b.source) || compareText(a.options, b.options)),
  byClass(Code, compareCode),
];

/** Both are of one bracket, so they are of one class. */
function compareObjects(a: object, b: object): number {
  for (const [type, compare] of BY_CLASS) if (a instanceof type) return compare(a, b);
  return 0;
}

/** The order of two values of one of the commonest types; NaN for all others.
 *  These are most comparisons, and the general way costs ten times as much. */
function compareAlike(a: Value, b: Value): number {
  if (typeof a === 'string') return typeof b === 'string' ? compareStrings(a, b) : Number.NaN;
  if (typeof a === 'number') return typeof b === 'number' ? a - b : Number.NaN;
  if (a instanceof Int32) return b instanceof Int32 ? a.value - b.value : Number.NaN;
  if (a instanceof Date) return b instanceof Date ? a.getTime() - b.getTime() : Number.NaN;
  return Number.NaN;
}

/** Negative, zero or positive: the server's sort order, across types too. Numbers compare by value, strings by the
 *  order in force. */
export function compareValues(a: Value, b: Value): number {
  const alike = compareAlike(a, b);
  if (!Number.isNaN(alike)) return alike;
  const bracket = bracketOf(a);
  const difference = bracket - bracketOf(b);
  if (difference !== 0) return difference;
  if (bracket === BRACKET.number) return compareNumbers(a as Numeric, b as Numeric);
  if (bracket === BRACKET.string) return compareStrings(textOf(a), textOf(b));
  if (bracket === BRACKET.bool) return Number(a) - Number(b);
  return a === null || b === null ? 0 : compareObjects(a as object, b as object);
}

/** True when the server's `$eq` between two plain values holds. */
export function equalValues(a: Value, b: Value): boolean {
  return compareValues(a, b) === 0;
}
