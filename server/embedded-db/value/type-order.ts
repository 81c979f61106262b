// BSON types: their sort brackets, their names for `$type`, and their numbers.
import {
  Binary,
  Code,
  Decimal,
  Int32,
  isDoc,
  MaxKey,
  MinKey,
  ObjectId,
  Regex,
  SymbolText,
  Timestamp,
  type Value,
} from '../bson/value.ts';

/** Sort brackets in the server's order; values of different brackets never compare as equal. */
export const BRACKET = {
  minKey: 1,
  undefined: 2,
  null: 5,
  number: 10,
  string: 15,
  object: 20,
  array: 25,
  binary: 30,
  objectId: 35,
  bool: 40,
  date: 45,
  timestamp: 47,
  regex: 50,
  code: 60,
  codeWithScope: 65,
  maxKey: 127,
} as const;

/** `$type` names and their BSON type numbers. */
export const TYPE_NUMBERS: Readonly<Record<string, number>> = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
};

const NAME_OF_NUMBER = new Map(Object.entries(TYPE_NUMBERS).map(([name, number]) => [number, name]));

const BRACKET_OF_NUMBER: Readonly<Record<number, number>> = {
  1: BRACKET.number,
  2: BRACKET.string,
  3: BRACKET.object,
  4: BRACKET.array,
  5: BRACKET.binary,
  7: BRACKET.objectId,
  8: BRACKET.bool,
  9: BRACKET.date,
  10: BRACKET.null,
  11: BRACKET.regex,
  13: BRACKET.code,
  14: BRACKET.string,
  15: BRACKET.codeWithScope,
  16: BRACKET.number,
  17: BRACKET.timestamp,
  18: BRACKET.number,
  19: BRACKET.number,
  [-1]: BRACKET.minKey,
  127: BRACKET.maxKey,
};

function rareTypeNumber(value: object): number {
  if (value instanceof Binary) return 5;
  if (value instanceof Decimal) return 19;
  if (value instanceof Regex) return 11;
  if (value instanceof Timestamp) return 17;
  if (value instanceof SymbolText) return 14;
  if (value instanceof MinKey) return -1;
  if (value instanceof MaxKey) return 127;
  return value instanceof Code && value.scope ? 15 : 13;
}

function objectTypeNumber(value: object): number {
  if (value instanceof Int32) return 16;
  if (isDoc(value)) return 3;
  if (Array.isArray(value)) return 4;
  if (value instanceof ObjectId) return 7;
  if (value instanceof Date) return 9;
  return rareTypeNumber(value);
}

/** The BSON type number of a value. */
export function typeNumber(value: Value): number {
  if (value === null) return 10;
  switch (typeof value) {
    case 'string':
      return 2;
    case 'number':
      return 1;
    case 'bigint':
      return 18;
    case 'boolean':
      return 8;
    default:
      return objectTypeNumber(value);
  }
}

/** The `$type` name of a value, for messages. */
export function typeName(value: Value): string {
  return NAME_OF_NUMBER.get(typeNumber(value)) ?? 'unknown';
}

/** The sort bracket of a value. */
export function bracketOf(value: Value): number {
  if (value === null) return BRACKET.null;
  if (typeof value === 'string') return BRACKET.string;
  return BRACKET_OF_NUMBER[typeNumber(value)] as number;
}

/** True for int, long, double and decimal. */
export function isNumber(value: Value | undefined): value is number | bigint | Int32 | Decimal {
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    value instanceof Int32 ||
    value instanceof Decimal
  );
}
