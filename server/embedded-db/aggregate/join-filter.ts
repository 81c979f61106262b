// The filter that finds the documents joined to one: an equality an index can answer.
import { type Doc, isDoc, Regex, type Value } from '../bson/value.ts';
import type { Maybe } from './scope.ts';

function collect(value: Maybe, path: readonly string[], at: number, out: Value[]): boolean {
  if (Array.isArray(value)) {
    if (at === path.length) out.push(...value);
    else for (const element of value) if (isDoc(element)) collect(element, path, at, out);
    return true;
  }
  if (at < path.length) return isDoc(value) && collect(value.get(path[at] as string), path, at + 1, out);
  if (value === undefined) return false;
  out.push(value);
  return true;
}

/** What a local field is compared by: the elements of arrays, null when the field is missing. */
export function localValues(source: Doc, path: readonly string[]): Value[] {
  const out: Value[] = [];
  const isThere = collect(source, path, 0, out);
  return isThere ? out : [null];
}

function one(foreign: string, operator: string, value: Value): Doc {
  return new Map([[foreign, new Map([[operator, value]])]]);
}

/** Matches documents whose field equals one of the values; stored regular expressions only match themselves. */
export function joinFilter(foreign: string, values: readonly Value[]): Doc {
  const expressions = values.filter((value) => value instanceof Regex);
  if (expressions.length === 0) return one(foreign, '$in', [...values]);
  const plain = values.filter((value) => !(value instanceof Regex));
  const branches = [one(foreign, '$in', plain), ...expressions.map((value) => one(foreign, '$eq', value))];
  return new Map([['$or', branches]]);
}

/** `['$field', value]` of an `$eq` between a field and something else. */
function equality(operand: Value, known: (source: Value) => Maybe): [string, Value] | null {
  if (!Array.isArray(operand) || operand.length !== 2) return null;
  for (const [field, other] of [operand, operand.toReversed()] as [Value, Value][]) {
    if (typeof field !== 'string' || !/^\$[^$]/.test(field)) continue;
    const value = known(other);
    // An array may be equal to what a path through arrays gives, which no filter compares with.
    if (value !== undefined && !Array.isArray(value) && !(value instanceof Regex))
      return [field.slice(1), value];
  }
  return null;
}

/** Filters that follow from an `$expr` by equalities with known values. They may match more, never less, so
 *  that they can stand beside it and be answered by an index.
 *  @param known - the value of a constant or variable, `undefined` for anything that depends on the document */
export function impliedByExpression(source: Value, known: (source: Value) => Maybe): Doc[] {
  if (!isDoc(source) || source.size !== 1) return [];
  const all = source.get('$and');
  if (Array.isArray(all)) return all.flatMap((each) => impliedByExpression(each, known));
  const found = equality(source.get('$eq') ?? null, known);
  return found ? [one(found[0], '$eq', found[1])] : [];
}
