// $setUnion and its kind: arrays without order and repetition.
import type { Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { compareValues } from '../../value/compare.ts';
import { effort } from '../../value/effort.ts';
import { identityOf } from '../../value/identity.ts';
import { isNothing, type Maybe, type OperatorTable, strict } from '../scope.ts';
import { truthy } from '../truth.ts';
import { nameOf } from './arithmetic.ts';

/** Values by their sort key: equal numbers of different types are one. */
type ValueSet = Map<string, Value>;

function keyOf(value: Value): string {
  return identityOf(value);
}

function setOf(values: readonly Value[]): ValueSet {
  const out: ValueSet = new Map();
  for (const value of values) {
    effort();
    const key = keyOf(value);
    if (!out.has(key)) out.set(key, value);
  }
  return out;
}

function sortedValues(found: ValueSet): Value[] {
  return [...found.values()].sort((a, b) => {
    effort();
    return compareValues(a, b);
  });
}

function array(value: Maybe, code: number, text: string): Value[] {
  if (Array.isArray(value)) return value;
  throw new DatabaseError(code, `${text} is of type: ${nameOf(value)}`);
}

function union(values: readonly Maybe[]): Value {
  const out: ValueSet = new Map();
  for (const value of values) {
    if (isNothing(value)) return null;
    const all = array(value, 17043, 'All operands of $setUnion must be arrays. One argument');
    for (const [key, each] of setOf(all)) if (!out.has(key)) out.set(key, each);
  }
  return sortedValues(out);
}

function intersection(values: readonly Maybe[]): Value {
  const sets: ValueSet[] = [];
  for (const value of values) {
    if (isNothing(value)) return null;
    sets.push(setOf(array(value, 17047, 'All operands of $setIntersection must be arrays. One argument')));
  }
  const [first, ...others] = sets;
  if (!first) return [];
  const shared = [...first].filter(([key]) => others.every((other) => other.has(key)));
  return sortedValues(new Map(shared));
}

function difference([first, second]: readonly Maybe[]): Value {
  if (isNothing(first) || isNothing(second)) return null;
  const text = 'both operands of $setDifference must be arrays.';
  const left = array(first, 17048, `${text} First argument`);
  const right = setOf(array(second, 17049, `${text} Second argument`));
  return [...setOf(left)].filter(([key]) => !right.has(key)).map(([, value]) => value);
}

function equal(values: readonly Maybe[]): Value {
  if (values.length < 2) {
    throw new DatabaseError(17045, `$setEquals needs at least two arguments had: ${values.length}`);
  }
  const sets = values.map((value, i) =>
    setOf(array(value, 17044, `All operands of $setEquals must be arrays. ${i + 1}-th argument`)),
  );
  const [first, ...others] = sets as [ValueSet, ...ValueSet[]];
  return others.every(
    (other) => other.size === first.size && [...other.keys()].every((key) => first.has(key)),
  );
}

function subset([first, second]: readonly Maybe[]): Value {
  const text = 'both operands of $setIsSubset must be arrays.';
  const left = setOf(array(first, 17046, `${text} First argument`));
  const right = setOf(array(second, 17042, `${text} Second argument`));
  return [...left.keys()].every((key) => right.has(key));
}

function elements(name: string, code: number, value: Maybe): Value[] {
  if (Array.isArray(value)) return value;
  throw new DatabaseError(code, `${name}'s argument must be an array, but is ${nameOf(value)}`);
}

/** Set operators; unions and intersections come sorted. */
export const SETS: OperatorTable = new Map([
  strict('$setUnion', null, union),
  strict('$setIntersection', null, intersection),
  strict('$setDifference', 2, difference),
  strict('$setEquals', null, equal),
  strict('$setIsSubset', 2, subset),
  strict('$anyElementTrue', 1, ([value]) => elements('$anyElementTrue', 17041, value).some(truthy)),
  strict('$allElementsTrue', 1, ([value]) => elements('$allElementsTrue', 17040, value).every(truthy)),
]);
