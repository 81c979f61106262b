// Operands of date operators: moments and time zones.
import { FarDate, ObjectId, Timestamp, type Value } from '../bson/value.ts';
import { DatabaseError, notSupported } from '../database-error.ts';
import { typeName } from '../value/type-order.ts';
import { isNothing, type Maybe } from './scope.ts';
import { UTC, type Zone, zoneOf } from './time-zone.ts';

/** The moment of a date, timestamp or ObjectId; null for other types. */
export function momentOf(value: Value): Date | null {
  if (value instanceof Date) return value;
  if (value instanceof Timestamp) return new Date(Number(value.bits >> 32n) * 1000);
  if (value instanceof ObjectId) return new Date(value.bytes.readUInt32BE(0) * 1000);
  return null;
}

/** @throws 16006 for values without a moment; 115 for moments no calendar of ours reaches */
export function dateOperand(value: Value): Date {
  const found = momentOf(value);
  if (found instanceof FarDate) throw notSupported('a date so far away');
  if (found) return found;
  throw new DatabaseError(16006, `can't convert from BSON type ${typeName(value)} to Date`);
}

/** The zone of an operand: UTC when the operator has none, null when its value is null or missing.
 *  @throws 40517 for anything but text, 40485 for unknown zones */
export function zoneOperand(value: Maybe, isGiven: boolean): Zone | null {
  if (!isGiven) return UTC;
  if (isNothing(value)) return null;
  if (typeof value === 'string') return zoneOf(value);
  throw new DatabaseError(40517, `timezone must evaluate to a string, found ${typeName(value)}`);
}
