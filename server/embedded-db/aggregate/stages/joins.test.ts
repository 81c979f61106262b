// Stages that join collections or run several pipelines, case by case, as the MongoDB manual documents their results.
import { Long } from 'bson';
import { describe, expect, test } from 'vitest';
import { aggregated, documents, pipelineCode } from '../../test-support/pipeline-cases.ts';

const orders = [
  { _id: 1, item: 'almonds', price: 12, quantity: 2 },
  { _id: 2, item: 'pecans', price: 20, quantity: 1 },
  { _id: 3 },
];
const inventory = [
  { _id: 1, sku: 'almonds', instock: 120 },
  { _id: 2, sku: 'bread', instock: 80 },
  { _id: 3, sku: 'cashews', instock: 60 },
  { _id: 4, sku: 'pecans', instock: 70 },
  { _id: 5, sku: null },
  { _id: 6 },
];

describe('$lookup', () => {
  test('[DB51] by two fields: arrays match by their elements, missing fields match null', () => {
    const joined = aggregated(
      [
        { $lookup: { from: 'inventory', localField: 'item', foreignField: 'sku', as: 'docs.found' } },
        { $project: { ids: '$docs.found._id' } },
      ],
      { c: [...orders, { _id: 4, item: ['bread', 'cashews'] }, { _id: 5, item: [] }], inventory },
    );
    expect(joined).toEqual(
      documents(
        { _id: 1, ids: [1] },
        { _id: 2, ids: [4] },
        { _id: 3, ids: [5, 6] },
        { _id: 4, ids: [2, 3] },
        { _id: 5, ids: [] },
      ),
    );
  });

  test('[DB51] by a pipeline with variables, also besides two fields', () => {
    const enough = { $gte: ['$instock', { $multiply: ['$$wanted', 60] }] };
    const same = { $eq: ['$sku', '$$item'] };
    const vars = { item: '$item', wanted: '$quantity' };
    const correlated = aggregated(
      [
        {
          $lookup: {
            from: 'inventory',
            let: vars,
            pipeline: [
              { $match: { $expr: { $and: [same, enough] } } },
              { $project: { _id: 0, instock: 1, for: '$$item' } },
            ],
            as: 'stock',
          },
        },
        { $project: { stock: 1 } },
      ],
      { c: orders.slice(0, 2), inventory },
    );
    expect(correlated).toEqual(
      documents(
        { _id: 1, stock: [{ instock: 120, for: 'almonds' }] },
        { _id: 2, stock: [{ instock: 70, for: 'pecans' }] },
      ),
    );
    const concise = aggregated(
      [
        {
          $lookup: {
            from: 'inventory',
            localField: 'item',
            foreignField: 'sku',
            let: { at: '$price' },
            pipeline: [{ $skip: 0 }, { $match: { $expr: { $gt: ['$$at', 15] } } }],
            as: 'stock',
          },
        },
        { $project: { n: { $size: '$stock' } } },
      ],
      { c: orders.slice(0, 2), inventory },
    );
    expect(concise).toEqual(documents({ _id: 1, n: 0 }, { _id: 2, n: 1 }));
  });

  test('[DB51] inner pipelines run anew for each document, also $skip, $limit and nested joins', () => {
    const nested = aggregated(
      [
        {
          $lookup: {
            from: 'inventory',
            let: { n: '$_id' },
            pipeline: [
              { $sort: { _id: 1 } },
              { $skip: 1 },
              { $limit: 2 },
              {
                $lookup: {
                  from: 'c',
                  let: { m: '$_id' },
                  pipeline: [{ $match: { $expr: { $eq: ['$_id', { $add: ['$$n', '$$m'] }] } } }],
                  as: 'sum',
                },
              },
              { $project: { _id: 1, sum: { $size: '$sum' } } },
            ],
            as: 'x',
          },
        },
        { $project: { x: 1 } },
      ],
      { c: orders.slice(0, 2), inventory },
    );
    const second = [
      { _id: 2, sum: 0 },
      { _id: 3, sum: 0 },
    ];
    expect(nested).toEqual(documents({ _id: 1, x: second }, { _id: 2, x: second }));
  });

  test('[DB51] wrong joins are refused', () => {
    expect(pipelineCode([{ $lookup: { from: 'x', as: 'y' } }])).toBe(9);
    expect(pipelineCode([{ $lookup: { from: 'x', localField: 'a', as: 'y' } }])).toBe(9);
    expect(pipelineCode([{ $lookup: { from: 'x', localField: 'a', foreignField: 'b' } }])).toBe(9);
    expect(pipelineCode([{ $lookup: { from: 'x', pipeline: [{ $out: 'y' }], as: 'y' } }])).toBe(51047);
    expect(pipelineCode([{ $lookup: { from: 'x', pipeline: [{ $nothing: 1 }], as: 'y' } }])).toBe(40324);
    expect(pipelineCode([{ $lookup: { from: 'x', let: { A: 1 }, pipeline: [], as: 'y' } }])).toBe(16867);
  });
});

describe('several pipelines', () => {
  const c = [1, 2, 3, 4].map((_id) => ({ _id, odd: _id % 2 === 1 }));

  test('[DB51] $facet runs its pipelines over the same input', () => {
    const pipeline = [
      { $match: { _id: { $gt: 1 } } },
      {
        $facet: {
          all: [],
          first: [{ $limit: 1 }],
          sorted: [{ $sort: { _id: -1 } }, { $project: { _id: 1 } }],
          count: [{ $match: { odd: true } }, { $count: 'n' }],
          joined: [
            { $lookup: { from: 'c', localField: '_id', foreignField: '_id', as: 'x' } },
            { $project: { x: { $size: '$x' } } },
          ],
        },
      },
    ];
    expect(aggregated(pipeline, { c })).toEqual(
      documents({
        all: c.slice(1),
        first: [c[1]],
        sorted: [{ _id: 4 }, { _id: 3 }, { _id: 2 }],
        count: [{ n: 1 }],
        joined: [
          { _id: 2, x: 1 },
          { _id: 3, x: 1 },
          { _id: 4, x: 1 },
        ],
      }),
    );
    expect(pipelineCode([{ $facet: {} }])).toBe(40169);
    expect(pipelineCode([{ $facet: { a: [{ $facet: { b: [] } }] } }])).toBe(40600);
    expect(pipelineCode([{ $facet: { a: [{ $out: 'x' }] } }])).toBe(40600);
  });

  test('[DB51] $unionWith appends another collection', () => {
    const d = [{ _id: 9, odd: true }];
    expect(aggregated([{ $unionWith: 'd' }, { $count: 'n' }], { c, d })).toEqual(documents({ n: 5 }));
    const pipeline = [
      { $limit: 1 },
      { $unionWith: { coll: 'd', pipeline: [{ $project: { odd: 1, _id: 0 } }] } },
    ];
    expect(aggregated(pipeline, { c, d })).toEqual(documents({ _id: 1, odd: true }, { odd: true }));
  });

  test('[DB51] $graphLookup follows references and tells the depth', () => {
    const employees = [
      { _id: 1, name: 'Dev' },
      { _id: 2, name: 'Eliot', reportsTo: 'Dev' },
      { _id: 3, name: 'Ron', reportsTo: 'Eliot' },
      { _id: 4, name: 'Asya', reportsTo: 'Ron' },
      { _id: 5, name: 'Loop', reportsTo: 'Loop' },
    ];
    const graph = {
      from: 'c',
      startWith: '$reportsTo',
      connectFromField: 'reportsTo',
      connectToField: 'name',
      as: 'chain',
    };
    const found = aggregated(
      [
        { $match: { _id: { $gte: 4 } } },
        { $graphLookup: { ...graph, depthField: 'depth' } },
        { $project: { chain: { $map: { input: '$chain', in: ['$$this.name', '$$this.depth'] } } } },
      ],
      { c: employees },
    );
    expect(found).toEqual(
      documents(
        {
          _id: 4,
          chain: [
            ['Ron', Long.ZERO],
            ['Eliot', Long.ONE],
            ['Dev', Long.fromNumber(2)],
          ],
        },
        { _id: 5, chain: [['Loop', Long.ZERO]] },
      ),
    );
    const bounded = aggregated(
      [
        { $match: { _id: 4 } },
        { $graphLookup: { ...graph, maxDepth: 1, restrictSearchWithMatch: { name: { $ne: 'Eliot' } } } },
        { $project: { names: '$chain.name' } },
      ],
      { c: employees },
    );
    expect(bounded).toEqual(documents({ _id: 4, names: ['Ron'] }));
  });
});
