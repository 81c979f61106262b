// What pipelines may keep in memory.
import { expect, test } from 'vitest';
import { aggregated, pipelineCode } from '../test-support/pipeline-cases.ts';

const TEN_MEGABYTES = 'x'.repeat(10 * 1024 * 1024);
const c = Array.from({ length: 12 }, (_, _id) => ({ _id, all: 1 }));

/** The code a pipeline over twelve documents with ten megabytes each ends with. */
function codeOf(...pipeline: object[]): number {
  const large = { $set: { big: { $concat: [TEN_MEGABYTES, { $toString: '$_id' }] } } };
  return pipelineCode([large, ...pipeline], { c });
}

test('[DB53] stages that a server could let spill end with 292', () => {
  expect(codeOf({ $sort: { big: 1 } })).toBe(292);
  expect(codeOf({ $group: { _id: '$big' } })).toBe(292);
  expect(codeOf({ $group: { _id: { $mod: ['$_id', 2] }, big: { $push: '$big' } } })).toBe(292);
  expect(codeOf({ $bucketAuto: { groupBy: '$_id', buckets: 2 } })).toBe(292);
});

test('[DB53] accumulators and joins that no server lets spill end with their own codes', () => {
  expect(codeOf({ $group: { _id: null, big: { $push: '$big' } } })).toBe(146);
  expect(codeOf({ $group: { _id: null, big: { $addToSet: '$big' } } })).toBe(146);
  expect(codeOf({ $group: { _id: null, big: { $lastN: { input: '$big', n: 20 } } } })).toBe(146);
  expect(codeOf({ $facet: { all: [] } })).toBe(4031700);
  const join = { from: 'd', localField: 'all', foreignField: 'all', as: 'found' };
  const d = c.map((each) => ({ ...each, big: TEN_MEGABYTES }));
  expect(pipelineCode([{ $limit: 1 }, { $lookup: join }], { c, d })).toBe(4568);
  const graph = { from: 'd', startWith: '$all', connectFromField: '_id', connectToField: 'all', as: 'found' };
  expect(pipelineCode([{ $limit: 1 }, { $graphLookup: graph }], { c, d })).toBe(40099);
});

test('[DB53] what is let go counts no more', () => {
  const large = { $set: { big: { $concat: [TEN_MEGABYTES, { $toString: '$_id' }] } } };
  const many = Array.from({ length: 60 }, (_, _id) => ({ _id }));
  const pipeline = [
    large,
    {
      $group: {
        _id: null,
        first: { $firstN: { input: '$big', n: 1 } },
        least: { $minN: { input: '$_id', n: 1 } },
      },
    },
    { $project: { n: { $size: '$first' }, least: 1 } },
  ];
  expect(aggregated(pipeline, { c: many })).toHaveLength(1);
  expect(
    aggregated([{ $sort: { _id: -1 } }, { $limit: 2 }, large, { $count: 'n' }], { c: many }),
  ).toHaveLength(1);
});
