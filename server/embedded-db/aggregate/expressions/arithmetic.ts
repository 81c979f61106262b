// $add, $subtract, $multiply, $divide, $mod, $abs.
import { Decimal, Int32, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { calculate } from '../../value/arithmetic.ts';
import { type Numeric, toDecimal, toDouble } from '../../value/decimal.ts';
import { divideDecimals, remainderOfDecimals } from '../../value/decimal-division.ts';
import { isNumber, typeName } from '../../value/type-order.ts';
import { isNothing, type Maybe, type OperatorTable, strict } from '../scope.ts';

/** `$type`-like name of a value that may be missing, for messages. */
export function nameOf(value: Maybe): string {
  return value === undefined ? 'missing' : typeName(value);
}

/** A sum that becomes a double when an int64 overflows, as in the server's expressions. */
export function sum(a: Numeric, b: Numeric): Numeric {
  return calculate('add', a, b) ?? toDouble(a) + toDouble(b);
}

/** A quotient of doubles, or of decimals when one is a decimal.
 *  @throws 2 BadValue for a zero divisor */
export function divide(a: Numeric, b: Numeric): Numeric {
  if (toDouble(b) === 0) throw new DatabaseError(2, "can't $divide by zero");
  if (a instanceof Decimal || b instanceof Decimal) return divideDecimals(toDecimal(a), toDecimal(b));
  return toDouble(a) / toDouble(b);
}

/** A date moved by milliseconds; halves go away from zero.
 *  @throws 2 BadValue when it leaves the range of dates */
function shifted(date: Date, by: number): Date {
  const out = new Date(date.getTime() + Math.sign(by) * Math.round(Math.abs(by)));
  if (Number.isNaN(out.getTime())) throw new DatabaseError(2, 'date overflow in $add');
  return out;
}

function add(values: readonly Maybe[]): Value {
  let total: Numeric = new Int32(0);
  let date: Date | null = null;
  for (const value of values) {
    if (isNothing(value)) return null;
    if (value instanceof Date) {
      if (date) throw new DatabaseError(16612, 'only one date allowed in an $add expression');
      date = value;
    } else if (isNumber(value)) total = sum(total, value);
    else throw new DatabaseError(14, `$add only supports numeric or date types, not ${typeName(value)}`);
  }
  return date ? shifted(date, toDouble(total)) : total;
}

function negate(value: Numeric): Numeric {
  if (typeof value === 'number') return -value;
  if (value instanceof Decimal) {
    return new Decimal(value.kind, !value.negative, value.coefficient, value.exponent);
  }
  return calculate('multiply', value, new Int32(-1)) ?? -toDouble(value);
}

/** `a - b` in the widest type of both. */
export function difference(a: Numeric, b: Numeric): Numeric {
  if (b === -(1n << 63n) && !(a instanceof Decimal)) return toDouble(a) - toDouble(b);
  // An int negated alone may need a long, the difference may not.
  if (a instanceof Int32 && b instanceof Int32) {
    const out = a.value - b.value;
    return out >= -2147483648 && out <= 2147483647 ? new Int32(out) : BigInt(out);
  }
  return sum(a, negate(b));
}

function subtract([a, b]: readonly Maybe[]): Value {
  if (isNothing(a) || isNothing(b)) return null;
  if (isNumber(a) && isNumber(b)) return difference(a, b);
  if (a instanceof Date && b instanceof Date) return BigInt(a.getTime() - b.getTime());
  if (a instanceof Date && isNumber(b)) return shifted(a, -toDouble(b));
  throw new DatabaseError(14, `can't $subtract ${typeName(b)} from ${typeName(a)}`);
}

function multiply(values: readonly Maybe[]): Value {
  let total: Numeric = new Int32(1);
  for (const value of values) {
    if (isNothing(value)) return null;
    if (!isNumber(value)) {
      throw new DatabaseError(14, `$multiply only supports numeric types, not ${typeName(value)}`);
    }
    total = calculate('multiply', total, value) ?? toDouble(total) * toDouble(value);
  }
  return total;
}

function quotient([a, b]: readonly Maybe[]): Value {
  if (isNothing(a) || isNothing(b)) return null;
  if (isNumber(a) && isNumber(b)) return divide(a, b);
  throw new DatabaseError(14, `$divide only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
}

function integerOf(value: Numeric): bigint | null {
  if (typeof value === 'bigint') return value;
  return value instanceof Int32 ? BigInt(value.value) : null;
}

function modulo([a, b]: readonly Maybe[]): Value {
  if (isNothing(a) || isNothing(b)) return null;
  if (!isNumber(a) || !isNumber(b)) {
    throw new DatabaseError(16611, `$mod only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
  }
  if (toDouble(b) === 0) throw new DatabaseError(16610, "can't $mod by zero");
  if (a instanceof Decimal || b instanceof Decimal) return remainderOfDecimals(toDecimal(a), toDecimal(b));
  const [x, y] = [integerOf(a), integerOf(b)];
  if (x === null || y === null) return toDouble(a) % toDouble(b);
  return a instanceof Int32 && b instanceof Int32 ? new Int32(Number(x % y)) : x % y;
}

function absolute([value]: readonly Maybe[]): Value {
  if (isNothing(value)) return null;
  if (!isNumber(value))
    throw new DatabaseError(28765, `$abs only supports numeric types, not ${typeName(value)}`);
  if (value === -(1n << 63n)) throw new DatabaseError(28680, "can't take $abs of long long min");
  if (typeof value === 'number') return Math.abs(value);
  const isNegative = value instanceof Decimal ? value.negative : toDouble(value) < 0;
  return isNegative ? negate(value) : value;
}

/** Basic arithmetic. */
export const ARITHMETIC: OperatorTable = new Map([
  strict('$add', null, add),
  strict('$subtract', 2, subtract),
  strict('$multiply', null, multiply),
  strict('$divide', 2, quotient),
  strict('$mod', 2, modulo),
  strict('$abs', 1, absolute),
]);
