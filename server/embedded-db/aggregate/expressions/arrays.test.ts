// Expressions on arrays, sets and documents, case by case, as the MongoDB manual documents their results.
import { Binary, Decimal128, Double, Long, Timestamp } from 'bson';
import { expect, test } from 'vitest';
import { disagreements, wrongCodes } from '../../test-support/expression-cases.ts';

const double = (value: number) => new Double(value);

test('[DB50] arrays are read', () => {
  expect(
    disagreements([
      [{ $size: [[1, 2]] }, 2],
      [{ $isArray: ['a'] }, false],
      [{ $isArray: [[1]] }, true],
      [{ $in: [2, [1, 2, 3]] }, true],
      [{ $in: ['$missing', [null]] }, false],
      [{ $arrayElemAt: [[1, 2, 3], -2] }, 2],
      [{ $arrayElemAt: [[1, 2, 3], 15] }, undefined],
      [{ $arrayElemAt: [null, 1] }, null],
      [{ $first: '$a' }, 1, { a: [1, 2] }],
      [{ $last: '$a' }, undefined, { a: [] }],
      [{ $last: '$missing' }, null],
      [{ $slice: [[1, 2, 3], 1, 1] }, [2]],
      [{ $slice: [[1, 2, 3], -2] }, [2, 3]],
      [{ $slice: [[1, 2, 3], 15, 2] }, []],
      [{ $slice: [[1, 2, 3], -15, 2] }, [1, 2]],
      [{ $slice: [null, 1] }, null],
      [{ $indexOfArray: [['a', 'abc', 'de', 'a'], 'a', 1] }, 3],
      [{ $indexOfArray: [[1, 2], 2, 0, 1] }, -1],
      [{ $indexOfArray: [null, 'foo'] }, null],
      ['$a.b', [1, 2], { a: [{ b: 1 }, { c: 3 }, { b: 2 }, 5, [{ b: 9 }]] }],
      ['$a.b.c', [[1], 2], { a: [{ b: [{ c: 1 }] }, { b: { c: 2 } }] }],
      ['$a.0', [], { a: [1] }],
    ]),
  ).toEqual([]);
});

test('[DB50] arrays are made', () => {
  const pair = (k: string, v: unknown) => ({ k, v });
  expect(
    disagreements([
      [{ $concatArrays: [[1], [[2]]] }, [1, [2]]],
      [{ $concatArrays: [[1], null] }, null],
      [{ $reverseArray: [[1, [2, 3]]] }, [[2, 3], 1]],
      [{ $range: [0, 5] }, [0, 1, 2, 3, 4]],
      [{ $range: [10, 0, -2] }, [10, 8, 6, 4, 2]],
      [{ $range: [0, 10, -2] }, []],
      [{ $zip: { inputs: [['a'], ['b', 'x'], ['c']] } }, [['a', 'b', 'c']]],
      [
        { $zip: { inputs: [[1], [2, 3]], useLongestLength: true, defaults: ['a', 'b'] } },
        [
          [1, 2],
          ['a', 3],
        ],
      ],
      [
        { $zip: { inputs: [[1], [2, 3]], useLongestLength: true } },
        [
          [1, 2],
          [null, 3],
        ],
      ],
      [{ $zip: { inputs: [[1], null] } }, null],
      [{ $sortArray: { input: [3, 1, 'a', double(2)], sortBy: 1 } }, [1, double(2), 3, 'a']],
      [{ $sortArray: { input: [{ n: 1 }, { n: 2 }], sortBy: { n: -1 } } }, [{ n: 2 }, { n: 1 }]],
      [{ $arrayToObject: [[pair('a', 1), pair('b', 2)]] }, { a: 1, b: 2 }],
      [{ $arrayToObject: { $literal: [['a', 1]] } }, { a: 1 }],
      [{ $objectToArray: { a: 1 } }, [pair('a', 1)]],
      [{ $objectToArray: null }, null],
      [{ $filter: { input: [1, 'a', 3], cond: { $isNumber: '$$this' } } }, [1, 3]],
      [{ $filter: { input: [1, 2, 3], as: 'n', cond: { $gte: ['$$n', 2] }, limit: 1 } }, [2]],
      [{ $map: { input: [1, 2], as: 'n', in: { $add: ['$$n', '$a'] } } }, [11, 12], { a: 10 }],
      [{ $map: { input: [1, { a: 1 }], in: '$$this.a' } }, [null, 1]],
      [
        {
          $map: {
            input: [[1, 2], [3]],
            as: 'row',
            in: { $map: { input: '$$row', in: { $multiply: ['$$this', { $size: '$$row' }] } } },
          },
        },
        [[2, 4], [3]],
      ],
      [{ $reduce: { input: [1, 2, 3], initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, 6],
      [{ $reduce: { input: null, initialValue: 0, in: 1 } }, null],
      [{ $let: { vars: { low: 1, high: '$$ROOT.a' }, in: { $lt: ['$$low', '$$high'] } } }, true, { a: 2 }],
      [{ $let: { vars: { a: 1 }, in: { $let: { vars: { a: 2, b: '$$a' }, in: ['$$a', '$$b'] } } } }, [2, 1]],
    ]),
  ).toEqual([]);
});

test('[DB50] sets have neither order nor repetition', () => {
  expect(
    disagreements([
      [{ $setUnion: [['b', 'a', 'b'], ['c']] }, ['a', 'b', 'c']],
      [{ $setUnion: [[1], [double(1)]] }, [1]],
      [
        {
          $setIntersection: [
            [3, 1, 2],
            [2, 3],
          ],
        },
        [2, 3],
      ],
      [{ $setIntersection: [] }, []],
      [{ $setDifference: [[3, 1, 1, 2], [2]] }, [3, 1]],
      [
        {
          $setEquals: [
            [1, 2],
            [2, 1, 1],
          ],
        },
        true,
      ],
      [{ $setIsSubset: [['a'], ['b', 'a']] }, true],
      [{ $setIsSubset: [[['a']], ['a']] }, false],
      [{ $anyElementTrue: [[0, false, null]] }, false],
      [{ $allElementsTrue: [[]] }, true],
      [{ $setUnion: [[1], null] }, null],
    ]),
  ).toEqual([]);
});

test('[DB50] statistics over lists', () => {
  expect(
    disagreements([
      [{ $sum: '$a' }, 6, { a: [1, 2, 'x', 3] }],
      [{ $sum: ['$a', 2] }, 2, { a: [1] }],
      [{ $sum: [0.1, 0.2, 0.3] }, 0.6],
      [{ $sum: [2147483647, 1] }, Long.fromString('2147483648')],
      [{ $sum: [1, Decimal128.fromString('0.5')] }, Decimal128.fromString('1.5')],
      [{ $avg: '$a' }, 2.5, { a: [1, 4, null] }],
      [{ $avg: [] }, null],
      [{ $min: [3, null, 1] }, 1],
      [{ $max: '$a' }, 'x', { a: [1, 'x'] }],
      [{ $max: ['$missing'] }, null],
      [{ $stdDevPop: [1, 2, 3, 4] }, Math.sqrt(1.25)],
      [{ $stdDevSamp: [5] }, null],
      [{ $firstN: { n: 2, input: [1, 2, 3] } }, [1, 2]],
      [{ $lastN: { n: 2, input: [1, 2, 3] } }, [2, 3]],
      [{ $minN: { n: 2, input: [3, null, 1, 2] } }, [1, 2]],
      [{ $maxN: { n: 5, input: [3, 1] } }, [3, 1]],
    ]),
  ).toEqual([]);
});

test('[DB50] documents and the nature of values', () => {
  expect(
    disagreements([
      [{ $mergeObjects: [{ a: 1, b: 2 }, null, { b: 3 }] }, { a: 1, b: 3 }],
      [{ $mergeObjects: '$a' }, { x: 1, y: 2 }, { a: [{ x: 1 }, { y: 2 }] }],
      [{ $getField: 'a.b' }, 5, { 'a.b': 5 }],
      [{ $getField: { field: { $literal: '$p' }, input: '$o' } }, 1, { o: { $p: 1 } }],
      [{ $getField: { field: 'x', input: 5 } }, undefined],
      [{ $getField: { field: 'x', input: null } }, null],
      [{ $setField: { field: 'a.b', input: '$$ROOT', value: 1 } }, { x: 0, 'a.b': 1 }, { x: 0 }],
      [{ $setField: { field: 'x', input: '$$ROOT', value: '$$REMOVE' } }, {}, { x: 0 }],
      [{ $unsetField: { field: 'x', input: { x: 1, y: 2 } } }, { y: 2 }],
      [{ $type: '$missing' }, 'missing'],
      [{ $type: [[1]] }, 'array'],
      [{ $isNumber: Decimal128.fromString('1') }, true],
      [{ $bsonSize: { a: 1 } }, 12],
      [{ $binarySize: 'é' }, 2],
      [{ $binarySize: new Binary(Buffer.from('abc')) }, 3],
      [{ $tsSecond: new Timestamp({ t: 7, i: 3 }) }, Long.fromNumber(7)],
      [{ a: '$x', b: { c: '$missing' }, d: ['$missing'] }, { a: 1, b: {}, d: [null] }, { x: 1 }],
    ]),
  ).toEqual([]);
});

test('[DB50] wrong arrays and documents are refused with their codes', () => {
  expect(
    wrongCodes([
      [{ $size: '$missing' }, 17124],
      [{ $in: [1, 2] }, 40081],
      [{ $arrayElemAt: [1, 1] }, 28689],
      [{ $arrayElemAt: [[1], 'x'] }, 28690],
      [{ $arrayElemAt: [[1], 1.5] }, 28691],
      [{ $first: 1 }, 28689],
      [{ $slice: [1, 1] }, 28724],
      [{ $slice: [[1], 1, 0] }, 28729],
      [{ $concatArrays: [[1], 1] }, 28664],
      [{ $reverseArray: 1 }, 34435],
      [{ $range: ['a', 1] }, 34443],
      [{ $range: [0, 1.5] }, 34446],
      [{ $range: [0, 1, 0] }, 34449],
      [{ $range: [0, 2000000000] }, 146],
      [{ $zip: { inputs: [] } }, 34465],
      [{ $zip: { inputs: [[1]], defaults: [1] } }, 34466],
      [{ $zip: { inputs: [1] } }, 34468],
      [{ $sortArray: { input: 1, sortBy: 1 } }, 2942504],
      [{ $arrayToObject: 1 }, 40386],
      [{ $arrayToObject: [[1]] }, 40398],
      [{ $arrayToObject: { $literal: [['a']] } }, 40397],
      [{ $arrayToObject: { $literal: [[1, 1]] } }, 40395],
      [{ $arrayToObject: { $literal: [{ k: 'a' }] } }, 40392],
      [{ $objectToArray: 1 }, 40390],
      [{ $filter: { input: 1, cond: true } }, 28651],
      [{ $filter: { input: [1] } }, 28650],
      [{ $filter: { input: [1], cond: true, limit: 0 } }, 327392],
      [{ $map: { input: 1, in: 1 } }, 16883],
      [{ $map: { input: [1], as: 'A', in: 1 } }, 16867],
      [{ $map: { input: [1] } }, 16882],
      [{ $reduce: { input: 1, initialValue: 0, in: 1 } }, 40080],
      [{ $let: { vars: {} } }, 16877],
      [{ $setUnion: [1] }, 17043],
      [{ $setDifference: [[1], 1] }, 17049],
      [{ $setEquals: [[1]] }, 17045],
      [{ $setIsSubset: [1, [1]] }, 17046],
      [{ $anyElementTrue: 'x' }, 17041],
      [{ $mergeObjects: [1] }, 40400],
      [{ $getField: 5 }, 3041704],
      [{ $setField: { field: '$a', input: {}, value: 1 } }, 4161108],
      [{ $setField: { field: 'a', input: 1, value: 1 } }, 4161105],
      [{ $bsonSize: 1 }, 31393],
      [{ $binarySize: 1 }, 51276],
      [{ $firstN: { n: 0, input: [1] } }, 5787908],
      [{ $firstN: { n: 1, input: 1 } }, 5788200],
    ]),
  ).toEqual([]);
});
