// $eq, $ne, $gt, $gte, $lt, $lte, $cmp.
import { Int32 } from '../../bson/value.ts';
import { type Environment, type Maybe, type OperatorTable, strict } from '../scope.ts';

/** Order of two values of which either may be missing; missing is before everything. */
function order(values: readonly Maybe[], { compare }: Environment): number {
  const [a, b] = values;
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return Math.sign(compare(a, b));
}

function comparison(name: string, accepts: (found: number) => boolean) {
  return strict(name, 2, (values, environment) => accepts(order(values, environment)));
}

/** Comparisons over all types, in the order of types. */
export const COMPARISON: OperatorTable = new Map([
  comparison('$eq', (found) => found === 0),
  comparison('$ne', (found) => found !== 0),
  comparison('$gt', (found) => found > 0),
  comparison('$gte', (found) => found >= 0),
  comparison('$lt', (found) => found < 0),
  comparison('$lte', (found) => found <= 0),
  strict('$cmp', 2, (values, environment) => new Int32(order(values, environment))),
]);
