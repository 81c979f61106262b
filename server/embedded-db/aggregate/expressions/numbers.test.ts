// Expressions on numbers, case by case, as the MongoDB manual documents their results.
import { Decimal128, Double, Int32, Long } from 'bson';
import { expect, test } from 'vitest';
import { disagreements, wrongCodes } from '../../test-support/expression-cases.ts';

const long = (value: string | number) => Long.fromString(String(value));
const decimal = (text: string) => Decimal128.fromString(text);
const double = (value: number) => new Double(value);
// Written so that no object here looks like a promise.
const THEN = 'then';
const date = (text: string) => new Date(text);

test('[DB50] arithmetic keeps and widens number types', () => {
  expect(
    disagreements([
      [{ $add: [1, 2] }, 3],
      [{ $add: [] }, 0],
      [{ $add: [2147483647, 1] }, long('2147483648')],
      [{ $add: [long('9223372036854775807'), 1] }, double(2 ** 63)],
      [{ $add: [1, double(2)] }, double(3)],
      [{ $add: [decimal('0.1'), decimal('0.2')] }, decimal('0.3')],
      [{ $add: [1, null] }, null],
      [{ $add: ['$missing', 1] }, null],
      [{ $add: [date('2020-01-01T00:00:00Z'), 1500] }, date('2020-01-01T00:00:01.500Z')],
      [{ $subtract: [date('2020-01-02T00:00:00Z'), date('2020-01-01T00:00:00Z')] }, long(86400000)],
      [{ $subtract: [date('2020-01-01T00:00:01Z'), 1000] }, date('2020-01-01T00:00:00Z')],
      [{ $subtract: [-2147483648, -2147483648] }, 0],
      [{ $subtract: [-2147483648, 1] }, long('-2147483649')],
      [{ $subtract: [5, 3.5] }, 1.5],
      [{ $multiply: [3, 4] }, 12],
      [{ $multiply: [65536, 65536] }, long('4294967296')],
      [{ $multiply: [long('4611686018427387904'), 4] }, double(2 ** 64)],
      [{ $multiply: [decimal('1.20'), 2] }, decimal('2.40')],
      [{ $divide: [10, 4] }, 2.5],
      [{ $divide: [6, 3] }, double(2)],
      [{ $divide: [decimal('1'), 3] }, decimal('0.3333333333333333333333333333333333')],
      [{ $divide: [decimal('10'), 4] }, decimal('2.5')],
      [{ $divide: [1, null] }, null],
      [{ $mod: [-13, 5] }, -3],
      [{ $mod: [13, long(5)] }, long(3)],
      [{ $mod: [5.5, 2] }, 1.5],
      [{ $mod: [decimal('5.5'), 2] }, decimal('1.5')],
      [{ $abs: -5 }, 5],
      [{ $abs: -2147483648 }, long('2147483648')],
      [{ $abs: decimal('-1.50') }, decimal('1.50')],
      [{ $abs: null }, null],
    ]),
  ).toEqual([]);
});

test('[DB50] rounding is half to even at any place', () => {
  expect(
    disagreements([
      [{ $round: [19.25, 1] }, 19.2],
      [{ $round: [28.73, 1] }, 28.7],
      [{ $round: [34.32, 1] }, 34.3],
      [{ $round: [-45.39, 1] }, -45.4],
      [{ $round: [10.5] }, double(10)],
      [{ $round: 11.5 }, double(12)],
      [{ $round: 12.5 }, double(12)],
      [{ $round: 13.5 }, double(14)],
      [{ $round: [1234, -2] }, 1200],
      [{ $round: [1250, -2] }, 1200],
      [{ $round: [long(1350), -2] }, long(1400)],
      [{ $round: [1.005, 2] }, double(1)],
      [{ $round: [decimal('1.005'), 2] }, decimal('1.00')],
      [{ $round: [decimal('1.015'), 2] }, decimal('1.02')],
      [{ $round: [null, 1] }, null],
      [{ $round: [2147483647, -1] }, long('2147483650')],
      [{ $trunc: [-45.39, 1] }, -45.3],
      [{ $trunc: [1299, -2] }, 1200],
      [{ $trunc: 7.8 }, double(7)],
      [{ $trunc: -2.3 }, double(-2)],
      [{ $ceil: -2.8 }, double(-2)],
      [{ $ceil: 5 }, 5],
      [{ $ceil: decimal('7.1') }, decimal('8')],
      [{ $floor: -2.8 }, double(-3)],
      [{ $floor: long(4) }, long(4)],
      [{ $floor: decimal('-7.1') }, decimal('-8')],
    ]),
  ).toEqual([]);
});

test('[DB50] powers, roots and logarithms', () => {
  expect(
    disagreements([
      [{ $pow: [5, 2] }, 25],
      [{ $pow: [5, 0] }, 1],
      [{ $pow: [5, -2] }, 0.04],
      [{ $pow: [2, 40] }, long('1099511627776')],
      [{ $pow: [10, 20] }, double(1e20)],
      [{ $pow: [-1, -3] }, -1],
      [{ $pow: [2, 0.5] }, Math.SQRT2],
      [{ $pow: [decimal('1.1'), 2] }, decimal('1.21')],
      [{ $sqrt: 25 }, double(5)],
      [{ $sqrt: decimal('2') }, decimal('1.414213562373095048801688724209698')],
      [{ $sqrt: null }, null],
      [{ $exp: 0 }, double(1)],
      [{ $exp: decimal('1') }, decimal('2.718281828459045235360287471352662')],
      [{ $ln: double(1) }, double(0)],
      [{ $ln: decimal('10') }, decimal('2.302585092994045684017991454684364')],
      [{ $log10: 1000 }, double(3)],
      [{ $log10: decimal('1000') }, decimal('3')],
      [{ $log: [100, 10] }, double(2)],
      [{ $sin: 0 }, double(0)],
      [{ $atan2: [1, 1] }, Math.PI / 4],
      [{ $degreesToRadians: 180 }, Math.PI],
    ]),
  ).toEqual([]);
});

test('[DB50] bits of ints and longs', () => {
  expect(
    disagreements([
      [{ $bitAnd: [12, 10] }, 8],
      [{ $bitAnd: [] }, -1],
      [{ $bitOr: [12, long(3)] }, long(15)],
      [{ $bitXor: [12, 10] }, 6],
      [{ $bitXor: [12, null] }, null],
      [{ $bitNot: 12 }, -13],
      [{ $bitNot: long(0) }, long(-1)],
    ]),
  ).toEqual([]);
});

test('[DB50] comparisons go across types, logic stops as soon as it is decided', () => {
  const fails = { $divide: [1, 0] };
  expect(
    disagreements([
      [{ $eq: [1, double(1)] }, true],
      [{ $eq: ['$missing', null] }, false],
      [{ $lt: ['$missing', null] }, true],
      [{ $gt: ['a', 5] }, true],
      [{ $cmp: [[1], { a: 1 }] }, 1],
      [{ $cmp: [2, 3] }, -1],
      [{ $and: [] }, true],
      [{ $and: [false, fails] }, false],
      [{ $or: [1, fails] }, true],
      [{ $or: [] }, false],
      [{ $not: ['$missing'] }, true],
      [{ $not: [[]] }, false],
      [{ $cond: [true, 1, fails] }, 1],
      [{ $cond: { if: 0, [THEN]: fails, else: 'no' } }, 'no'],
      [{ $ifNull: ['$missing', null, 5] }, 5],
      [{ $ifNull: ['$missing', '$other'] }, undefined],
      [
        {
          $switch: {
            branches: [
              { case: { $gt: [1, 2] }, [THEN]: 'a' },
              { case: true, [THEN]: 'b' },
            ],
          },
        },
        'b',
      ],
      [{ $switch: { branches: [{ case: false, [THEN]: 1 }], default: 'none' } }, 'none'],
      [{ $literal: { $add: [1, 2] } }, { $add: [1, 2] }],
    ]),
  ).toEqual([]);
});

test('[DB50] wrong numbers are refused with their codes', () => {
  expect(
    wrongCodes([
      [{ $add: [1, 'x'] }, 14],
      [{ $add: [new Date(), new Date()] }, 16612],
      [{ $subtract: ['x', 1] }, 14],
      [{ $multiply: ['x', 1] }, 14],
      [{ $divide: [1, 0] }, 2],
      [{ $divide: ['x', 1] }, 14],
      [{ $mod: [1, 0] }, 16610],
      [{ $mod: ['x', 1] }, 16611],
      [{ $abs: 'x' }, 28765],
      [{ $abs: Long.MIN_VALUE }, 28680],
      [{ $round: [1, 101] }, 51083],
      [{ $round: [1, 1.5] }, 51082],
      [{ $round: 'x' }, 51081],
      [{ $sqrt: -1 }, 28714],
      [{ $ln: 0 }, 28766],
      [{ $log10: -1 }, 28761],
      [{ $log: [1, 1] }, 28759],
      [{ $pow: [0, -1] }, 28764],
      [{ $pow: ['x', 1] }, 28762],
      [{ $bitAnd: [1.5, 1] }, 14],
      [{ $asin: 2 }, 50989],
      [{ $ifNull: [1] }, 1257300],
      [{ $cond: { if: 1, [THEN]: 1 } }, 17082],
      [{ $cond: { if: 1, [THEN]: 1, else: 1, other: 1 } }, 17083],
      [{ $switch: { branches: [{ case: false, [THEN]: 1 }] } }, 40066],
      [{ $switch: { branches: [] } }, 40068],
      [{ $eq: [1] }, 16020],
      [{ $round: [1, 2, 3] }, 28667],
      [{ $nothing: 1 }, 168],
      [{ $function: {} }, 115],
      [{ $add: [1], $subtract: [1] }, 15983],
      ['$$nothing', 17276],
      ['$', 16872],
      ['$a..b', 15998],
      ['$a.', 40353],
      ['$a.$b', 16410],
      [{ 'a.b': 1 }, 16412],
      [new Int32(1), 0],
    ]),
  ).toEqual([]);
});
