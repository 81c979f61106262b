// Applying a compiled update to a document, and building the document of an upsert.

import { encodeDoc } from '../bson/encode.ts';
import { show } from '../bson/show.ts';
import { cloneDoc, type Doc, isDoc, newObjectId, Regex, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { compareText, equalValues } from '../value/compare.ts';
import { underOrder } from '../value/text-order.ts';
import { concretePaths, type Positions } from './positions.ts';
import { getAt, refuseUnviable, setAt, unsetAt } from './target.ts';
import type { Step, UpdatePlan } from './update-plan.ts';

function rename(root: Doc, step: Step): void {
  refuseUnviable(root, step.path);
  const value = getAt(root, step.path);
  if (value === undefined || !step.target) return;
  for (const path of [step.path, step.target]) {
    for (let length = 1; length < path.length; length++) {
      if (Array.isArray(getAt(root, path.slice(0, length)))) {
        throw new DatabaseError(
          2,
          `The source and target field for $rename cannot be array elements: ${path.join('.')}`,
        );
      }
    }
  }
  setAt(root, step.target, value);
  unsetAt(root, step.path);
}

/** Operators that make nothing where nothing is, but mind a path that could not be made. */
const NEVER_CREATE: ReadonlySet<string> = new Set(['$pop', '$pull', '$pullAll']);

function applyStep(root: Doc, step: Step, paths: readonly string[][]): void {
  if (step.operator === '$rename') {
    rename(root, step);
    return;
  }
  for (const path of paths) {
    if (!step.change) unsetAt(root, path);
    else {
      if (NEVER_CREATE.has(step.operator)) refuseUnviable(root, path);
      const value = step.change(getAt(root, path), { root, path });
      if (value !== undefined) setAt(root, path, value);
    }
  }
}

function applySteps(before: Doc, after: Doc, steps: readonly Step[], positions: Positions): void {
  const taken: string[][] = [];
  for (const step of steps) {
    // Elements are chosen by what they were before any change.
    const paths = concretePaths(before, step.path, positions);
    if (step.path.some((part) => part.startsWith('$'))) {
      refuseOverlap(taken, paths);
      taken.push(...paths);
    }
    applyStep(after, step, paths);
  }
}

/** Two steps that come to the same element, or to a part of it, are refused with 40. */
function refuseOverlap(taken: readonly string[][], paths: readonly string[][]): void {
  for (const path of paths) {
    if (taken.some((other) => path.every((part, at) => at >= other.length || part === other[at]))) {
      throw new DatabaseError(40, `Update created a conflict at '${path.join('.')}'`);
    }
  }
}

function sameBytes(a: Value, b: Value): boolean {
  return encodeDoc(new Map([['', a]])).equals(encodeDoc(new Map([['', b]])));
}

function refuseChangedId(before: Value | undefined, after: Doc, isReplacement: boolean): void {
  const id = after.get('_id');
  // Operators may not even give it another type; a replacement names the document it replaces. Whatever collation
  // finds the document: another spelling is another `_id`.
  const same = isReplacement ? equalValues : sameBytes;
  if (before === undefined || (id !== undefined && underOrder(null, () => same(before, id)))) return;
  if (isReplacement) {
    throw new DatabaseError(
      66,
      `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${show(id)}`,
    );
  }
  throw new DatabaseError(
    66,
    "Performing an update on the path '_id' would modify the immutable field '_id'",
  );
}

/** `_id` in front of everything else, as documents are stored. */
export function withIdFirst(source: Doc, id: Value): Doc {
  const out: Doc = new Map([['_id', id]]);
  for (const [name, value] of source) if (name !== '_id') out.set(name, value);
  return out;
}

function replace(before: Doc, replacement: Doc): Doc {
  const id = before.get('_id');
  const given = replacement.get('_id');
  if (given !== undefined) refuseChangedId(id, replacement, true);
  return id === undefined ? new Map(replacement) : withIdFirst(replacement, id);
}

/** The document after the update; the one given stays as it was.
 *  @throws 66 ImmutableField when `_id` would change; 28, 14, 2 from single operators */
export function applyUpdate(before: Doc, plan: UpdatePlan, positions: Positions, isInsert = false): Doc {
  if (plan.kind === 'replacement') return replace(before, plan.document);
  // What a pipeline gives replaces the document: a missing `_id` stays, another one is refused.
  if (plan.kind === 'pipeline') return replace(before, plan.transform(before));
  const after = cloneDoc(before);
  const steps = isInsert ? plan.steps : plan.steps.filter((each) => each.operator !== '$setOnInsert');
  applySteps(before, after, steps, positions);
  refuseChangedId(before.get('_id'), after, false);
  return after;
}

/** The single value a clause pins its path to, `undefined` for none. */
function pinnedValue(operand: Value): Value | undefined {
  if (operand instanceof Regex) return undefined;
  if (!isDoc(operand) || !operand.keys().next().value?.startsWith('$')) return operand;
  const list = operand.get('$all') ?? operand.get('$in');
  const isSingle = Array.isArray(list) && list.length === 1 && !isDoc(list[0]);
  const equal = operand.get('$eq');
  return equal !== undefined ? equal : isSingle ? list[0] : undefined;
}

/** Filters every match has to meet: the filter itself, parts of `$and`, the only part of `$or`. */
function* sureParts(filter: Doc): Generator<Doc> {
  yield filter;
  for (const [name, operand] of filter) {
    if (!Array.isArray(operand)) continue;
    const isSure = name === '$and' || (name === '$or' && operand.length === 1);
    for (const each of isSure ? operand : []) if (isDoc(each)) yield* sureParts(each);
  }
}

/** In the order of the paths, as the server keeps them. */
function equalitiesOf(filter: Doc): [string, Value][] {
  const out: [string, Value][] = [];
  for (const [name, operand] of [...sureParts(filter)].flatMap((part) => [...part])) {
    const value = name.startsWith('$') ? undefined : pinnedValue(operand);
    if (value !== undefined) out.push([name, value]);
  }
  return out.sort(([a], [b]) => compareText(a, b));
}

/** @throws 54 NotSingleValueField when a path is named twice, or beside a part of it */
function refuseAmbiguous(equalities: readonly [string, Value][]): void {
  const names = new Set<string>();
  for (const [name] of equalities) {
    if (names.has(name)) {
      throw new DatabaseError(54, `cannot infer query fields to set, path '${name}' is matched twice`);
    }
    names.add(name);
    const parts = name.split('.');
    const above = parts.map((_, at) => parts.slice(0, at).join('.')).find((prefix) => names.has(prefix));
    if (above !== undefined) {
      throw new DatabaseError(
        54,
        `cannot infer query fields to set, both paths '${name}' and '${above}' are matched`,
      );
    }
  }
}

/** The document an upsert inserts: equalities of the filter, then the update; `_id` is made when absent.
 *  @throws 54 NotSingleValueField when the filter names a path twice */
export function upsertDocument(filter: Doc, plan: UpdatePlan, positions: Positions): Doc {
  const seed: Doc = new Map();
  // A replacement is given everything but its `_id`.
  const isWhole = plan.kind !== 'replacement';
  const equalities = equalitiesOf(filter).filter(([name]) => isWhole || name === '_id');
  refuseAmbiguous(equalities);
  for (const [name, value] of equalities) setAt(seed, name.split('.'), value);
  const after = applyUpdate(seed, plan, positions, true);
  return withIdFirst(after, after.get('_id') ?? newObjectId());
}
