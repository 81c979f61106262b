// $merge: each document is put into a collection, beside or into the one it matches.
import { compilerIn } from '../aggregate/expression.ts';
import { checkVariableName } from '../aggregate/field-path.ts';
import { getNested } from '../aggregate/nested-field.ts';
import { type Cell, type Environment, type Expression, withCells } from '../aggregate/scope.ts';
import { type Doc, isDoc, newObjectId, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { changeFirst } from '../engine/change.ts';
import type { Work } from '../engine/work.ts';
import type { Collection } from '../store/catalog.ts';
import { compileTransformation } from '../update/pipeline-form.ts';
import type { UpdatePlan } from '../update/update-plan.ts';
import type { Context } from './context.ts';
import { environmentOf } from './let-option.ts';
import type { Writing } from './long-write.ts';
import { forEachDurably, once, patiently, type Sink, targetOf } from './output-work.ts';
import { changed, insertable } from './update-statement.ts';
import { refuseInvalid } from './validation.ts';

/** The update of a matched document; null leaves it alone, 'fail' refuses it. */
type WhenMatched = (source: Doc) => UpdatePlan | null | 'fail';
type WhenNotMatched = 'insert' | 'discard' | 'fail';

interface Merge {
  readonly db: string;
  readonly name: string;
  readonly on: readonly string[];
  readonly whenMatched: WhenMatched;
  readonly whenNotMatched: WhenNotMatched;
}

const FIELDS = ['into', 'on', 'let', 'whenMatched', 'whenNotMatched'];
const NO_POSITIONS = { filter: new Map(), arrayFilters: new Map() };

function unknownMode(field: string, value: Value | undefined): DatabaseError {
  return new DatabaseError(
    2,
    `Enumeration value '${String(value)}' for field '$merge.${field}' is not a valid value.`,
  );
}

function onFields(value: Value | undefined): string[] {
  const all = value === undefined ? ['_id'] : Array.isArray(value) ? value : [value];
  if (all.length > 0 && all.every((each) => typeof each === 'string')) return all as string[];
  throw new DatabaseError(51186, "$merge 'on' field must be either a string or an array of strings");
}

/** A pipeline sees the new document as `$$new`, or the variables of `let`. */
function byPipeline(pipeline: Value, vars: Value | undefined, environment: Environment): WhenMatched {
  const given = isDoc(vars) ? vars : new Map<string, Value>([['new', '$$ROOT']]);
  const compile = compilerIn(environment);
  const bound = new Map<string, Cell>();
  const values = [...given].map(([name, source]): [Cell, Expression] => {
    const cell: Cell = { value: undefined };
    bound.set(checkVariableName(name), cell);
    return [cell, compile(source)];
  });
  const transform = compileTransformation(pipeline, withCells(environment, bound));
  return (source) => {
    for (const [cell, evaluate] of values) cell.value = evaluate(source);
    return { kind: 'pipeline', transform };
  };
}

function whenMatched(source: Doc, environment: Environment): WhenMatched {
  const mode = source.get('whenMatched') ?? 'merge';
  if (Array.isArray(mode)) return byPipeline(mode, source.get('let'), environment);
  if (source.has('let')) {
    throw new DatabaseError(51199, "Cannot use 'let' variables with 'whenMatched' other than a pipeline");
  }
  switch (mode) {
    case 'merge':
      return (added) => ({ kind: 'pipeline', transform: (before) => new Map([...before, ...added]) });
    case 'replace':
      return (document) => ({ kind: 'replacement', document });
    case 'keepExisting':
      return () => null;
    case 'fail':
      return () => 'fail';
    default:
      throw unknownMode('whenMatched', mode);
  }
}

function whenNotMatched(value: Value | undefined): WhenNotMatched {
  if (value === undefined) return 'insert';
  if (value === 'insert' || value === 'discard' || value === 'fail') return value;
  throw unknownMode('whenNotMatched', value);
}

function readMerge(context: Context, value: Value): Merge {
  const source: Doc = typeof value === 'string' ? new Map([['into', value]]) : (value as Doc);
  if (!isDoc(source)) {
    throw new DatabaseError(51182, '$merge requires a string or object argument');
  }
  const unknown = [...source.keys()].find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) {
    throw new DatabaseError(40415, `BSON field '$merge.${unknown}' is an unknown field.`);
  }
  const [db, name] = targetOf('$merge', source.get('into'), context.db);
  return {
    db,
    name,
    on: onFields(source.get('on')),
    whenMatched: whenMatched(source, environmentOf(context.body)),
    whenNotMatched: whenNotMatched(source.get('whenNotMatched')),
  };
}

/** Only a unique index on just these fields tells that at most one document matches. */
function refuseAmbiguous(collection: Collection, on: readonly string[]): void {
  const isUnique = collection.indexes.some(
    (index) =>
      (index.isUnique || index.name === '_id_') &&
      !index.partial &&
      index.fields.length === on.length &&
      index.fields.every((field) => on.includes(field.name)),
  );
  if (!isUnique)
    throw new DatabaseError(51183, 'Cannot find index to verify that join fields will be unique');
}

function joinOn(source: Doc, on: readonly string[]): Doc {
  const filter: Doc = new Map();
  for (const name of on) {
    const value = getNested(source, name.split('.'));
    if (value === undefined || value === null || Array.isArray(value)) {
      throw new DatabaseError(
        51132,
        `$merge write error: 'on' field '${name}' cannot be missing, null, undefined or an array`,
      );
    }
    filter.set(name, new Map([['$eq', value]]));
  }
  return filter;
}

function notMatched(): DatabaseError {
  return new DatabaseError(
    13113,
    '$merge could not find a matching document in the target collection for at least one document in the source collection',
  );
}

/** Puts one document into the target. */
function* mergeOne(
  context: Context,
  merge: Merge,
  given: Doc,
  { target, pace }: Pick<Writing, 'target' | 'pace'>,
): Work<void> {
  const isNew = merge.on.includes('_id') && !given.has('_id');
  const source = isNew ? new Map(given).set('_id', newObjectId()) : given;
  const filter = joinOn(source, merge.on);
  const plan = merge.whenMatched(source);
  const collection = target.ensureCollection(merge.db, merge.name);
  const insert = () => {
    const made = insertable(source);
    refuseInvalid(context, collection, null, made);
    target.insert(collection, made);
  };
  // The server inserts and so names the key that is taken.
  if (plan === 'fail') return yield* patiently(insert);
  const isMatched = yield* changeFirst(target, { collection, filter }, pace, (row) => {
    const after = plan && changed(row, { plan, positions: NO_POSITIONS }, 'aggregation');
    if (!after) return;
    refuseInvalid(context, collection, row.doc, after);
    target.replace(collection, row, after);
  });
  if (isMatched || merge.whenNotMatched === 'discard') return;
  if (merge.whenNotMatched === 'fail') throw notMatched();
  yield* patiently(insert);
}

/** Writes by what is matched; every document is one durable step. */
export async function mergeSink(context: Context, value: Value): Promise<Sink> {
  const merge = readMerge(context, value);
  await once(context, (target) => refuseAmbiguous(target.ensureCollection(merge.db, merge.name), merge.on));
  return {
    write: (documents) =>
      forEachDurably(context, documents, (target, given, pace) =>
        mergeOne(context, merge, given, { target, pace }),
      ),
    finish: async () => undefined,
    abandon: async () => undefined,
  };
}
