// From a filter to ranges of key bytes, path by path. Ranges may hold too much, never too little.
import { truthy } from '../aggregate/truth.ts';
import { type Doc, isDoc, MaxKey, MinKey, Regex, SymbolText, type Value } from '../bson/value.ts';
import { isNan } from '../value/compare.ts';
import { partKey } from '../value/key.ts';
import { textOrder } from '../value/text-order.ts';
import { BRACKET, TYPE_NUMBERS } from '../value/type-order.ts';
import { between, bracketInterval, EVERYTHING, type Interval, intersect, point } from './interval.ts';
import { regexIntervals } from './regex-bounds.ts';

/** When a document has a key in the intervals just when it matches: also with arrays, only without, or never. */
type Exactness = 'always' | 'scalars' | 'never';

/** The intervals of one predicate on one path. */
export interface Predicate {
  readonly intervals: readonly Interval[];
  readonly exactness: Exactness;
}

/** What a filter says about its paths; a document must be in one interval of every predicate. */
export interface Bounds {
  readonly paths: ReadonlyMap<string, readonly Predicate[]>;
  /** True when the filter says nothing else. */
  readonly isWhole: boolean;
}

const NULL: Predicate = {
  // The key of an empty array stands among the nulls.
  intervals: [point(partKey(undefined), undefined), point(partKey(null), null)],
  exactness: 'scalars',
};

function holdsText(value: Value): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'string';
  if (isDoc(value)) return [...value.values()].some(holdsText);
  return Array.isArray(value) ? value.some(holdsText) : value instanceof SymbolText;
}

/** True for operands whose keys depend on the order of strings when it is not that of their bytes. */
function isCollated(operand: Value): boolean {
  return textOrder() !== null && holdsText(operand);
}

/** Points of an equality; null when an index cannot decide it. */
function points(operand: Value): Predicate | null {
  if (Array.isArray(operand) || operand instanceof Regex) return null;
  if (operand === null) return NULL;
  const isText = isCollated(operand);
  if (isText && textOrder()?.strings === 'none') return null;
  return { intervals: [point(partKey(operand), operand)], exactness: isText ? 'never' : 'always' };
}

function manyPoints(operand: Value): Predicate | null {
  if (!Array.isArray(operand)) return null;
  const found = new Map<string, Interval>();
  let exactness: Exactness = 'always';
  for (const each of operand) {
    const some = points(each);
    if (!some) return null;
    if (some.exactness !== 'always' && exactness !== 'never') exactness = some.exactness;
    for (const one of some.intervals) found.set(one.lower.key.toString('latin1'), one);
  }
  const intervals = [...found.values()].sort((a, b) => Buffer.compare(a.lower.key, b.lower.key));
  return { intervals, exactness };
}

function range(operator: string, operand: Value): Predicate | null {
  if (operand === null) return operator.endsWith('e') ? NULL : null;
  const isOpen = operand instanceof MinKey || operand instanceof MaxKey || Array.isArray(operand);
  // Keys of a collation tell strings apart, but do not stand in its order.
  if (isOpen || isNan(operand) || isCollated(operand)) return null;
  return { intervals: [between(operator, operand)], exactness: 'always' };
}

function existing(operand: Value): Predicate | null {
  return truthy(operand) ? { intervals: [EVERYTHING], exactness: 'never' } : null;
}

/** Types whose values have keys of their own bracket; arrays are indexed by their elements. */
const BRACKET_OF_TYPE: ReadonlyMap<number, number> = new Map([
  [1, BRACKET.number],
  [2, BRACKET.string],
  [3, BRACKET.object],
  [5, BRACKET.binary],
  [7, BRACKET.objectId],
  [8, BRACKET.bool],
  [9, BRACKET.date],
  [16, BRACKET.number],
  [17, BRACKET.timestamp],
  [18, BRACKET.number],
  [19, BRACKET.number],
]);

/** A type bounds its bracket; other types may share that. */
function typed(operand: Value): Predicate | null {
  if (typeof operand !== 'string') return null;
  const number = TYPE_NUMBERS[operand];
  const known = number === undefined ? undefined : BRACKET_OF_TYPE.get(number);
  const bracket = operand === 'number' ? BRACKET.number : known;
  return bracket === undefined ? null : { intervals: [bracketInterval(bracket)], exactness: 'never' };
}

function regexPredicate(operand: Value, options: Value | undefined): Predicate | null {
  // An expression looks at the text itself, the keys of a collation do not hold it.
  const intervals = textOrder() ? null : regexIntervals(operand, options);
  return intervals && { intervals, exactness: 'never' };
}

function ofOperator(operator: string, operand: Value, siblings: Doc): Predicate | null {
  switch (operator) {
    case '$eq':
      return points(operand);
    case '$in':
      return manyPoints(operand);
    case '$regex':
      return regexPredicate(operand, siblings.get('$options'));
    case '$exists':
      return existing(operand);
    case '$type':
      return typed(operand);
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return range(operator, operand);
    default:
      return null;
  }
}

type Collect = (path: string, found: Predicate | null) => void;

/** An empty `$all` matches nothing, which no bounds would say. */
function fromAll(path: string, operand: readonly Value[], collect: Collect): void {
  if (operand.length === 0) collect(path, null);
  for (const each of operand) collect(path, isDoc(each) ? null : points(each));
}

function fromOperators(path: string, operators: Doc, collect: Collect): void {
  for (const [operator, operand] of operators) {
    if (operator === '$elemMatch' && isDoc(operand)) fromElemMatch(path, operand, collect);
    else if (operator === '$all' && Array.isArray(operand)) fromAll(path, operand, collect);
    else collect(path, ofOperator(operator, operand, operators));
  }
}

function fromElemMatch(path: string, operand: Doc, collect: Collect): void {
  const first = operand.keys().next().value ?? '';
  // Nothing of it is all it says: the value has to be an array.
  collect(path, null);
  if (!first.startsWith('$') || /^\$(and|or|nor|expr)$/.test(first)) {
    fromFilter(operand, (at, found) => {
      collect(`${path}.${at}`, found && { ...found, exactness: 'never' });
    });
    return;
  }
  // All of these are about the same element, so they bound it together.
  const all: Predicate[] = [];
  // An element that is an array itself has one key as a whole, which says nothing about what is in it.
  const flat = new Map([...operand].filter(([operator]) => operator !== '$elemMatch'));
  fromOperators(path, flat, (_, found) => {
    if (found) all.push(found);
  });
  if (all.length === 0) return;
  const intervals = all.map((each) => each.intervals).reduce((so, next) => intersect(so, next));
  collect(path, { intervals, exactness: 'never' });
}

function fromClause(name: string, operand: Value, collect: Collect): void {
  if (isDoc(operand) && operand.keys().next().value?.startsWith('$')) fromOperators(name, operand, collect);
  else if (operand instanceof Regex) collect(name, regexPredicate(operand, undefined));
  else collect(name, points(operand));
}

/** The filters of which all must hold: those of `$and`, and the only one of an `$or`. */
function conjuncts(name: string, operand: Value): Doc[] | null {
  if (!Array.isArray(operand) || !operand.every(isDoc)) return null;
  return name === '$and' || (name === '$or' && operand.length === 1) ? (operand as Doc[]) : null;
}

function fromFilter(filter: Doc, collect: Collect): void {
  for (const [name, operand] of filter) {
    const parts = conjuncts(name, operand);
    if (!name.startsWith('$')) fromClause(name, operand, collect);
    else if (parts) for (const each of parts) fromFilter(each, collect);
    else if (name !== '$comment') collect('', null);
  }
}

/** All bounds a filter puts on its paths; paths with a number in them are left out. */
export function boundsOf(filter: Doc): Bounds {
  const paths = new Map<string, Predicate[]>();
  let isWhole = true;
  fromFilter(filter, (path, found) => {
    if (!found || /(^|\.)\d+(\.|$)/.test(path)) {
      isWhole = false;
      return;
    }
    const known = paths.get(path);
    if (known) known.push(found);
    else paths.set(path, [found]);
  });
  return { paths, isWhole };
}

function isSharper(a: Predicate, b: Predicate): boolean {
  const isPoints = (each: Predicate) => each.intervals.every((interval) => interval.isPoint);
  return isPoints(a) !== isPoints(b) ? isPoints(a) : b.intervals.includes(EVERYTHING);
}

/** More pairs of intervals than this are not compared. */
const MAX_PAIRS = 100_000;

/** The intervals all predicates share; of two very long lists only the shorter one is kept. */
function shared(predicates: readonly Predicate[]): {
  readonly intervals: readonly Interval[];
  readonly isWhole: boolean;
} {
  let intervals = (predicates[0] as Predicate).intervals;
  let isWhole = true;
  for (const { intervals: next } of predicates.slice(1)) {
    if (intervals.length * next.length <= MAX_PAIRS) intervals = intersect(intervals, next);
    else {
      intervals = next.length < intervals.length ? next : intervals;
      isWhole = false;
    }
  }
  return { intervals, isWhole };
}

/** One set of intervals for a path. In an index of arrays each predicate may be met by another element,
 *  so only one of them may bound it. */
export function combine(
  predicates: readonly Predicate[],
  isMultikey: boolean,
): { readonly intervals: readonly Interval[]; readonly isExact: boolean } {
  const [first, ...others] = predicates as [Predicate, ...Predicate[]];
  if (isMultikey) {
    const best = others.reduce((so, next) => (isSharper(next, so) ? next : so), first);
    return { intervals: best.intervals, isExact: others.length === 0 && first.exactness === 'always' };
  }
  const { intervals: all, isWhole } = shared(predicates);
  const isExact = isWhole && predicates.every((each) => each.exactness !== 'never');
  // Only an array can have the key of the empty array.
  const isOfScalars = (each: Interval) => !(each.isPoint && each.lower.key[0] === BRACKET.undefined);
  return { intervals: all.filter(isOfScalars), isExact };
}
