// Random filters and sorts, made from the documents they are asked of so that about half of them match something.
import { BSONRegExp, Double, Int32 } from 'bson';
import {
  chance,
  pick,
  type Random,
  randomNamePath,
  randomPath,
  randomScalar,
  randomValue,
  some,
  valueNear,
} from './random-documents.ts';
import type { SortPattern } from './sort.ts';
import { type Doc, doc, isDoc, isRegex, TYPE_NUMBERS, type Value } from './values.ts';

const RANGES = ['$gt', '$gte', '$lt', '$lte'] as const;

/** The conditions there are; repeated ones are more frequent. */
const CONDITIONS = [
  'equal',
  'equal',
  'eq',
  'ne',
  'range',
  'range',
  'between',
  'in',
  'in',
  'nin',
  'exists',
  'type',
  'mod',
  'size',
  'all',
  'elemValue',
  'elemDoc',
  'not',
  'regex',
] as const;

/** A condition on a path. */
function randomCondition(random: Random, docs: readonly Doc[], path: string, depth: number): Value {
  const near = () => valueNear(random, docs, path);
  switch (pick(random, CONDITIONS)) {
    case 'equal':
      return near();
    case 'eq':
      return doc({ $eq: near() });
    case 'ne':
      return doc({ $ne: near() });
    case 'range':
      return doc({ [pick(random, RANGES)]: near() });
    case 'between':
      return doc({ $gte: near(), $lte: near() });
    case 'in':
      return doc({ $in: some(random, chance(random, 0.05) ? 0 : 1, 4, near) });
    case 'nin':
      return doc({ $nin: some(random, 0, 3, near) });
    default:
      return randomShapeCondition(random, docs, path, depth);
  }
}

function randomShapeCondition(random: Random, docs: readonly Doc[], path: string, depth: number): Value {
  const near = () => valueNear(random, docs, path);
  switch (pick(random, CONDITIONS.slice(10))) {
    case 'exists':
      return doc({ $exists: chance(random, 0.6) });
    case 'type':
      return doc({ $type: randomType(random) });
    case 'mod':
      return doc({
        $mod: [
          pick(random, [new Int32(2), new Double(2.7), new Int32(-3), new Int32(0)]),
          new Int32(pick(random, [0, 1, -1])),
        ],
      });
    case 'size':
      return doc({
        $size: pick(random, [
          new Int32(0),
          new Int32(1),
          new Int32(2),
          new Double(2),
          new Double(1.5),
          new Int32(-1),
        ]),
      });
    case 'all':
      return doc({ $all: some(random, 0, 2, near) });
    case 'elemValue':
      return doc({
        $elemMatch: doc({
          [pick(random, ['$gte', '$lt', '$ne', '$in'])]: chance(random, 0.7) ? near() : [near()],
        }),
      });
    case 'elemDoc':
      return doc({ $elemMatch: depth > 0 ? randomFilter(random, docs, depth - 1) : doc({ b: near() }) });
    case 'not':
      return doc({
        $not: chance(random, 0.2)
          ? new BSONRegExp('^a', '')
          : asOperators(randomCondition(random, docs, path, depth)),
      });
    default:
      return chance(random, 0.5)
        ? new BSONRegExp(pick(random, ['^a', 'b$', '^ab?$']), '')
        : doc({ $regex: pick(random, ['^a', 'b', '^$']), $options: pick(random, ['', 'i']) });
  }
}

function asOperators(condition: Value): Value {
  const operators = isDoc(condition) && String([...condition.keys()][0]).startsWith('$');
  return operators || isRegex(condition) ? condition : doc({ $eq: condition });
}

function randomType(random: Random): Value {
  const name = () =>
    pick(random, [...Object.keys(TYPE_NUMBERS), 'number', 'array', 'object', 'string', 'int']);
  if (chance(random, 0.3)) return some(random, 1, 3, name);
  return chance(random, 0.3) ? new Int32(pick(random, Object.values(TYPE_NUMBERS))) : name();
}

/** A filter of one to three clauses, sometimes nested. */
export function randomFilter(random: Random, docs: readonly Doc[], depth = 2): Doc {
  const clauses = some(random, 1, chance(random, 0.7) ? 1 : 3, () => randomClause(random, docs, depth));
  return new Map(clauses);
}

function randomClause(random: Random, docs: readonly Doc[], depth: number): [string, Value] {
  if (depth > 0 && chance(random, 0.15)) {
    const parts = some(random, chance(random, 0.02) ? 0 : 1, 3, () => randomFilter(random, docs, depth - 1));
    return [pick(random, ['$and', '$or', '$or', '$nor']), parts];
  }
  const path = randomPath(random);
  return [path, randomCondition(random, docs, path, depth)];
}

/** One to three paths and directions; `_id` last, so that the order is whole. */
export function randomSort(random: Random): SortPattern {
  const paths = new Set(some(random, 1, 3, () => randomNamePath(random)));
  return [...[...paths].map((path) => [path, chance(random, 0.5) ? 1 : -1] as const), ['_id', 1]];
}

/** The keys of a random index, by path. */
export function randomIndex(random: Random): { key: Doc; options: Record<string, unknown> } {
  const paths = new Set(some(random, 1, 3, () => pick(random, ['a', 'b', 'c', 'a.b', 'a.c', 'b.a', '_id'])));
  const key = new Map([...paths].map((path) => [path, new Int32(chance(random, 0.6) ? 1 : -1)]));
  if (chance(random, 0.2)) return { key: key.set('_id', new Int32(1)), options: { unique: true } };
  const options = chance(random, 0.3) ? { sparse: true } : {};
  return { key, options };
}

/** A value for updates and pipelines that is in the documents, or any. */
export function randomOperand(random: Random, docs: readonly Doc[], path: string): Value {
  if (chance(random, 0.3)) return randomScalar(random);
  return chance(random, 0.6) ? valueNear(random, docs, path) : randomValue(random, 1);
}

/** A projection of find: fields kept or dropped, now and then both; `$slice`, `$elemMatch` and computed ones. */
export function randomProjection(random: Random, docs: readonly Doc[]): Doc {
  const flag = chance(random, 0.6) ? 1 : 0;
  const out: Doc = new Map();
  for (const path of some(random, 0, 3, () => randomNamePath(random))) {
    if (![...out.keys()].some((other) => meet(other, path)))
      out.set(path, new Int32(chance(random, 0.97) ? flag : 1 - flag));
  }
  if (chance(random, 0.2)) out.set('_id', new Int32(chance(random, 0.7) ? 0 : 1));
  const free = ['a', 'b', 'c', 'x'].filter((name) => ![...out.keys()].some((other) => meet(other, name)));
  if (free.length === 0 || chance(random, 0.4)) return out;
  return out.set(pick(random, free), randomShown(random, docs));
}

function meet(left: string, right: string): boolean {
  return `${left}.`.startsWith(`${right}.`) || `${right}.`.startsWith(`${left}.`);
}

function randomShown(random: Random, docs: readonly Doc[]): Value {
  switch (pick(random, ['slice', 'slice', 'match', 'match', 'field'])) {
    case 'slice': {
      const amount = new Int32(pick(random, [1, 2, -1, 0, 5]));
      return doc({ $slice: chance(random, 0.6) ? amount : [amount, new Int32(2)] });
    }
    case 'match':
      return doc({
        $elemMatch: doc({ [pick(random, ['$gte', '$lt', '$ne'])]: valueNear(random, docs, 'a') }),
      });
    default:
      return pick(random, ['$a', '$b.a', '$_id']);
  }
}
