// Operands that have to be whole numbers of 32 bits, with the codes each operator refuses others with.

import { show } from '../../bson/show.ts';
import type { Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { asNumber } from '../../value/arithmetic.ts';
import { nameOf } from './arithmetic.ts';

/** A number of any type that is a 32-bit integer; null when it is none. */
export function int32Of(value: Value | undefined): number | null {
  const number = asNumber(value);
  return number !== null && (number | 0) === number ? number : null;
}

/** @throws `typeCode` when it is no number, `typeCode + 1` when it is no 32-bit integer */
export function int32Operand(what: string, value: Value | undefined, typeCode: number): number {
  if (asNumber(value) === null) {
    throw new DatabaseError(typeCode, `${what} must be a numeric value, but is ${nameOf(value)}`);
  }
  const number = int32Of(value);
  if (number !== null) return number;
  throw new DatabaseError(typeCode + 1, `${what} must be representable as a 32-bit integer: ${show(value)}`);
}

/** A place to start or stop looking at.
 *  @throws 40096 when it is not whole, 40097 when it is negative */
export function placeOperand(
  operator: string,
  which: 'starting' | 'ending',
  value: Value | undefined,
): number {
  const number = int32Of(value);
  if (number === null) {
    throw new DatabaseError(
      40096,
      `${operator} requires an integral ${which} index, found a value of type: ${nameOf(value)}, with value: "${show(value)}"`,
    );
  }
  if (number >= 0) return number;
  throw new DatabaseError(40097, `${operator} requires a nonnegative ${which} index, found: ${number}`);
}
