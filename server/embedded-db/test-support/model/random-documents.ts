// Small adversarial documents: few names, few values, so that they collide; nested arrays and all BSON types.
import {
  Binary,
  BSONRegExp,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { type Doc, isDoc, isIndex, type Value } from './values.ts';

/** A source of numbers in [0, 1). */
export type Random = () => number;

/** One of a list. */
export function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

/** True with a chance. */
export function chance(random: Random, share: number): boolean {
  return random() < share;
}

/** Some items: between two lengths, both included. */
export function some<T>(random: Random, least: number, most: number, make: () => T): T[] {
  return Array.from({ length: least + Math.floor(random() * (most - least + 1)) }, make);
}

const EVERYDAY: readonly Value[] = [
  new Int32(0),
  new Int32(1),
  new Int32(2),
  new Int32(3),
  new Int32(-1),
  new Int32(5),
  new Double(1),
  new Double(2.5),
  Long.fromNumber(2),
  Decimal128.fromString('1'),
  'a',
  'b',
  'ab',
  null,
  true,
  false,
];

const RARE: readonly Value[] = [
  new Double(0),
  new Double(-0),
  new Double(Number.NaN),
  new Double(Number.POSITIVE_INFINITY),
  new Double(0.1),
  new Double(1e15),
  new Double(9007199254740992),
  new Int32(2147483647),
  new Int32(-2147483648),
  Long.fromString('9007199254740993'),
  Long.fromString('9223372036854775807'),
  Long.fromString('-9223372036854775808'),
  Long.fromNumber(0),
  Decimal128.fromString('2.50'),
  Decimal128.fromString('0.1'),
  Decimal128.fromString('-0'),
  Decimal128.fromString('NaN'),
  Decimal128.fromString('-Infinity'),
  Decimal128.fromString('1E+6000'),
  Decimal128.fromString('1E-6000'),
  '',
  'é',
  '\u{1f600}',
  '\uffff',
  'A',
  new Date(0),
  new Date(86_400_000),
  new Date(-5),
  new ObjectId('000000000000000000000001'),
  new ObjectId('ffffffffffffffffffffffff'),
  new Binary(Buffer.from([255, 254]), 0),
  new Binary(Buffer.from([255, 253]), 0),
  new Binary(Buffer.from([1]), 128),
  new Timestamp({ t: 5, i: 1 }),
  new BSONRegExp('^a', ''),
  new MinKey(),
  new MaxKey(),
];

/** A value that is no array and no document. */
export function randomScalar(random: Random): Value {
  return chance(random, 0.8) ? pick(random, EVERYDAY) : pick(random, RARE);
}

/** The names of fields. */
export const NAMES = ['a', 'b', 'c'] as const;

function randomName(random: Random): string {
  return chance(random, 0.04) ? '0' : pick(random, NAMES);
}

/** A value: half of them scalar, the others arrays and documents of values. */
export function randomValue(random: Random, depth = 2): Value {
  const kind = depth > 0 ? random() : 0;
  if (kind < 0.5) return randomScalar(random);
  if (kind < 0.8) return some(random, 0, 3, () => randomValue(random, depth - 1));
  return new Map(some(random, 0, 3, () => [randomName(random), randomValue(random, depth - 1)] as const));
}

/** A document with a number as `_id`. */
export function randomDoc(random: Random, id: number): Doc {
  const out: Doc = new Map([['_id', new Int32(id)]]);
  for (const name of NAMES) if (chance(random, 0.75)) out.set(name, randomValue(random));
  return out;
}

const PATHS = [
  'a',
  'a',
  'b',
  'b',
  'c',
  'a.b',
  'a.c',
  'b.a',
  'b.b',
  'a.b.c',
  'a.0',
  'a.1',
  'b.0.a',
  'a.0.b',
  'a.b.0',
];

/** A path that often exists. */
export function randomPath(random: Random): string {
  return pick(random, PATHS);
}

/** A path without indexes. */
export function randomNamePath(random: Random): string {
  return pick(random, PATHS.slice(0, 10));
}

/** Some value of the documents on a path, or below it; so that filters and updates hit. */
export function valueNear(random: Random, docs: readonly Doc[], path: string): Value {
  let value: Value;
  for (let tries = 0; value === undefined && tries < 4; tries++) {
    value = path.split('.').reduce<Value>((owner, part) => stepInto(random, owner, part), pick(random, docs));
  }
  if (Array.isArray(value) && value.length > 0 && chance(random, 0.6)) value = pick(random, value);
  return value === undefined || chance(random, 0.1) ? randomValue(random, 1) : value;
}

function stepInto(random: Random, value: Value, part: string): Value {
  const owner = Array.isArray(value) && !isIndex(part) ? pick(random, value) : value;
  if (Array.isArray(owner)) return owner[Number(part)];
  return isDoc(owner) ? owner.get(part) : undefined;
}
