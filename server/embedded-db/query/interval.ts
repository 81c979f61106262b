// Ranges of one key part, and what can be done with them.
import { show } from '../bson/show.ts';
import { ObjectId, type Value } from '../bson/value.ts';
import { afterPrefix, invertedKey, partKey } from '../value/key.ts';
import { BRACKET, bracketOf } from '../value/type-order.ts';

/** One end of an interval. */
export interface Edge {
  /** As a lower end the first bytes inside, as an upper end the first bytes outside. */
  readonly key: Buffer;
  readonly isInclusive: boolean;
  /** The value in readable form. */
  readonly shown: () => string;
}

/** A range of one key part. A point is a range of a single value. */
export interface Interval {
  readonly lower: Edge;
  readonly upper: Edge;
  readonly isPoint: boolean;
}

function byte(value: number): Buffer {
  return Buffer.from([value]);
}

function after(prefix: Buffer): Buffer {
  // Part keys start below 0xff, so there always is something behind them.
  return afterPrefix(prefix) ?? byte(0xff);
}

/** A single value; `undefined` is the key of an empty array. */
export function point(key: Buffer, value: Value | undefined): Interval {
  const shown = () => (value === undefined ? 'undefined' : show(value));
  return {
    lower: { key, isInclusive: true, shown },
    upper: { key: after(key), isInclusive: true, shown },
    isPoint: true,
  };
}

interface Ends {
  readonly low: string;
  readonly high: string;
  readonly isHighInclusive: boolean;
}

const ZERO_ID = show(new ObjectId(Buffer.alloc(12)));

/** How the ends of a type are written in explain. */
const ENDS: ReadonlyMap<number, Ends> = new Map([
  [BRACKET.number, { low: '-inf.0', high: 'inf.0', isHighInclusive: true }],
  [BRACKET.string, { low: '""', high: '{}', isHighInclusive: false }],
  [BRACKET.object, { low: '{}', high: '[]', isHighInclusive: false }],
  [BRACKET.binary, { low: 'BinData(0, )', high: ZERO_ID, isHighInclusive: false }],
  [
    BRACKET.objectId,
    { low: ZERO_ID, high: show(new ObjectId(Buffer.alloc(12, 255))), isHighInclusive: true },
  ],
  [BRACKET.bool, { low: 'false', high: 'true', isHighInclusive: true }],
  [
    BRACKET.date,
    {
      low: 'new Date(-9223372036854775808)',
      high: 'new Date(9223372036854775807)',
      isHighInclusive: true,
    },
  ],
  [
    BRACKET.timestamp,
    { low: 'Timestamp(0, 0)', high: 'Timestamp(4294967295, 4294967295)', isHighInclusive: true },
  ],
]);

function ends(bracket: number): Ends {
  return ENDS.get(bracket) ?? { low: 'MinKey', high: 'MaxKey', isHighInclusive: true };
}

/** All values of a type bracket. */
export function bracketInterval(bracket: number): Interval {
  const { low, high, isHighInclusive } = ends(bracket);
  return {
    lower: { key: byte(bracket), isInclusive: true, shown: () => low },
    upper: { key: byte(bracket + 1), isInclusive: isHighInclusive, shown: () => high },
    isPoint: false,
  };
}

/** Every value. */
export const EVERYTHING: Interval = {
  lower: { key: byte(0), isInclusive: true, shown: () => 'MinKey' },
  upper: { key: byte(0xff), isInclusive: true, shown: () => 'MaxKey' },
  isPoint: false,
};

const AFTER_NAN = after(partKey(Number.NaN));

/** What `$gt`, `$gte`, `$lt` or `$lte` leave of the operand's bracket. */
export function between(operator: string, operand: Value): Interval {
  const key = partKey(operand);
  const bracket = bracketInterval(bracketOf(operand));
  const isInclusive = operator.endsWith('e');
  const shown = () => show(operand);
  if (operator.startsWith('$gt')) {
    return { ...bracket, lower: { key: isInclusive ? key : after(key), isInclusive, shown } };
  }
  // No comparison accepts NaN, which stands before all other numbers.
  const lower = key[0] === BRACKET.number ? { ...bracket.lower, key: AFTER_NAN } : bracket.lower;
  return { lower, upper: { key: isInclusive ? after(key) : key, isInclusive, shown }, isPoint: false };
}

/** All text that begins with a prefix. */
export function prefixInterval(prefix: string): Interval {
  const key = Buffer.concat([byte(BRACKET.string), Buffer.from(prefix)]);
  const next = after(key);
  return {
    lower: { key, isInclusive: true, shown: () => show(prefix) },
    upper: { key: next, isInclusive: false, shown: () => show(next.subarray(1).toString()) },
    isPoint: false,
  };
}

/** What is in an interval of both sets; sorted when they are. */
export function intersect(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const out: Interval[] = [];
  for (const x of a) {
    for (const y of b) {
      const lower = Buffer.compare(x.lower.key, y.lower.key) >= 0 ? x.lower : y.lower;
      const upper = Buffer.compare(x.upper.key, y.upper.key) <= 0 ? x.upper : y.upper;
      if (Buffer.compare(lower.key, upper.key) < 0)
        out.push({ lower, upper, isPoint: x.isPoint || y.isPoint });
    }
  }
  return out;
}

/** The same interval among inverted keys of a descending field. */
export function inverted({ lower, upper, isPoint }: Interval): Interval {
  if (isPoint) {
    const key = invertedKey(lower.key);
    return { lower: { ...lower, key }, upper: { ...upper, key: after(key) }, isPoint };
  }
  return {
    lower: { ...upper, key: after(invertedKey(upper.key)) },
    upper: { ...lower, key: after(invertedKey(lower.key)) },
    isPoint,
  };
}

/** The form of explain: `[1, 5)`. */
export function showInterval({ lower, upper }: Interval): string {
  return `${lower.isInclusive ? '[' : '('}${lower.shown()}, ${upper.shown()}${upper.isInclusive ? ']' : ')'}`;
}
