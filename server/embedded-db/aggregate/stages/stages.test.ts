// Stages, case by case, as the MongoDB manual documents their results.
import { Double, Long } from 'bson';
import { describe, expect, test } from 'vitest';
import { aggregated, documents, pipelineCode } from '../../test-support/pipeline-cases.ts';

describe('groups of a fixed form', () => {
  const artists = [1832, 1853, 1868, 1877, 1863, 1840].map((born, _id) => ({ _id, born }));

  test('[DB51] $bucket and $sortByCount', () => {
    const bucket = { groupBy: '$born', boundaries: [1840, 1850, 1860, 1870], default: 'Other' };
    expect(aggregated([{ $bucket: bucket }], { c: artists })).toEqual(
      documents(
        { _id: 1840, count: 1 },
        { _id: 1850, count: 1 },
        { _id: 1860, count: 2 },
        { _id: 'Other', count: 2 },
      ),
    );
    const output = { ids: { $push: '$_id' } };
    expect(
      aggregated([{ $match: { _id: { $in: [2, 4] } } }, { $bucket: { ...bucket, output } }], { c: artists }),
    ).toEqual(documents({ _id: 1860, ids: [2, 4] }));
    const decade = { $multiply: [10, { $floor: { $divide: ['$born', 10] } }] };
    expect(aggregated([{ $sortByCount: decade }, { $limit: 1 }], { c: artists })).toEqual(
      documents({ _id: new Double(1860), count: 2 }),
    );
    const { default: _, ...strict } = bucket;
    expect(pipelineCode([{ $bucket: strict }], { c: artists })).toBe(40066);
    expect(pipelineCode([{ $bucket: { ...bucket, boundaries: [2, 1] } }])).toBe(40194);
    expect(pipelineCode([{ $bucket: { ...bucket, boundaries: [1, 'a'] } }])).toBe(40193);
    expect(pipelineCode([{ $bucket: { ...bucket, default: 1845 } }])).toBe(40199);
    expect(pipelineCode([{ $bucket: { boundaries: [1, 2] } }])).toBe(40198);
  });

  test('[DB51] $bucketAuto spreads evenly and keeps equal values together', () => {
    const c = [1, 2, 2, 2, 5, 6].map((n, _id) => ({ _id, n }));
    expect(aggregated([{ $bucketAuto: { groupBy: '$n', buckets: 3 } }], { c })).toEqual(
      documents({ _id: { min: 1, max: 5 }, count: 4 }, { _id: { min: 5, max: 6 }, count: 2 }),
    );
    expect(
      aggregated(
        [{ $bucketAuto: { groupBy: '$n', buckets: 20, output: { s: { $sum: '$n' } } } }, { $count: 'n' }],
        { c },
      ),
    ).toEqual(documents({ n: 4 }));
    expect(aggregated([{ $bucketAuto: { groupBy: '$n', buckets: 2 } }], { c: [] })).toEqual([]);
    expect(pipelineCode([{ $bucketAuto: { groupBy: '$n', buckets: 0 } }])).toBe(40243);
  });
});

describe('each document by itself', () => {
  test('[DB51] $redact keeps, prunes and descends', () => {
    const c = [
      { _id: 1, tags: ['G'], sub: [{ tags: ['G'], n: 1 }, { tags: ['X'], n: 2 }, 7], other: { tags: ['X'] } },
      { _id: 2, tags: ['X'] },
    ];
    const pipeline = [
      {
        $redact: {
          $cond: [{ $gt: [{ $size: { $setIntersection: ['$tags', ['G']] } }, 0] }, '$$DESCEND', '$$PRUNE'],
        },
      },
    ];
    expect(aggregated(pipeline, { c })).toEqual(
      documents({ _id: 1, tags: ['G'], sub: [{ tags: ['G'], n: 1 }, 7] }),
    );
    expect(aggregated([{ $redact: '$$KEEP' }, { $count: 'n' }], { c })).toEqual(documents({ n: 2 }));
    expect(pipelineCode([{ $redact: 'keep it' }])).toBe(17053);
    expect(pipelineCode([{ $project: { a: '$$KEEP' } }])).toBe(17276);
  });

  test('[DB51] fields are set, unset and replaced', () => {
    const c = [{ _id: 1, a: { b: 1 }, list: [{ n: 1 }, 5], x: 0 }];
    expect(aggregated([{ $addFields: { 'a.c': '$x', 'list.m': 1, x: '$$REMOVE', y: '$x' } }], { c })).toEqual(
      documents({ _id: 1, a: { b: 1, c: 0 }, list: [{ n: 1, m: 1 }, { m: 1 }], y: 0 }),
    );
    expect(aggregated([{ $unset: ['a.b', 'list.n'] }], { c })).toEqual(
      documents({ _id: 1, a: {}, list: [{}, 5], x: 0 }),
    );
    expect(aggregated([{ $replaceRoot: { newRoot: { $mergeObjects: ['$a', { z: 1 }] } } }], { c })).toEqual(
      documents({ b: 1, z: 1 }),
    );
    expect(pipelineCode([{ $replaceWith: '$nothing' }])).toBe(40228);
    expect(pipelineCode([{ $set: { a: 1, 'a.b': 1 } }])).toBe(40176);
    expect(pipelineCode([{ $unset: [] }])).toBe(31119);
  });

  test('[DB51] $unwind in all its forms', () => {
    const c = [{ _id: 1, a: [7, 8] }, { _id: 2, a: [] }, { _id: 3, a: 5 }, { _id: 4 }];
    const long = { path: '$a', includeArrayIndex: 'i', preserveNullAndEmptyArrays: true };
    expect(aggregated([{ $unwind: '$a' }], { c })).toEqual(
      documents({ _id: 1, a: 7 }, { _id: 1, a: 8 }, { _id: 3, a: 5 }),
    );
    expect(aggregated([{ $unwind: long }], { c })).toEqual(
      documents(
        { _id: 1, a: 7, i: Long.ZERO },
        { _id: 1, a: 8, i: Long.ONE },
        { _id: 2, i: null },
        { _id: 3, a: 5, i: null },
        { _id: 4, i: null },
      ),
    );
    expect(pipelineCode([{ $unwind: 'a' }])).toBe(28818);
    expect(pipelineCode([{ $unwind: { path: '$a', other: 1 } }])).toBe(28811);
  });

  test('[DB51] amounts, order and variables', () => {
    const c = Array.from({ length: 50 }, (_, _id) => ({ _id, n: _id % 5 }));
    const ids = aggregated(
      [{ $project: { n: 1 } }, { $sort: { n: -1, _id: 1 } }, { $skip: 1 }, { $limit: 2 }],
      { c },
    );
    expect(ids).toEqual(documents({ _id: 9, n: 4 }, { _id: 14, n: 4 }));
    expect(
      new Set(aggregated([{ $sample: { size: 20 } }], { c }).map((each) => JSON.stringify(each))).size,
    ).toBe(20);
    expect(aggregated([{ $match: { $expr: { $eq: ['$_id', '$$wanted'] } } }], { c }, { wanted: 7 })).toEqual(
      documents({ _id: 7, n: 2 }),
    );
    expect(
      aggregated(
        [{ $limit: 1 }, { $project: { _id: 0, at: { $type: '$$NOW' }, t: { $type: '$$CLUSTER_TIME' } } }],
        { c },
      ),
    ).toEqual(documents({ at: 'date', t: 'timestamp' }));
    expect(pipelineCode([{ $limit: 0 }])).toBe(15958);
    expect(pipelineCode([{ $limit: -1 }])).toBe(5107201);
    expect(pipelineCode([{ $skip: -1 }])).toBe(5107200);
    expect(pipelineCode([{ $sort: {} }])).toBe(15976);
    expect(pipelineCode([{ $count: '' }])).toBe(40157);
    expect(pipelineCode([{ $sample: { size: -1 } }])).toBe(28747);
    expect(pipelineCode([{ $project: {} }])).toBe(51272);
    expect(pipelineCode([{ $out: 'x' }, { $limit: 1 }])).toBe(40601);
    expect(pipelineCode([{ $geoNear: {} }])).toBe(115);
    expect(pipelineCode([{ $limit: 1, $skip: 1 }])).toBe(40323);
  });
});
