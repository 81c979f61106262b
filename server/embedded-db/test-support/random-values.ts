// Random documents over few fields and many types, so that types meet, collide and nest.
import { Binary, Decimal128, Double, Int32, Long, ObjectId, Timestamp } from 'bson';

/** A source of numbers in [0, 1). */
export type Random = () => number;

/** One of a list. */
export function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

const SCALARS: readonly unknown[] = [
  null,
  true,
  false,
  new Int32(0),
  new Int32(1),
  new Int32(-3),
  new Double(1),
  new Double(1.5),
  new Double(-0),
  new Double(Number.NaN),
  new Double(Number.POSITIVE_INFINITY),
  new Double(9007199254740992),
  Long.fromString('9007199254740993'),
  Long.fromString('-9223372036854775808'),
  Decimal128.fromString('1'),
  Decimal128.fromString('1.50'),
  Decimal128.fromString('0.1'),
  new Double(0.1),
  Decimal128.fromString('1E+6000'),
  Decimal128.fromString('-1E+6000'),
  Decimal128.fromString('1E-6000'),
  Decimal128.fromString('NaN'),
  '',
  'a',
  'ab',
  'a\u0000b',
  'b',
  'é',
  '\uffff',
  '\u{1f600}',
  new Date(0),
  new Date(-5),
  new ObjectId('000000000000000000000001'),
  new ObjectId('ffffffffffffffffffffffff'),
  new Binary(Buffer.from([255, 254]), 0),
  new Binary(Buffer.from([255, 253]), 0),
  new Timestamp({ t: 5, i: 1 }),
];

/** A value: mostly scalar, sometimes an array or a document. */
export function randomValue(random: Random, depth = 2): unknown {
  const kind = depth > 0 ? random() : 0;
  if (kind < 0.6) return pick(random, SCALARS);
  const length = Math.floor(random() * 3);
  if (kind < 0.8) return Array.from({ length }, () => randomValue(random, depth - 1));
  return Object.fromEntries(
    Array.from({ length }, () => [pick(random, ['a', 'b', 'c']), randomValue(random, depth - 1)]),
  );
}

/** A document with some of the fields a, b, c. */
export function randomDocument(random: Random): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const name of ['a', 'b', 'c']) if (random() < 0.7) out[name] = randomValue(random);
  return out;
}

const PATHS = ['a', 'b', 'a.b', 'a.c', 'b.a', 'c'];

/** One predicate on one path. */
function randomPredicate(random: Random): Record<string, unknown> {
  const operand = randomValue(random, 1);
  switch (
    pick(random, ['eq', 'eq', 'range', 'range', 'both', 'in', 'exists', 'elem', 'all', 'not', 'regex'])
  ) {
    case 'range':
      return { [pick(random, ['$gt', '$gte', '$lt', '$lte'])]: operand };
    case 'both':
      return { $gte: operand, $lt: randomValue(random, 0) };
    case 'in':
      return { [pick(random, ['$in', '$in', '$nin'])]: [operand, randomValue(random, 0)] };
    case 'exists':
      return { $exists: random() < 0.5 };
    case 'elem':
      return { $elemMatch: random() < 0.5 ? { $gte: operand } : { b: operand } };
    case 'all':
      return { $all: [operand, randomValue(random, 0)] };
    case 'not':
      return random() < 0.5 ? { $ne: operand } : { $not: { $gt: operand } };
    case 'regex':
      return { $regex: pick(random, ['^a', '^ab?', 'b$', '^b']) };
    default:
      return { $eq: operand };
  }
}

/** A filter of one to three clauses. */
export function randomFilter(random: Random): Record<string, unknown> {
  const clauses = Array.from({ length: 1 + Math.floor(random() * 3) }, () => ({
    [pick(random, PATHS)]: randomPredicate(random),
  }));
  return random() < 0.2 ? { $or: clauses } : { $and: clauses };
}
