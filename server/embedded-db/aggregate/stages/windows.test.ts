// $setWindowFields, case by case, as the MongoDB manual documents its results.
import { Double } from 'bson';
import { expect, test } from 'vitest';
import { aggregated, documents, pipelineCode } from '../../test-support/pipeline-cases.ts';

const sales = [
  { _id: 0, state: 'CA', at: new Date('2020-05-18T00:00:00Z'), quantity: 120 },
  { _id: 1, state: 'WA', at: new Date('2020-01-08T00:00:00Z'), quantity: 140 },
  { _id: 2, state: 'CA', at: new Date('2019-05-18T00:00:00Z'), quantity: 162 },
  { _id: 3, state: 'WA', at: new Date('2020-03-08T00:00:00Z'), quantity: 134 },
  { _id: 4, state: 'CA', at: new Date('2020-06-01T00:00:00Z'), quantity: 162 },
];

function windowed(fields: object, kept: readonly string[], c: readonly object[] = sales): unknown[] {
  const keep = Object.fromEntries(kept.map((name) => [name, 1]));
  return aggregated([{ $setWindowFields: fields }, { $project: keep }], { c });
}

test('[DB51] sums and averages over windows of documents', () => {
  const output = {
    total: { $sum: '$quantity', window: { documents: ['unbounded', 'current'] } },
    near: { $avg: '$quantity', window: { documents: [-1, 0] } },
    'all.max': { $max: '$quantity' },
    ids: { $push: '$_id', window: { documents: [0, 1] } },
  };
  const found = windowed({ partitionBy: '$state', sortBy: { at: 1 }, output }, [
    'total',
    'near',
    'all',
    'ids',
  ]);
  expect(found).toEqual(
    documents(
      { _id: 2, total: 162, near: new Double(162), all: { max: 162 }, ids: [2, 0] },
      { _id: 0, total: 282, near: new Double(141), all: { max: 162 }, ids: [0, 4] },
      { _id: 4, total: 444, near: new Double(141), all: { max: 162 }, ids: [4] },
      { _id: 1, total: 140, near: new Double(140), all: { max: 140 }, ids: [1, 3] },
      { _id: 3, total: 274, near: new Double(137), all: { max: 140 }, ids: [3] },
    ),
  );
});

test('[DB51] ranks and shifts', () => {
  const output = {
    rank: { $rank: {} },
    dense: { $denseRank: {} },
    number: { $documentNumber: {} },
    next: { $shift: { output: '$quantity', by: 1, default: 'none' } },
  };
  const found = windowed({ sortBy: { quantity: -1 }, output }, ['rank', 'dense', 'number', 'next']);
  expect(found).toEqual(
    documents(
      { _id: 2, rank: 1, dense: 1, number: 1, next: 162 },
      { _id: 4, rank: 1, dense: 1, number: 2, next: 140 },
      { _id: 1, rank: 3, dense: 2, number: 3, next: 134 },
      { _id: 3, rank: 4, dense: 3, number: 4, next: 120 },
      { _id: 0, rank: 5, dense: 4, number: 5, next: 'none' },
    ),
  );
});

test('[DB51] windows of values and of time', () => {
  const c = [1, 2, 2, 5, 6].map((n, _id) => ({ _id, n }));
  const near = { $sum: 1, window: { range: [-1, 0] } };
  expect(windowed({ sortBy: { n: 1 }, output: { near } }, ['near'], c)).toEqual(
    documents(...[1, 3, 3, 1, 2].map((count, _id) => ({ _id, near: count }))),
  );
  const recent = { $push: '$_id', window: { range: ['unbounded', -2], unit: 'month' } };
  expect(windowed({ sortBy: { at: 1 }, output: { recent } }, ['recent'])).toEqual(
    documents(
      { _id: 2, recent: [] },
      { _id: 1, recent: [2] },
      { _id: 3, recent: [2, 1] },
      { _id: 0, recent: [2, 1, 3] },
      { _id: 4, recent: [2, 1, 3] },
    ),
  );
});

test('[DB51] wrong windows are refused', () => {
  const code = (fields: object) => pipelineCode([{ $setWindowFields: fields }], { c: sales });
  const sum = (window: object) => ({ output: { s: { $sum: 1, window } } });
  expect(code({ output: { r: { $rank: {} } } })).toBe(5371602);
  expect(code(sum({ documents: [-1, 0] }))).toBe(5339901);
  expect(code({ sortBy: { at: 1 }, ...sum({ documents: [1, 0] }) })).toBe(5339900);
  expect(code({ sortBy: { at: 1 }, ...sum({ documents: [0.5, 1] }) })).toBe(9);
  expect(code({ sortBy: { at: 1, _id: 1 }, ...sum({ range: [0, 1] }) })).toBe(5339902);
  expect(code({ sortBy: { at: 1 }, ...sum({ range: [0, 1] }) })).toBe(5429414);
  expect(code({ partitionBy: ['$state'], output: {} })).toBe(14);
  expect(code({ output: { x: { $derivative: {} } } })).toBe(115);
  expect(code({ sortBy: { at: 1 } })).toBe(40414);
});
