// The model of pipelines: a list of documents through one stage after another.
import { Int32, Long } from 'bson';
import { mergeObjects } from './array-expressions.ts';
import { evaluate, isTrue, pathOf, scopeOf } from './expression.ts';
import { parseFilter } from './filter.ts';
import { average, extreme, sum } from './number-expressions.ts';
import { drop, keep, put } from './projection.ts';
import { sortDocs } from './sort.ts';
import { compare, type Doc, doc, isDoc, ModelError, type Value } from './values.ts';

type Stage = (docs: readonly Doc[], operand: Value, others: readonly Doc[]) => Doc[];

/** Runs the stages.
 *  @param others - the documents of the other collection, for `$lookup` */
export function runPipeline(docs: readonly Doc[], stages: readonly Doc[], others: readonly Doc[]): Doc[] {
  return stages.reduce<Doc[]>(
    (input, stage) => {
      const [name, operand] = [...stage][0] ?? ['', null];
      const run = STAGES[name];
      if (run === undefined) throw new Error(`${name} is not in the model`);
      return run(input, operand, others);
    },
    [...docs],
  );
}

/** `$expr` for filters. */
export function expressionTest(expression: Value): (root: Doc) => boolean {
  return (root) => isTrue(evaluate(expression, scopeOf(root)));
}

function value(expression: Value, root: Doc): Value {
  return evaluate(expression, scopeOf(root));
}

function isFlag(operand: Value): operand is Int32 {
  return operand instanceof Int32;
}

/** Kept or dropped paths, `_id` kept unless told otherwise; what is computed comes last. */
function project(docs: readonly Doc[], operand: Value): Doc[] {
  const spec = [...(operand as Doc)];
  const dropped = spec.filter(([, flag]) => isFlag(flag) && flag.value === 0).map(([path]) => path);
  const kept = spec.filter(([, flag]) => isFlag(flag) && flag.value === 1).map(([path]) => path);
  const computed = spec.filter(([, flag]) => !isFlag(flag));
  const isExclusion = kept.length === 0 && computed.length === 0;
  if (isExclusion) return docs.map((root) => drop(root, dropped));
  const id = dropped.includes('_id') ? [] : ['_id'];
  return docs.map((root) => {
    const fields = computed.map(([path, one]): [string, Value] => [path, value(one, root)]);
    return fields.reduce(
      (out, [path, made]) => put(out, path.split('.'), made) as Doc,
      keep(root, [...id, ...kept]),
    );
  });
}

function addFields(docs: readonly Doc[], operand: Value): Doc[] {
  return docs.map((root) =>
    [...(operand as Doc)].reduce<Doc>(
      (out, [path, one]) => put(out, path.split('.'), value(one, root)) as Doc,
      root,
    ),
  );
}

/** Documents by what an expression is worth, in the order of first sight; missing is null. */
function groupsOf(docs: readonly Doc[], expression: Value): [Value, Doc[]][] {
  const groups: [Value, Doc[]][] = [];
  for (const root of docs) {
    const id = value(expression, root) ?? null;
    const known = groups.find(([other]) => compare(other, id) === 0);
    if (known) known[1].push(root);
    else groups.push([id, [root]]);
  }
  return groups;
}

function distinct(values: readonly Value[]): Value[] {
  return values.filter((one, at) => values.findIndex((other) => compare(other, one) === 0) === at);
}

const ACCUMULATORS: Readonly<Record<string, (values: readonly Value[]) => Value>> = {
  $sum: sum,
  $avg: average,
  $min: (values) => extreme(values, -1),
  $max: (values) => extreme(values, 1),
  $first: (values) => values[0] ?? null,
  $last: (values) => values.at(-1) ?? null,
  $push: (values) => values.filter((one) => one !== undefined),
  $addToSet: (values) => distinct(values.filter((one) => one !== undefined)),
  $count: (values) => new Int32(values.length),
  $mergeObjects: mergeObjects,
};

function accumulate(docs: readonly Doc[], fields: readonly (readonly [string, Value])[], id: Value): Doc {
  const out: Doc = new Map([['_id', id]]);
  for (const [name, accumulator] of fields) {
    const [operator = '', expression] = [...(accumulator as Doc)][0] ?? [];
    out.set(name, ACCUMULATORS[operator]?.(docs.map((root) => value(expression, root))));
  }
  return out;
}

function group(docs: readonly Doc[], operand: Value): Doc[] {
  const fields = [...(operand as Doc)].filter(([name]) => name !== '_id');
  return groupsOf(docs, (operand as Doc).get('_id')).map(([id, members]) => accumulate(members, fields, id));
}

/** Manual, "$bucket": from each boundary up to the next, else the default. */
function bucket(docs: readonly Doc[], operand: Value): Doc[] {
  const spec = operand as Doc;
  const boundaries = spec.get('boundaries') as Value[];
  const output = (spec.get('output') ?? doc({ count: doc({ $sum: new Int32(1) }) })) as Doc;
  const placeOf = (root: Doc): Value => {
    const found = value(spec.get('groupBy'), root);
    const above = boundaries.findIndex((boundary) => compare(found, boundary) < 0);
    if (above > 0) return boundaries[above - 1];
    if (!spec.has('default')) throw new ModelError(0, 'no bucket and no default');
    return spec.get('default');
  };
  const placed = docs.map((root) => ({ root, id: placeOf(root) }));
  const ids = distinct(placed.map(({ id }) => id)).toSorted(compare);
  return ids.map((id) => {
    const members = placed.filter((one) => compare(one.id, id) === 0).map(({ root }) => root);
    return accumulate(members, [...output], id);
  });
}

function sortByCount(docs: readonly Doc[], operand: Value): Doc[] {
  const counted = groupsOf(docs, operand).map(([_id, members]) =>
    doc({ _id, count: new Int32(members.length) }),
  );
  return sortDocs(counted, [['count', -1]]);
}

/** Manual, "$unwind". */
function unwind(docs: readonly Doc[], operand: Value): Doc[] {
  const spec = isDoc(operand) ? operand : doc({ path: operand });
  const path = String(spec.get('path')).slice(1).split('.');
  const index = spec.get('includeArrayIndex');
  const withIndex = (root: Doc, at: number | null) =>
    typeof index === 'string' ? (put(root, [index], at === null ? null : Long.fromNumber(at)) as Doc) : root;
  return docs.flatMap((root) => {
    const found = plain(root, path);
    if (Array.isArray(found) && found.length > 0) {
      return found.map((element, at) => withIndex(put(root, path, element) as Doc, at));
    }
    const isNothing = found === undefined || found === null || Array.isArray(found);
    if (isNothing && spec.get('preserveNullAndEmptyArrays') !== true) return [];
    return [withIndex(Array.isArray(found) ? drop(root, [path.join('.')]) : root, null)];
  });
}

/** What a path reaches without arrays on the way. */
function plain(root: Doc, path: readonly string[]): Value {
  return path.reduce<Value>((owner, name) => (isDoc(owner) ? owner.get(name) : undefined), root);
}

/** Manual, "$lookup", equality: a missing local field is null, an array stands for its elements. */
function lookup(docs: readonly Doc[], operand: Value, others: readonly Doc[]): Doc[] {
  const spec = operand as Doc;
  const [local, foreign, as] = ['localField', 'foreignField', 'as'].map((name) => String(spec.get(name)));
  return docs.map((root) => {
    const found = pathOf(root, (local ?? '').split('.'));
    const wanted = Array.isArray(found) ? found : [found ?? null];
    const tests = wanted.map((one) => parseFilter(new Map([[foreign ?? '', doc({ $eq: one })]])));
    return new Map(root).set(
      as ?? '',
      others.filter((other) => tests.some((test) => test(other))),
    );
  });
}

function replaceRoot(docs: readonly Doc[], expression: Value): Doc[] {
  return docs.map((root) => {
    const made = value(expression, root);
    if (!isDoc(made)) throw new ModelError(40228, "'newRoot' expression must evaluate to an object");
    return made;
  });
}

const STAGES: Readonly<Record<string, Stage>> = {
  $match: (docs, operand) => docs.filter(parseFilter(operand as Doc, expressionTest)),
  $project: project,
  $addFields: addFields,
  $set: addFields,
  $unset: (docs, operand) => docs.map((root) => drop(root, operand as string[])),
  $group: group,
  $bucket: bucket,
  $sortByCount: sortByCount,
  $unwind: unwind,
  $sort: (docs, operand) =>
    sortDocs(
      docs,
      [...(operand as Map<string, Int32>)].map(([path, one]) => [path, one.value as 1 | -1]),
    ),
  $limit: (docs, operand) => docs.slice(0, Number(operand)),
  $skip: (docs, operand) => docs.slice(Number(operand)),
  $count: (docs, operand) => (docs.length === 0 ? [] : [doc({ [String(operand)]: new Int32(docs.length) })]),
  $lookup: lookup,
  $replaceRoot: (docs, operand) => replaceRoot(docs, (operand as Doc).get('newRoot')),
  $replaceWith: replaceRoot,
  $facet: (docs, operand, others) => [
    new Map(
      [...(operand as Map<string, Doc[]>)].map(([name, stages]) => [name, runPipeline(docs, stages, others)]),
    ),
  ],
};
