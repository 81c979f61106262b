// Update operators on arrays: $push, $addToSet, $pull, $pullAll, $pop.

import { show } from '../bson/show.ts';
import { isDoc, Regex, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { compileFilter } from '../query/filter.ts';
import { sortComparator, valueSort } from '../query/sort.ts';
import { asNumber } from '../value/arithmetic.ts';
import { compareValues, equalValues } from '../value/compare.ts';
import { identityOf } from '../value/identity.ts';
import { typeName } from '../value/type-order.ts';
import type { Change } from './field-operators.ts';

interface PushPlan {
  readonly each: readonly Value[];
  readonly position: number | null;
  readonly slice: number | null;
  readonly sort: ((a: Value, b: Value) => number) | null;
}

function wholeNumber(value: Value | undefined, name: string): number | null {
  if (value === undefined) return null;
  const number = asNumber(value);
  if (number === null || !Number.isInteger(number)) {
    throw new DatabaseError(
      2,
      `The value for ${name} must be an integer value but was given type: ${typeName(value)}`,
    );
  }
  return number;
}

function pushSort(sort: Value | undefined): PushPlan['sort'] {
  if (sort === undefined) return null;
  const directions = (isDoc(sort) ? [...sort.values()] : [sort]).map(asNumber);
  if (directions.some((each) => each !== 1 && each !== -1)) {
    throw new DatabaseError(2, 'The $sort element value must be either 1 or -1');
  }
  if (directions.length === 0) {
    throw new DatabaseError(2, 'The $sort pattern is empty when it should be a set of fields.');
  }
  if (isDoc(sort)) return sortComparator(valueSort(sort));
  return (a, b) => (directions[0] ?? 1) * compareValues(a, b);
}

function pushPlan(operand: Value): PushPlan {
  const each = isDoc(operand) ? operand.get('$each') : undefined;
  if (!isDoc(operand) || each === undefined)
    return { each: [operand], position: null, slice: null, sort: null };
  if (!Array.isArray(each)) {
    throw new DatabaseError(
      2,
      `The argument to $each in $push must be an array but it was of type: ${typeName(each)}`,
    );
  }
  for (const name of operand.keys()) {
    if (!['$each', '$slice', '$sort', '$position'].includes(name)) {
      throw new DatabaseError(2, `Unrecognized clause in $push: ${name}`);
    }
  }
  return {
    each,
    position: wholeNumber(operand.get('$position'), '$position'),
    slice: wholeNumber(operand.get('$slice'), '$slice'),
    sort: pushSort(operand.get('$sort')),
  };
}

function push(operand: Value): Change {
  const plan = pushPlan(operand);
  return (current, place) => {
    if (current !== undefined && !Array.isArray(current)) {
      throw new DatabaseError(
        2,
        `The field '${place.path.join('.')}' must be an array but is of type ${typeName(current)} in document {_id: ${show(place.root.get('_id'))}}`,
      );
    }
    const before = current ?? [];
    const at = plan.position ?? before.length;
    // Not spliced: a long list would not fit the arguments of one call.
    const out = before.slice(0, at).concat(plan.each, before.slice(at));
    if (plan.sort) out.sort(plan.sort);
    if (plan.slice === null) return out;
    return plan.slice >= 0 ? out.slice(0, plan.slice) : out.slice(plan.slice);
  };
}

function addToSet(operand: Value): Change {
  const hasEach = isDoc(operand) && operand.keys().next().value === '$each';
  const each = hasEach ? operand.get('$each') : [operand];
  if (!Array.isArray(each)) {
    throw new DatabaseError(
      14,
      'The argument to $each in $addToSet must be an array but it was of another type',
    );
  }
  if (hasEach && operand.size > 1) {
    throw new DatabaseError(2, 'Found unexpected fields after $each in $addToSet');
  }
  return (current, place) => {
    if (current !== undefined && !Array.isArray(current)) {
      throw new DatabaseError(
        2,
        `Cannot apply $addToSet to non-array field. Field named '${place.path.at(-1)}' has non-array type ${typeName(current)}`,
      );
    }
    const out = [...(current ?? [])];
    const known = new Set(out.map(identityOf));
    for (const value of each) {
      const identity = identityOf(value);
      if (!known.has(identity)) out.push(value);
      known.add(identity);
    }
    return out;
  };
}

const LOGICAL: ReadonlySet<string> = new Set(['$and', '$or', '$nor', '$expr']);

/** A document is a filter for the elements that are documents; operators and expressions test any element, and look
 *  into an array as they would in a field; all else is equality. */
function pullTest(operand: Value): (element: Value) => boolean {
  const first = isDoc(operand) ? (operand.keys().next().value ?? '') : '';
  if (operand instanceof Regex || (first.startsWith('$') && !LOGICAL.has(first))) {
    const test = compileFilter(new Map([['', operand]]));
    return (element) => test(new Map([['', element]]));
  }
  if (!isDoc(operand)) return (element) => equalValues(element, operand);
  const test = compileFilter(operand);
  return (element) => isDoc(element) && test(element);
}

function pull(test: (element: Value) => boolean, operator: string): Change {
  return (current) => {
    if (current === undefined) return undefined;
    if (!Array.isArray(current)) throw new DatabaseError(2, `Cannot apply ${operator} to a non-array value`);
    return current.filter((element) => !test(element));
  };
}

function pullAll(operand: Value): Change {
  if (!Array.isArray(operand)) throw new DatabaseError(2, '$pullAll requires an array argument');
  let unwanted: ReadonlySet<string> | null = null;
  return pull((element) => {
    unwanted ??= new Set(operand.map(identityOf));
    return unwanted.has(identityOf(element));
  }, '$pullAll');
}

function pop(operand: Value): Change {
  const end = asNumber(operand);
  if (end !== 1 && end !== -1) throw new DatabaseError(9, `$pop expects 1 or -1, found: ${show(operand)}`);
  return (current, place) => {
    if (current === undefined) return undefined;
    if (!Array.isArray(current)) {
      throw new DatabaseError(
        14,
        `Path '${place.path.join('.')}' contains an element of non-array type '${typeName(current)}'`,
      );
    }
    return end === 1 ? current.slice(0, -1) : current.slice(1);
  };
}

/** The change for an array operator, null when the name is none.
 *  @throws 2 BadValue, 9 FailedToParse for a wrong operand */
export function arrayChange(operator: string, operand: Value): Change | null {
  switch (operator) {
    case '$push':
      return push(operand);
    case '$addToSet':
      return addToSet(operand);
    case '$pull':
      return pull(pullTest(operand), '$pull');
    case '$pullAll':
      return pullAll(operand);
    case '$pop':
      return pop(operand);
    default:
      return null;
  }
}
