// From a filter to ranges of key bytes, path by path. Ranges may hold too much, never too little.
import { type Doc, isDoc, MaxKey, MinKey, Regex, type Value } from '../bson/value.ts';
import { isNan } from '../value/compare.ts';
import { afterPrefix, invertedKey, partKey } from '../value/key.ts';
import { BRACKET, bracketOf } from '../value/type-order.ts';

/** A half-open range of one key part: `lower <= part < upper`. A point is a range of a single value. */
export interface Interval {
  readonly lower: Buffer;
  readonly upper: Buffer;
  readonly isPoint: boolean;
}

/** Ranges of each predicate on a path; a document must be in one interval of every set. */
export type Bounds = ReadonlyMap<string, readonly (readonly Interval[])[]>;

function byte(value: number): Buffer {
  return Buffer.from([value]);
}

function after(prefix: Buffer): Buffer {
  // Part keys start below 0xff, so there always is something behind them.
  return afterPrefix(prefix) ?? byte(0xff);
}

function point(key: Buffer): Interval {
  return { lower: key, upper: after(key), isPoint: true };
}

/** Points of an equality; null when an index cannot decide it. */
function points(operand: Value): Interval[] | null {
  if (Array.isArray(operand) || operand instanceof Regex) return null;
  if (operand === null) return [point(byte(BRACKET.undefined)), point(byte(BRACKET.null))];
  return [point(partKey(operand))];
}

function manyPoints(operand: Value): Interval[] | null {
  if (!Array.isArray(operand)) return null;
  const found = new Map<string, Interval>();
  for (const each of operand) {
    const some = points(each);
    if (!some) return null;
    for (const one of some) found.set(one.lower.toString('latin1'), one);
  }
  return [...found.values()].sort((a, b) => Buffer.compare(a.lower, b.lower));
}

function range(operator: string, operand: Value): Interval[] | null {
  if (operand === null) return operator.endsWith('e') ? points(null) : null;
  const isOpen = operand instanceof MinKey || operand instanceof MaxKey || Array.isArray(operand);
  if (isOpen || isNan(operand)) return null;
  const key = partKey(operand);
  const bracket = bracketOf(operand);
  switch (operator) {
    case '$gt':
      return [{ lower: after(key), upper: byte(bracket + 1), isPoint: false }];
    case '$gte':
      return [{ lower: key, upper: byte(bracket + 1), isPoint: false }];
    case '$lt':
      return [{ lower: byte(bracket), upper: key, isPoint: false }];
    default:
      return [{ lower: byte(bracket), upper: after(key), isPoint: false }];
  }
}

/** `^literal` bounds text; equal stored expressions match too. */
function regexRange(operand: Value, options: Value | undefined): Interval[] | null {
  const source = operand instanceof Regex ? operand.source : operand;
  const flags = operand instanceof Regex ? operand.options : (options ?? '');
  if (typeof source !== 'string' || flags !== '' || source.includes('|')) return null;
  // A quantifier may make the last character optional, so that one is given back.
  const text = /^\^([\w\-@:;,<>=!~%&"'/ ]+)(?![*?{+])/.exec(source)?.[1];
  if (!text) return null;
  const prefix = Buffer.concat([byte(BRACKET.string), Buffer.from(text)]);
  return [
    { lower: prefix, upper: after(prefix), isPoint: false },
    { lower: byte(BRACKET.regex), upper: byte(BRACKET.regex + 1), isPoint: false },
  ];
}

function ofOperator(operator: string, operand: Value, siblings: Doc): Interval[] | null {
  if (operator === '$eq') return points(operand);
  if (operator === '$in') return manyPoints(operand);
  if (operator === '$regex') return regexRange(operand, siblings.get('$options'));
  return RANGE_OPERATORS.has(operator) ? range(operator, operand) : null;
}

const RANGE_OPERATORS: ReadonlySet<string> = new Set(['$gt', '$gte', '$lt', '$lte']);

type Collect = (path: string, intervals: Interval[] | null) => void;

function fromOperators(path: string, operators: Doc, collect: Collect): void {
  for (const [operator, operand] of operators) {
    if (operator === '$elemMatch' && isDoc(operand)) fromElemMatch(path, operand, collect);
    else if (operator === '$all' && Array.isArray(operand)) {
      for (const each of operand) if (!isDoc(each)) collect(path, points(each));
    } else collect(path, ofOperator(operator, operand, operators));
  }
}

function fromElemMatch(path: string, operand: Doc, collect: Collect): void {
  const first = operand.keys().next().value ?? '';
  if (first.startsWith('$') && !first.match(/^\$(and|or|nor|expr)$/)) {
    fromOperators(path, operand, collect);
  } else fromFilter(operand, (at, intervals) => collect(`${path}.${at}`, intervals));
}

function fromClause(name: string, operand: Value, collect: Collect): void {
  if (isDoc(operand) && operand.keys().next().value?.startsWith('$')) fromOperators(name, operand, collect);
  else if (operand instanceof Regex) collect(name, regexRange(operand, undefined));
  else collect(name, points(operand));
}

function fromFilter(filter: Doc, collect: Collect): void {
  for (const [name, operand] of filter) {
    if (!name.startsWith('$')) fromClause(name, operand, collect);
    else if (name === '$and' && Array.isArray(operand)) {
      for (const each of operand) if (isDoc(each)) fromFilter(each, collect);
    }
  }
}

/** All bounds a filter puts on its paths; paths with a number in them are left out. */
export function boundsOf(filter: Doc): Bounds {
  const out = new Map<string, Interval[][]>();
  fromFilter(filter, (path, intervals) => {
    if (!intervals || /(^|\.)\d+(\.|$)/.test(path)) return;
    const known = out.get(path);
    if (known) known.push(intervals);
    else out.set(path, [intervals]);
  });
  return out;
}

function intersectPair(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const out: Interval[] = [];
  for (const x of a) {
    for (const y of b) {
      const lower = Buffer.compare(x.lower, y.lower) >= 0 ? x.lower : y.lower;
      const upper = Buffer.compare(x.upper, y.upper) <= 0 ? x.upper : y.upper;
      if (Buffer.compare(lower, upper) < 0) out.push({ lower, upper, isPoint: x.isPoint || y.isPoint });
    }
  }
  return out;
}

function isSharper(a: readonly Interval[], b: readonly Interval[]): boolean {
  return a.every((each) => each.isPoint) && !b.every((each) => each.isPoint);
}

/** One set of intervals for a path. In a multikey index each predicate may be met by another element,
 *  so only one of them may bound it. */
export function combine(sets: readonly (readonly Interval[])[], isMultikey: boolean): readonly Interval[] {
  const [first, ...others] = sets as [readonly Interval[], ...(readonly Interval[])[]];
  return others.reduce(
    (best, next) => (isMultikey ? (isSharper(next, best) ? next : best) : intersectPair(best, next)),
    first,
  );
}

/** The same interval among inverted keys of a descending field. */
export function inverted(interval: Interval): Interval {
  if (interval.isPoint) return point(invertedKey(interval.lower));
  return {
    lower: after(invertedKey(interval.upper)),
    upper: after(invertedKey(interval.lower)),
    isPoint: interval.isPoint,
  };
}
