// $eq, $ne, $gt, $gte, $lt, $lte, $cmp.
import { Int32, MinKey } from '../../bson/value.ts';
import { compareValues } from '../../value/compare.ts';
import { type Maybe, type OperatorTable, strict } from '../scope.ts';

/** Order of two values of which either may be missing; missing is before everything but MinKey. */
function order([a, b]: readonly Maybe[]): number {
  if (a !== undefined && b !== undefined) return Math.sign(compareValues(a, b));
  return missingOrder(a) - missingOrder(b);
}

function missingOrder(value: Maybe): number {
  if (value === undefined) return 0;
  return value instanceof MinKey ? -1 : 1;
}

function comparison(name: string, accepts: (found: number) => boolean) {
  return strict(name, 2, (values) => accepts(order(values)));
}

/** Comparisons over all types, in the order of types. */
export const COMPARISON: OperatorTable = new Map([
  comparison('$eq', (found) => found === 0),
  comparison('$ne', (found) => found !== 0),
  comparison('$gt', (found) => found > 0),
  comparison('$gte', (found) => found >= 0),
  comparison('$lt', (found) => found < 0),
  comparison('$lte', (found) => found <= 0),
  strict('$cmp', 2, (values) => new Int32(order(values))),
]);
