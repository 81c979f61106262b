// What counts as true in expressions and flags.
import { Decimal, Int32, type Value } from '../bson/value.ts';

/** False for missing, null, false and zero of any number type; true for everything else, also NaN and ''. */
export function truthy(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === false) return false;
  if (value instanceof Int32) return value.value !== 0;
  if (value instanceof Decimal) return value.kind !== 'finite' || value.coefficient !== 0n;
  return value !== 0 && value !== 0n;
}
