// Random pipelines of one to four stages; groups and buckets are sorted behind, for their order is nobody's.
import { Double, Int32 } from 'bson';
import { chance, NAMES, pick, type Random, randomNamePath, some } from './random-documents.ts';
import { randomExpression, randomTest } from './random-expressions.ts';
import { randomFilter, randomSort } from './random-filters.ts';
import { type Doc, doc, isDoc, type Value } from './values.ts';

const STAGES = [
  'match',
  'match',
  'expr',
  'project',
  'project',
  'compute',
  'compute',
  'exclude',
  'addFields',
  'addFields',
  'group',
  'group',
  'group',
  'unwind',
  'unwind',
  'sort',
  'limit',
  'skip',
  'count',
  'lookup',
  'facet',
  'bucket',
  'sortByCount',
  'replace',
  'unset',
] as const;

/** A pipeline over documents in the order of `_id`. */
export function randomPipeline(random: Random, docs: readonly Doc[]): Doc {
  const stages = some(random, 1, 3, () => randomStages(random, docs, true)).flat();
  return new Map([['pipeline', [doc({ $sort: doc({ _id: new Int32(1) }) }), ...stages]]]);
}

/** An expression for a field: a bare document would be a nested specification. */
function computed(random: Random): Value {
  const found = randomExpression(random);
  const isPlain = isDoc(found) && ![...found.keys()][0]?.startsWith('$');
  return isPlain ? doc({ $mergeObjects: [found] }) : found;
}

/** Paths of which none is a part of another. */
function apart(paths: readonly string[]): string[] {
  return paths.reduce<string[]>((out, path) => {
    const clash = out.some(
      (other) => `${other}.`.startsWith(`${path}.`) || `${path}.`.startsWith(`${other}.`),
    );
    return clash ? out : out.concat(path);
  }, []);
}

function flags(random: Random, flag: number): Doc {
  const paths = apart(some(random, 1, 3, () => randomNamePath(random)));
  const out: Doc = new Map(paths.map((path) => [path, new Int32(flag)]));
  if (flag === 1 && chance(random, 0.2)) out.set('_id', new Int32(0));
  return out;
}

function randomStages(random: Random, docs: readonly Doc[], nested: boolean): Doc[] {
  const kind = pick(random, STAGES);
  switch (kind) {
    case 'match':
      return [doc({ $match: randomFilter(random, docs) })];
    case 'expr':
      return [doc({ $match: doc({ $expr: randomTest(random, 2) }) })];
    case 'project':
      return [doc({ $project: flags(random, 1) })];
    case 'exclude':
      return [doc({ $project: flags(random, 0) })];
    case 'compute':
      return [
        doc({
          $project: new Map([...flags(random, 1), ['x', computed(random)], ['y', computed(random)]]),
        }),
      ];
    case 'addFields': {
      const paths = apart(some(random, 1, 2, () => pick(random, ['x', 'y', 'a', 'a.b', 'b.x'])));
      return [
        doc({
          [pick(random, ['$addFields', '$set'])]: new Map(paths.map((path) => [path, computed(random)])),
        }),
      ];
    }
    case 'unset':
      return [doc({ $unset: apart(some(random, 1, 2, () => randomNamePath(random))) })];
    case 'sort':
      return [doc({ $sort: new Map(randomSort(random).map(([path, one]) => [path, new Int32(one)])) })];
    case 'limit':
      return [doc({ $limit: new Int32(pick(random, [1, 5, 20])) })];
    case 'skip':
      return [doc({ $skip: new Int32(pick(random, [0, 5, 20])) })];
    default:
      return randomBigStages(random, docs, kind, nested);
  }
}

function byId(): Doc {
  return doc({ $sort: doc({ _id: new Int32(1) }) });
}

function randomBigStages(random: Random, docs: readonly Doc[], kind: string, nested: boolean): Doc[] {
  switch (kind) {
    case 'group':
      return [doc({ $group: randomGroup(random) }), byId()];
    case 'unwind':
      return [doc({ $unwind: randomUnwind(random) })];
    case 'count':
      return [doc({ $count: 'n' })];
    case 'lookup':
      return randomLookup(random);
    case 'bucket':
      return [doc({ $bucket: randomBucket(random) })];
    case 'sortByCount':
      return [
        doc({ $sortByCount: pick<Value>(random, ['$a', '$b', doc({ $type: '$a' })]) }),
        doc({ $sort: doc({ count: new Int32(-1), _id: new Int32(1) }) }),
      ];
    case 'facet':
      if (!nested) return [doc({ $limit: new Int32(3) })];
      return [
        doc({
          $facet: new Map(
            some(random, 1, 2, () => [pick(random, ['p', 'q']), randomStages(random, docs, false)]),
          ),
        }),
      ];
    default:
      return [
        doc({
          $replaceRoot: doc({
            newRoot: doc({ $mergeObjects: ['$$ROOT', doc({ x: randomExpression(random) })] }),
          }),
        }),
      ];
  }
}

function randomGroup(random: Random): Doc {
  const id = pick<() => Value>(random, [
    () => null,
    () => '$a',
    () => '$b',
    () => doc({ $type: '$a' }),
    () => doc({ x: '$a', y: '$c' }),
    () => randomExpression(random, 1),
  ])();
  const out: Doc = new Map([['_id', id]]);
  for (const name of ['p', 'q', 'r'].slice(0, 1 + Math.floor(random() * 3)))
    out.set(name, randomAccumulator(random));
  return out;
}

function randomAccumulator(random: Random): Doc {
  const operator = pick(random, [
    '$sum',
    '$sum',
    '$avg',
    '$min',
    '$max',
    '$first',
    '$last',
    '$push',
    '$addToSet',
    '$count',
  ]);
  if (operator === '$count') return doc({ $count: new Map() });
  return doc({
    [operator]: chance(random, 0.7)
      ? pick(random, ['$a', '$b', '$c', '$a.b', '$_id'])
      : randomExpression(random, 1),
  });
}

function randomUnwind(random: Random): Value {
  const path = `$${pick(random, ['a', 'b', 'c', 'a.b', 'b.a'])}`;
  if (chance(random, 0.5)) return path;
  const out: Doc = doc({ path });
  if (chance(random, 0.6)) out.set('includeArrayIndex', 'at');
  if (chance(random, 0.6)) out.set('preserveNullAndEmptyArrays', chance(random, 0.8));
  return out;
}

/** An empty local array is left out: versions of the server differ about it. */
function randomLookup(random: Random): Doc[] {
  const localField = pick(random, [...NAMES, '_id']);
  const foreignField = pick(random, [...NAMES, '_id', 'a.b']);
  return [
    doc({ $match: doc({ [localField]: doc({ $ne: [] }) }) }),
    doc({ $lookup: doc({ from: 'others', localField, foreignField, as: pick(random, ['found', 'a']) }) }),
  ];
}

function randomBucket(random: Random): Doc {
  const out: Doc = doc({
    groupBy: pick(random, ['$a', '$b', '$_id']),
    boundaries: [new Int32(0), new Int32(2), new Double(10)],
  });
  if (chance(random, 0.95)) out.set('default', pick<Value>(random, ['rest', null, new Int32(-5)]));
  if (chance(random, 0.5)) out.set('output', doc({ n: randomAccumulator(random) }));
  return out;
}
