// Random expressions; most of them guard their operands, so that a pipeline seldom ends with an error.
import { Decimal128, Double, Int32, Long } from 'bson';
import { chance, pick, type Random, randomScalar, some } from './random-documents.ts';
import { doc, isDoc, type Value } from './values.ts';

const FIELDS = [
  '$a',
  '$a',
  '$b',
  '$b',
  '$c',
  '$a.b',
  '$b.a',
  '$a.b.c',
  '$_id',
  '$$ROOT.a',
  '$missing',
] as const;

const NUMBERS: readonly Value[] = [
  new Int32(2),
  new Int32(-3),
  new Double(0.5),
  Long.fromNumber(7),
  Decimal128.fromString('1.5'),
];

/** An expression that is worth a number. */
function randomNumber(random: Random, depth: number): Value {
  if (depth <= 0 || chance(random, 0.2)) return pick(random, NUMBERS);
  const next = () => randomNumber(random, depth - 1);
  switch (
    pick(random, [
      'field',
      'field',
      'add',
      'subtract',
      'multiply',
      'divide',
      'mod',
      'one',
      'many',
      'size',
      'cmp',
    ])
  ) {
    case 'add':
    case 'multiply':
      return doc({ [pick(random, ['$add', '$multiply'])]: some(random, 1, 3, next) });
    case 'subtract':
      return doc({ $subtract: [next(), next()] });
    case 'divide':
      return doc({ $divide: [next(), pick(random, NUMBERS)] });
    case 'mod':
      return doc({ $mod: [next(), pick<Value>(random, [new Int32(2), new Int32(-3), Long.fromNumber(7)])] });
    case 'one':
      return doc({ [pick(random, ['$abs', '$ceil', '$floor'])]: next() });
    case 'many':
      return doc({
        [pick(random, ['$sum', '$avg', '$min', '$max'])]: chance(random, 0.5)
          ? randomList(random, depth - 1)
          : some(random, 1, 3, next),
      });
    case 'size':
      return doc({ $size: [randomList(random, depth - 1)] });
    case 'cmp':
      return doc({ $cmp: [randomExpression(random, depth - 1), randomExpression(random, depth - 1)] });
    default: {
      const field = pick(random, FIELDS);
      return doc({ $cond: [doc({ $isNumber: field }), field, pick(random, NUMBERS)] });
    }
  }
}

/** An expression that is worth an array. */
function randomList(random: Random, depth: number): Value {
  const field = pick(random, FIELDS);
  const guarded = doc({ $cond: [doc({ $isArray: [field] }), field, [field, new Int32(1)]] });
  if (depth <= 0) return guarded;
  const inner = () => randomExpression(random, depth - 1);
  switch (pick(random, ['field', 'field', 'list', 'concat', 'slice', 'reverse', 'filter', 'map'])) {
    case 'list':
      return some(random, 0, 3, inner);
    case 'concat':
      return doc({ $concatArrays: [guarded, randomList(random, depth - 1)] });
    case 'slice': {
      const count = new Int32(pick(random, [1, 2, -1, -2]));
      return doc({ $slice: chance(random, 0.5) ? [guarded, count] : [guarded, count, new Int32(1)] });
    }
    case 'reverse':
      return doc({ $reverseArray: guarded });
    case 'filter':
      return doc({
        $filter: doc({
          input: guarded,
          as: 'x',
          cond: doc({ [pick(random, ['$gte', '$lt', '$ne'])]: ['$$x', inner()] }),
        }),
      });
    case 'map':
      return doc({
        $map: doc({
          input: guarded,
          as: 'x',
          in: pick<Value>(random, ['$$x', '$$x.b', doc({ $type: '$$x' }), ['$$x', inner()]]),
        }),
      });
    default:
      return guarded;
  }
}

/** An expression that is true or false. */
export function randomTest(random: Random, depth: number): Value {
  const next = () => randomExpression(random, depth - 1);
  switch (pick(random, ['compare', 'compare', 'compare', 'and', 'not', 'in', 'plain'])) {
    case 'and':
      return doc({
        [pick(random, ['$and', '$or'])]: some(random, 0, 3, () =>
          depth > 0 ? randomTest(random, depth - 1) : true,
        ),
      });
    case 'not':
      return doc({ $not: [next()] });
    case 'in':
      return doc({ $in: [next(), randomList(random, depth - 1)] });
    case 'plain':
      return next();
    default:
      return doc({ [pick(random, ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte'])]: [next(), next()] });
  }
}

function literal(random: Random): Value {
  return doc({ $literal: randomScalar(random) });
}

/** Any expression. */
export function randomExpression(random: Random, depth = 2): Value {
  if (depth <= 0 || chance(random, 0.3)) return chance(random, 0.8) ? pick(random, FIELDS) : literal(random);
  const next = () => randomExpression(random, depth - 1);
  switch (
    pick(random, [
      'number',
      'number',
      'list',
      'test',
      'cond',
      'ifNull',
      'switch',
      'element',
      'object',
      'type',
      'let',
      'reduce',
      'merge',
      'pairs',
      'text',
    ])
  ) {
    case 'number': {
      // A bare number would be a flag in a projection.
      const number = randomNumber(random, depth);
      return isDoc(number) ? number : doc({ $literal: number });
    }
    case 'list':
      return randomList(random, depth);
    case 'test':
      return randomTest(random, depth);
    case 'cond':
      return doc({ $cond: [randomTest(random, depth - 1), next(), next()] });
    case 'ifNull':
      return doc({ $ifNull: some(random, 2, 3, next) });
    case 'switch':
      return doc({
        $switch: doc({
          branches: some(
            random,
            1,
            2,
            () =>
              new Map([
                ['case', randomTest(random, depth - 1)],
                ['then', next()],
              ]),
          ),
          default: next(),
        }),
      });
    case 'object':
      return doc({ x: next(), y: next() });
    case 'type':
      return doc({ $type: pick(random, FIELDS) });
    default:
      return randomRare(random, depth);
  }
}

function randomRare(random: Random, depth: number): Value {
  const next = () => randomExpression(random, depth - 1);
  const list = randomList(random, depth - 1);
  const field = pick(random, FIELDS);
  const object = doc({ $cond: [doc({ $eq: [doc({ $type: field }), 'object'] }), field, null] });
  switch (pick(random, ['element', 'let', 'reduce', 'merge', 'pairs', 'text', 'find'])) {
    case 'element':
      return chance(random, 0.5)
        ? doc({ $arrayElemAt: [list, new Int32(pick(random, [0, 1, -1, 5]))] })
        : doc({ [pick(random, ['$first', '$last'])]: [list] });
    case 'let':
      return doc({
        $let: doc({ vars: doc({ v: next() }), in: pick<Value>(random, ['$$v', '$$v.a', ['$$v', '$a']]) }),
      });
    case 'reduce':
      return doc({
        $reduce: doc({
          input: list,
          initialValue: next(),
          in: doc({ $cond: [doc({ $gt: ['$$this', '$$value'] }), '$$this', '$$value'] }),
        }),
      });
    case 'merge':
      return doc({ $mergeObjects: [object, doc({ z: next() })] });
    case 'pairs':
      return doc({ $objectToArray: object });
    case 'find':
      return doc({ $indexOfArray: [list, next()] });
    default:
      return doc({ $concat: ['x', doc({ $type: field })] });
  }
}
