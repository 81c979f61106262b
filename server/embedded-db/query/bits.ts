// $bitsAllSet, $bitsAnySet, $bitsAllClear, $bitsAnyClear.
import { Binary, Int32, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { asNumber } from '../value/arithmetic.ts';
import { isNumber, typeName } from '../value/type-order.ts';
import type { ValueTest } from './predicate.ts';

function position(name: string, value: Value): number {
  const found = isNumber(value) ? asNumber(value) : null;
  if (found === null || !Number.isInteger(found) || found < 0 || found > 2147483647) {
    throw new DatabaseError(
      2,
      `bit positions cannot be represented as a 32-bit signed integer, or are negative, in ${name}`,
    );
  }
  return found;
}

function positionsOfMask(name: string, value: Value): number[] {
  const mask = asNumber(value) ?? Number.NaN;
  if (!Number.isInteger(mask) || mask < 0 || mask >= 2 ** 63) {
    throw new DatabaseError(9, `Expected a non-negative integer in: ${name}`);
  }
  const bits = typeof value === 'bigint' ? value : BigInt(mask);
  return Array.from({ length: 63 }, (_, at) => at).filter((at) => (bits >> BigInt(at)) & 1n);
}

function positionsOfBytes(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length * 8 }, (_, at) => at).filter((at) => isSetInBytes(bytes, at));
}

function isSetInBytes(bytes: Buffer, at: number): boolean {
  return (((bytes[at >> 3] ?? 0) >> (at & 7)) & 1) === 1;
}

function positionsOf(name: string, operand: Value): number[] {
  if (Array.isArray(operand)) return operand.map((each) => position(name, each));
  if (operand instanceof Binary) return positionsOfBytes(operand.bytes);
  if (isNumber(operand)) return positionsOfMask(name, operand);
  throw new DatabaseError(
    2,
    `${name} takes an Array, a number, or a BinData but received: ${typeName(operand)}`,
  );
}

/** A whole number of 64 bits; null for everything else, decimals among them. */
function wholeOf(value: Value | undefined): bigint | null {
  if (value instanceof Int32) return BigInt(value.value);
  if (typeof value === 'bigint') return value;
  const isWhole =
    typeof value === 'number' && Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
  return isWhole ? BigInt(value) : null;
}

/** How to ask for single bits of a value; null when it has none. */
function bitsOf(value: Value | undefined): ((at: number) => boolean) | null {
  if (value instanceof Binary) return (at) => isSetInBytes(value.bytes, at);
  const whole = wholeOf(value);
  // The sign goes on for ever.
  return whole === null ? null : (at) => ((whole >> BigInt(Math.min(at, 63))) & 1n) === 1n;
}

/** Tests numbers and binary data; bit 0 is the lowest of the first byte.
 *  @throws 2 BadValue, 9 FailedToParse for anything but positions, a mask or binary data */
export function testsBits(name: string, operand: Value): ValueTest {
  const positions = positionsOf(name, operand);
  const isWanted = name.endsWith('Set');
  const isAll = name.startsWith('$bitsAll');
  return (value) => {
    const isSet = bitsOf(value);
    if (!isSet) return false;
    const holds = (at: number) => isSet(at) === isWanted;
    return isAll ? positions.every(holds) : positions.some(holds);
  };
}
