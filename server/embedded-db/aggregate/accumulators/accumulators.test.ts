// Accumulators, case by case, as the MongoDB manual documents their results.
import { Decimal128, Double, Long } from 'bson';
import { expect, test } from 'vitest';
import { aggregated, documents, pipelineCode } from '../../test-support/pipeline-cases.ts';

const scores = [
  { _id: 1, game: 'G1', player: 'A', score: 31 },
  { _id: 2, game: 'G1', player: 'B', score: 33 },
  { _id: 3, game: 'G2', player: 'C', score: 99 },
  { _id: 4, game: 'G1', player: 'D', score: 1 },
  { _id: 5, game: 'G2', player: 'E' },
];

function group(fields: object, c: readonly object[] = scores): unknown[] {
  return aggregated([{ $group: { _id: '$game', ...fields } }], { c });
}

test('[DB52] places, extremes and orders of their own', () => {
  expect(
    group({
      first: { $first: '$player' },
      last: { $last: '$score' },
      two: { $firstN: { input: '$score', n: 2 } },
      end: { $lastN: { input: '$score', n: 2 } },
      least: { $minN: { input: '$score', n: 2 } },
      most: { $maxN: { input: '$score', n: 1 } },
      top: { $top: { output: ['$player', '$score'], sortBy: { score: -1 } } },
      bottom: { $bottomN: { output: '$player', sortBy: { score: -1 }, n: 2 } },
    }),
  ).toEqual(
    documents(
      {
        _id: 'G1',
        first: 'A',
        last: 1,
        two: [31, 33],
        end: [33, 1],
        least: [1, 31],
        most: [33],
        top: ['B', 33],
        bottom: ['A', 'D'],
      },
      {
        _id: 'G2',
        first: 'C',
        last: null,
        two: [99, null],
        end: [99, null],
        least: [99],
        most: [99],
        top: ['C', 99],
        bottom: ['C', 'E'],
      },
    ),
  );
});

test('[DB52] the number of values may depend on the group', () => {
  const pipeline = [
    {
      $group: {
        _id: { game: '$game' },
        s: { $maxN: { input: '$score', n: { $cond: [{ $eq: ['$game', 'G2'] }, 1, 3] } } },
      },
    },
  ];
  expect(aggregated(pipeline, { c: scores })).toEqual(
    documents({ _id: { game: 'G1' }, s: [33, 31, 1] }, { _id: { game: 'G2' }, s: [99] }),
  );
});

test('[DB52] sums are exact: whole numbers, doubles with their errors, decimals', () => {
  const sum = (...values: unknown[]) =>
    aggregated([{ $group: { _id: null, s: { $sum: '$v' } } }], { c: values.map((v) => ({ v })) });
  expect(sum(...Array.from({ length: 10 }, () => 0.1))).toEqual(documents({ _id: null, s: new Double(1) }));
  expect(sum(1e100, 1, -1e100)).toEqual(documents({ _id: null, s: new Double(1) }));
  expect(sum(2147483647, 1)).toEqual(documents({ _id: null, s: Long.fromString('2147483648') }));
  expect(sum(Long.MAX_VALUE, Long.ONE, Long.fromNumber(-1))).toEqual(
    documents({ _id: null, s: Long.MAX_VALUE }),
  );
  expect(sum(Long.MAX_VALUE, Long.MAX_VALUE)).toEqual(documents({ _id: null, s: new Double(2 ** 64) }));
  expect(sum(Decimal128.fromString('0.10'), 1, 'x', null)).toEqual(
    documents({ _id: null, s: Decimal128.fromString('1.10') }),
  );
  expect(sum(Number.POSITIVE_INFINITY, 1)).toEqual(documents({ _id: null, s: Number.POSITIVE_INFINITY }));
  expect(sum('x')).toEqual(documents({ _id: null, s: 0 }));
});

test('[DB52] averages, deviations, medians, sets and merged documents', () => {
  const c = [1, 2, 3, 4].map((v) => ({ v, o: { [`k${v % 2}`]: v } }));
  const pipeline = [
    {
      $group: {
        _id: null,
        avg: { $avg: '$v' },
        pop: { $stdDevPop: '$v' },
        samp: { $stdDevSamp: '$nothing' },
        median: { $median: { input: '$v', method: 'approximate' } },
        p: { $percentile: { input: '$v', p: [0.25, 1], method: 'approximate' } },
        n: { $count: {} },
        o: { $mergeObjects: '$o' },
        push: { $push: '$nothing' },
        set: { $addToSet: { $mod: ['$v', 2] } },
      },
    },
  ];
  expect(aggregated(pipeline, { c })).toEqual(
    documents({
      _id: null,
      avg: 2.5,
      pop: Math.sqrt(1.25),
      samp: null,
      median: new Double(2),
      p: [new Double(1), new Double(4)],
      n: 4,
      o: { k1: 3, k0: 4 },
      push: [],
      set: [1, 0],
    }),
  );
});

test('[DB52] numbers of different types are one group, missing ids are null', () => {
  const c = [{ k: 1 }, { k: new Double(1) }, { k: Long.ONE }, {}, { k: null }];
  expect(aggregated([{ $group: { _id: '$k', n: { $sum: 1 } } }], { c })).toEqual(
    documents({ _id: 1, n: 3 }, { _id: null, n: 2 }),
  );
});

test('[DB52] wrong groups are refused with their codes', () => {
  const code = (fields: object) => pipelineCode([{ $group: { _id: 1, ...fields } }]);
  expect(code({ a: 1 })).toBe(40234);
  expect(code({ a: { $sum: 1, $avg: 1 } })).toBe(40238);
  expect(code({ a: { $nothing: 1 } })).toBe(15952);
  expect(code({ 'a.b': { $sum: 1 } })).toBe(40235);
  expect(code({ $a: { $sum: 1 } })).toBe(40236);
  expect(code({ a: { $accumulator: {} } })).toBe(115);
  expect(code({ a: { $firstN: { input: 1, n: 0 } } })).toBe(5787908);
  expect(code({ a: { $top: { output: 1 } } })).toBe(5788005);
  expect(code({ a: { $count: 1 } })).toBe(9);
  expect(pipelineCode([{ $group: { a: { $sum: 1 } } }])).toBe(15955);
  expect(pipelineCode([{ $group: 1 }])).toBe(15947);
});
