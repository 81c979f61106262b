// Pipeline stages except $group: each turns a stream of documents into another.
import { type Doc, int, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError, notSupported } from '../database-error.ts';
import { compileFilter } from '../query/filter.ts';
import { compileProjection } from '../query/projection.ts';
import { compareSortKeys, sortKey, valueSort } from '../query/sort.ts';
import { PAUSE, type Stream } from '../store/row.ts';
import { asNumber } from '../value/arithmetic.ts';
import { typeName } from '../value/type-order.ts';
import { compileExpression } from './expression.ts';
import { groupStage } from './group.ts';
import { lookupStage, type OpenCollection } from './lookup.ts';
import type { Expression } from './scope.ts';
import { unwindStage } from './unwind.ts';

/** A compiled stage. */
export type Stage = (input: Stream<Doc>) => Stream<Doc>;

function each(change: (source: Doc) => Doc | null): Stage {
  return function* (input) {
    for (const item of input) {
      if (item === PAUSE) yield PAUSE;
      else {
        const out = change(item);
        if (out) yield out;
      }
    }
  };
}

function document(name: string, value: Value): Doc {
  if (isDoc(value)) return value;
  throw new DatabaseError(
    15959,
    `the ${name} specification must be an object, but was of type ${typeName(value)}`,
  );
}

function natural(name: string, value: Value, least: number): number {
  const number = asNumber(value);
  if (number !== null && Number.isInteger(number) && number >= least) return number;
  throw new DatabaseError(
    least === 1 ? 15958 : 15956,
    `invalid argument to ${name} stage: ${String(number)}`,
  );
}

function limit(count: number): Stage {
  return function* (input) {
    let left = count;
    for (const item of input) {
      yield item;
      if (item !== PAUSE && --left === 0) return;
    }
  };
}

function skip(count: number): Stage {
  let left = count;
  return each((source) => {
    if (left === 0) return source;
    left--;
    return null;
  });
}

function sort(pattern: Doc): Stage {
  const fields = valueSort(pattern);
  return function* (input) {
    const all: { readonly source: Doc; readonly keys: readonly (Value | undefined)[] }[] = [];
    for (const item of input) {
      if (item === PAUSE) yield PAUSE;
      else all.push({ source: item, keys: sortKey(item, fields) });
    }
    all.sort((a, b) => compareSortKeys(a.keys, b.keys, fields));
    for (const { source } of all) yield source;
  };
}

function project(source: Doc): Stage {
  if (source.size === 0)
    throw new DatabaseError(51272, 'projection specification must have at least one field');
  const compiled = compileProjection(source);
  if (!compiled) return each((item) => item);
  const noPosition = () => {
    throw new DatabaseError(31324, 'Cannot use positional projection in aggregation projection');
  };
  return each((item) => compiled(item, noPosition));
}

function put(
  target: Value | undefined,
  path: readonly string[],
  evaluate: Expression,
  root: Doc,
): Value | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return evaluate(root);
  if (Array.isArray(target)) return target.map((element) => put(element, path, evaluate, root) ?? null);
  const out: Doc = isDoc(target) ? new Map(target) : new Map();
  const value = put(out.get(name), rest, evaluate, root);
  if (value === undefined) out.delete(name);
  else out.set(name, value);
  return out;
}

function flatten(source: Doc, prefix: readonly string[]): { path: string[]; evaluate: Expression }[] {
  return [...source].flatMap(([name, value]) => {
    const path = [...prefix, ...name.split('.')];
    const isNested = isDoc(value) && value.size > 0 && !value.keys().next().value?.startsWith('$');
    return isNested ? flatten(value, path) : [{ path, evaluate: compileExpression(value) }];
  });
}

function addFields(source: Doc): Stage {
  const fields = flatten(source, []);
  return each((item) => {
    let out: Doc = item;
    for (const { path, evaluate } of fields) out = put(out, path, evaluate, item) as Doc;
    return out;
  });
}

function unset(value: Value): Stage {
  const names = Array.isArray(value) ? value : [value];
  if (!names.every((name) => typeof name === 'string')) {
    throw new DatabaseError(31002, '$unset specification must be a string or an array');
  }
  return project(new Map(names.map((name) => [name, int(0)])));
}

function replaceRoot(expression: Value): Stage {
  const evaluate = compileExpression(expression);
  return each((item) => {
    const out = evaluate(item);
    if (isDoc(out)) return out;
    throw new DatabaseError(40228, "'newRoot' expression must evaluate to an object");
  });
}

function count(name: Value): Stage {
  if (typeof name !== 'string' || name === '' || /^\$|\./.test(name)) {
    throw new DatabaseError(40156, 'the count field must be a non-empty string');
  }
  return function* (input) {
    let n = 0;
    for (const item of input) {
      if (item === PAUSE) yield PAUSE;
      else n++;
    }
    if (n > 0) yield new Map([[name, int(n)]]);
  };
}

/** Compiles one stage.
 *  @throws 40324 for a name no server knows the form of, 115 for stages the engine leaves out */
export function compileStage(source: Doc, open: OpenCollection): Stage {
  const [name, value] = [...source][0] ?? ['', null];
  if (source.size !== 1) {
    throw new DatabaseError(40323, 'A pipeline stage specification object must contain exactly one field.');
  }
  switch (name) {
    case '$match':
      return each(onlyMatching(document(name, value)));
    case '$sort':
      return sort(document(name, value));
    case '$limit':
      return limit(natural(name, value, 1));
    case '$skip':
      return skip(natural(name, value, 0));
    case '$project':
      return project(document(name, value));
    case '$addFields':
    case '$set':
      return addFields(document(name, value));
    case '$unset':
      return unset(value);
    case '$replaceWith':
      return replaceRoot(value);
    case '$replaceRoot':
      return replaceRoot(document(name, value).get('newRoot') ?? null);
    case '$count':
      return count(value);
    case '$group':
      return groupStage(value);
    case '$unwind':
      return unwindStage(value);
    case '$lookup':
      return lookupStage(document(name, value), open);
    default:
      throw notSupported(`the stage ${name}`);
  }
}

function onlyMatching(filter: Doc): (source: Doc) => Doc | null {
  const matches = compileFilter(filter);
  return (source) => (matches(source) ? source : null);
}
