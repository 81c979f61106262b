// Update operators on single values: $set, $inc, $mul, $min, $max, $currentDate and their kind.

import { show } from '../bson/show.ts';
import { type Doc, Int32, isDoc, Timestamp, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { calculate } from '../value/arithmetic.ts';
import { compareValues } from '../value/compare.ts';
import { isNumber, typeName } from '../value/type-order.ts';

/** What an operator knows of its place: the document before the change, for messages. */
export interface Place {
  readonly root: Doc;
  readonly path: readonly string[];
}

/** Gives the new value, or `undefined` to leave the field alone. */
export type Change = (current: Value | undefined, place: Place) => Value | undefined;

function arithmetic(operator: '$inc' | '$mul', operand: Value, name: string): Change {
  const verb = operator === '$inc' ? 'increment' : 'multiply';
  if (!isNumber(operand)) {
    throw new DatabaseError(14, `Cannot ${verb} with non-numeric argument: {${name}: ${show(operand)}}`);
  }
  return (current, place) => {
    if (current === undefined)
      return operator === '$inc' ? operand : (calculate('multiply', new Int32(0), operand) ?? 0);
    if (!isNumber(current)) {
      throw new DatabaseError(
        14,
        `Cannot apply ${operator} to a value of non-numeric type. {_id: ${show(place.root.get('_id'))}} has the field '${place.path.at(-1)}' of non-numeric type ${typeName(current)}`,
      );
    }
    const result = calculate(operator === '$inc' ? 'add' : 'multiply', current, operand);
    if (result !== null) return result;
    throw new DatabaseError(
      2,
      `Failed to apply ${operator} operations to current value (${show(current)}) for document {_id: ${show(place.root.get('_id'))}}`,
    );
  };
}

function extreme(operand: Value, sign: 1 | -1): Change {
  return (current) =>
    current === undefined || compareValues(operand, current) * sign > 0 ? operand : undefined;
}

function currentDate(operand: Value, now: () => Date): Change {
  const type = isDoc(operand) ? operand.get('$type') : operand;
  if (type === 'timestamp') return () => new Timestamp(BigInt(Math.floor(now().getTime() / 1000)) << 32n);
  if (type === 'date' || typeof type === 'boolean') return () => now();
  throw new DatabaseError(
    2,
    `${show(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
  );
}

/** The change for a field operator, null when the name is none.
 *  @throws 14 TypeMismatch, 2 BadValue for a wrong operand */
export function fieldChange(operator: string, operand: Value, name: string): Change | null {
  switch (operator) {
    case '$set':
    case '$setOnInsert':
      return () => operand;
    case '$inc':
    case '$mul':
      return arithmetic(operator, operand, name);
    case '$min':
      return extreme(operand, -1);
    case '$max':
      return extreme(operand, 1);
    case '$currentDate':
      return currentDate(operand, () => new Date());
    default:
      return null;
  }
}
