// Random updates, made from the documents they change so that about half of them change something.
import { Decimal128, Double, Int32, Long } from 'bson';
import {
  chance,
  NAMES,
  pick,
  type Random,
  randomNamePath,
  randomPath,
  randomScalar,
  randomValue,
  some,
  valueNear,
} from './random-documents.ts';
import { randomOperand } from './random-filters.ts';
import { type Doc, doc, isRegex, type Value } from './values.ts';

const OPERATORS = [
  '$set',
  '$set',
  '$unset',
  '$inc',
  '$mul',
  '$min',
  '$max',
  '$rename',
  '$push',
  '$push',
  '$addToSet',
  '$pop',
  '$pull',
  '$pull',
  '$pullAll',
  '$bit',
] as const;

const NUMBERS: readonly Value[] = [
  new Int32(1),
  new Int32(-2),
  new Int32(2147483647),
  new Double(0.5),
  new Double(2),
  Long.fromNumber(3),
  Long.fromString('9223372036854775807'),
  Decimal128.fromString('1.50'),
  Decimal128.fromString('0.1'),
  new Double(-0),
  new Double(0.1),
];

/** A value that is wrong in most places. */
function odd(random: Random): Value {
  return pick<Value>(random, ['a', new Double(1.5), null, [], doc({ a: new Int32(1) })]);
}

/** An update of one to three changes; `arrayFilters` when it needs them. */
export function randomUpdate(random: Random, docs: readonly Doc[]): Doc {
  const update: Doc = new Map();
  const filters = new Set<string>();
  for (const operator of some(random, 1, chance(random, 0.7) ? 1 : 3, () => pick(random, OPERATORS))) {
    const path = updatePath(random, filters, operator);
    const operand = randomUpdateOperand(random, docs, operator, path);
    const fields = (update.get(operator) as Doc | undefined) ?? new Map();
    update.set(operator, fields.set(path, operand));
  }
  const asked: Doc = new Map([['update', update]]);
  if (filters.size === 0) return asked;
  return asked.set(
    'arrayFilters',
    [...filters].map((name) => arrayFilter(random, docs, name)),
  );
}

function updatePath(random: Random, filters: Set<string>, operator: string): string {
  if (chance(random, 0.01)) return pick(random, ['_id', 'a.', '']);
  if (operator === '$rename') return randomNamePath(random);
  if (!chance(random, 0.15)) return chance(random, 0.6) ? pick(random, NAMES) : randomPath(random);
  const step = pick(random, ['$[]', '$[]', '$[x]', '$[y]']);
  if (step !== '$[]' && chance(random, 0.95)) filters.add(step.slice(2, -1));
  return `${pick(random, ['a', 'b', 'a.b'])}.${step}${pick(random, ['', '.b', '.c', '.a.b'])}`;
}

function arrayFilter(random: Random, docs: readonly Doc[], name: string): Doc {
  const near = valueNear(random, docs, 'a');
  const path = chance(random, 0.7) ? name : `${name}.b`;
  return new Map([
    [path, chance(random, 0.4) ? near : doc({ [pick(random, ['$gte', '$ne', '$lt'])]: near })],
  ]);
}

/** The path that stands for one with `$[]` when a value near it is looked for. */
function plain(path: string): string {
  return path.replace(/\.\$\[\w*\]/g, '') || 'a';
}

function randomUpdateOperand(random: Random, docs: readonly Doc[], operator: string, path: string): Value {
  const near = () => randomOperand(random, docs, plain(path));
  if (chance(random, 0.03)) return odd(random);
  switch (operator) {
    case '$inc':
    case '$mul':
      return pick(random, NUMBERS);
    case '$rename':
      return chance(random, 0.7) ? pick(random, NAMES) : randomPath(random);
    case '$pop':
      return pick<Value>(random, [new Int32(1), new Int32(-1), new Double(1)]);
    case '$push':
      return chance(random, 0.4) ? near() : pushClauses(random, docs, path);
    case '$addToSet':
      return chance(random, 0.6) ? near() : doc({ $each: some(random, 0, 3, near) });
    case '$pull':
      return pullCondition(random, docs, path);
    case '$pullAll':
      return some(random, 1, 3, near);
    case '$bit':
      return new Map(
        some(random, 1, 2, () => [
          pick(random, ['and', 'or', 'xor']),
          pick<Value>(random, [new Int32(5), new Int32(-1), Long.fromNumber(6)]),
        ]),
      );
    default:
      return near();
  }
}

function pushClauses(random: Random, docs: readonly Doc[], path: string): Value {
  const clauses: Doc = doc({ $each: some(random, 0, 3, () => randomOperand(random, docs, plain(path))) });
  const whole = () =>
    pick<Value>(random, [
      new Int32(0),
      new Int32(1),
      new Int32(2),
      new Int32(-1),
      new Int32(-2),
      new Double(1),
      new Int32(50),
    ]);
  if (chance(random, 0.4)) clauses.set('$slice', whole());
  if (chance(random, 0.4)) clauses.set('$position', whole());
  if (chance(random, 0.5)) {
    const direction = () => new Int32(chance(random, 0.5) ? 1 : -1);
    clauses.set(
      '$sort',
      chance(random, 0.6)
        ? direction()
        : new Map(some(random, 1, 2, () => [pick(random, ['a', 'b', 'a.b']), direction()])),
    );
  }
  return clauses;
}

function pullCondition(random: Random, docs: readonly Doc[], path: string): Value {
  const near = () => randomOperand(random, docs, plain(path));
  switch (pick(random, ['value', 'value', 'range', 'in', 'field', 'nested'])) {
    case 'range':
      return doc({ [pick(random, ['$gt', '$gte', '$lt', '$lte', '$ne'])]: near() });
    case 'in':
      return doc({ $in: some(random, 1, 3, near) });
    case 'field':
      return doc({
        [pick(random, NAMES)]: chance(random, 0.5) ? randomValue(random, 0) : doc({ $exists: true }),
      });
    case 'nested':
      return doc({ $elemMatch: doc({ $gte: near() }) });
    default:
      return near();
  }
}

/** An upsert: equalities and other conditions beside an `_id` that no document has, and one change. */
export function randomUpsert(random: Random, docs: readonly Doc[]): Doc {
  const filter: Doc = new Map([['_id', new Int32(1000)]]);
  const paths = ['a', 'b', 'c', 'a.b', 'b.a', 'a.b.c'];
  for (const path of some(random, 0, 3, () => pick(random, paths))) {
    const near = valueNear(random, docs, path);
    const plain = isRegex(near) ? null : near;
    const conditions = [plain, plain, doc({ $eq: plain }), doc({ $gte: plain }), doc({ $exists: false })];
    if (chance(random, 0.15)) filter.set('$and', [new Map([[path, plain]])]);
    else filter.set(path, pick<Value>(random, conditions));
  }
  const operator = pick(random, ['$setOnInsert', '$setOnInsert', ...OPERATORS]);
  const path = operator === '$rename' ? randomNamePath(random) : randomPath(random);
  const operand = randomUpdateOperand(random, docs, operator, path);
  return new Map([
    ['filter', filter],
    ['update', doc({ [operator]: new Map([[path, operand]]) })],
  ]);
}

/** An update of the element that a filter of one condition matches. */
export function randomPositional(random: Random, docs: readonly Doc[]): Doc {
  const path = pick(random, ['a', 'a', 'a.b', 'a.c']);
  const near = valueNear(random, docs, path);
  const value = isRegex(near) || Array.isArray(near) ? null : near;
  const condition = pick<Value>(random, [
    value,
    doc({ $gte: value }),
    doc({ $in: [value, randomScalar(random)] }),
    path === 'a' ? doc({ $elemMatch: doc({ $gte: value }) }) : doc({ $eq: value }),
  ]);
  const operator = pick(random, ['$set', '$set', '$unset', '$min', '$max', '$inc', '$push']);
  const target = pick(random, ['a.$', 'a.$', 'a.$.b', 'a.$.c']);
  const operand = randomUpdateOperand(random, docs, operator, path);
  return new Map<string, Value>([
    ['filter', new Map([[path, condition]])],
    ['update', doc({ [operator]: new Map([[target, operand]]) })],
  ]);
}
