// The update operator $bit.

import { show } from '../bson/show.ts';
import { Int32, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { typeName } from '../value/type-order.ts';
import type { Change } from './field-operators.ts';

type Whole = Int32 | bigint;

interface Operation {
  readonly by: Whole;
  readonly apply: (a: bigint, b: bigint) => bigint;
}

const OPERATIONS: Readonly<Record<string, Operation['apply']>> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};

function isWhole(value: Value | undefined): value is Whole {
  return typeof value === 'bigint' || value instanceof Int32;
}

function bigOf(value: Whole): bigint {
  return typeof value === 'bigint' ? value : BigInt(value.value);
}

function readOperation(name: string, by: Value): Operation {
  const apply = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  const shown = `{${name}: ${show(by)}}`;
  if (!apply) {
    throw new DatabaseError(
      2,
      `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: ${shown}`,
    );
  }
  if (isWhole(by)) return { by, apply };
  throw new DatabaseError(
    2,
    `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(by)}' is not supported here: ${shown}`,
  );
}

/** The change of `{ and | or | xor: whole number }`; a missing field counts as the int 0.
 *  @throws 2 BadValue for wrong operands and for fields that are no whole number */
export function bitChange(operand: Value, name: string): Change {
  if (!isDoc(operand)) {
    throw new DatabaseError(
      2,
      `The $bit modifier is not compatible with a ${typeName(operand)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`,
    );
  }
  if (operand.size === 0) {
    throw new DatabaseError(
      2,
      `You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}`,
    );
  }
  const operations = [...operand].map(([operation, by]) => readOperation(operation, by));
  return (current = new Int32(0), { root }) => {
    if (!isWhole(current)) {
      throw new DatabaseError(
        2,
        `Cannot apply $bit to a value of non-integral type._id: ${show(root.get('_id'))} has the field ${name} of non-integer type ${typeName(current)}`,
      );
    }
    const isLong = typeof current === 'bigint' || operations.some(({ by }) => typeof by === 'bigint');
    const out = operations.reduce((value, { by, apply }) => apply(value, bigOf(by)), bigOf(current));
    return isLong ? out : new Int32(Number(out));
  };
}
