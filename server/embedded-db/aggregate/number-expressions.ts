// Expressions on numbers and dates.
import { Decimal, Int32, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { calculate } from '../value/arithmetic.ts';
import { type Numeric, parseDecimal, toDecimal, toDouble } from '../value/decimal.ts';
import { isNumber, typeName } from '../value/type-order.ts';
import { isNothing, type OperatorTable, strict } from './scope.ts';

function wrongType(name: string, value: Value): DatabaseError {
  return new DatabaseError(14, `${name} only supports numeric types, not ${typeName(value)}`);
}

function numeric(name: string, value: Value | undefined): Numeric {
  if (isNumber(value)) return value;
  throw wrongType(name, value ?? null);
}

/** A sum that becomes a double when an int64 overflows, as in the server's expressions. */
export function sum(a: Numeric, b: Numeric): Numeric {
  return calculate('add', a, b) ?? toDouble(a) + toDouble(b);
}

/** A quotient of doubles, or of decimals when one is a decimal.
 *  @throws 2 BadValue for a zero divisor */
export function divide(a: Numeric, b: Numeric): Numeric {
  if (toDouble(b) === 0) throw new DatabaseError(2, "can't $divide by zero");
  const quotient = toDouble(a) / toDouble(b);
  if (!(a instanceof Decimal || b instanceof Decimal)) return quotient;
  const exact = divideDecimals(toDecimal(a), toDecimal(b));
  return exact ?? parseDecimal(String(quotient));
}

function divideDecimals(a: Decimal, b: Decimal): Decimal | null {
  if (a.kind !== 'finite' || b.kind !== 'finite') return null;
  const scaled = (a.coefficient * 10n ** 68n) / b.coefficient;
  const digits = scaled.toString();
  const drop = Math.max(digits.length - 34, 0);
  let coefficient = BigInt(digits.slice(0, digits.length - drop) || '0');
  let exponent = a.exponent - b.exponent - 68 + drop;
  while (coefficient !== 0n && coefficient % 10n === 0n && exponent < 0) {
    coefficient /= 10n;
    exponent++;
  }
  return new Decimal('finite', a.negative !== b.negative, coefficient, exponent);
}

function add(values: (Value | undefined)[]): Value {
  let total: Numeric = new Int32(0);
  let date: Date | null = null;
  for (const value of values) {
    if (isNothing(value)) return null;
    if (value instanceof Date) {
      if (date) throw new DatabaseError(16612, 'only one date allowed in an $add expression');
      date = value;
    } else total = sum(total, numeric('$add', value));
  }
  return date ? new Date(date.getTime() + toDouble(total)) : total;
}

function negate(value: Numeric): Numeric {
  return calculate('multiply', value, new Int32(-1)) ?? -toDouble(value);
}

function subtract([a, b]: (Value | undefined)[]): Value {
  if (isNothing(a) || isNothing(b)) return null;
  if (a instanceof Date && b instanceof Date) return BigInt(a.getTime() - b.getTime());
  if (a instanceof Date) return new Date(a.getTime() - toDouble(numeric('$subtract', b)));
  return sum(numeric('$subtract', a), negate(numeric('$subtract', b)));
}

function multiply(values: (Value | undefined)[]): Value {
  let total: Numeric = new Int32(1);
  for (const value of values) {
    if (isNothing(value)) return null;
    const next = numeric('$multiply', value);
    total = calculate('multiply', total, next) ?? toDouble(total) * toDouble(next);
  }
  return total;
}

function modulo([a, b]: (Value | undefined)[]): Value {
  if (isNothing(a) || isNothing(b)) return null;
  const [x, y] = [numeric('$mod', a), numeric('$mod', b)];
  if (toDouble(y) === 0) throw new DatabaseError(16610, "can't $mod by zero");
  if (x instanceof Int32 && y instanceof Int32) return new Int32(x.value % y.value);
  const isWhole = (value: Numeric) => typeof value === 'bigint' || value instanceof Int32;
  if (isWhole(x) && isWhole(y)) return whole(x) % whole(y);
  return toDouble(x) % toDouble(y);
}

function whole(value: Numeric): bigint {
  return typeof value === 'bigint' ? value : BigInt(toDouble(value));
}

/** Rounding leaves whole number types alone. */
function rounding(name: string, round: (value: number) => number) {
  return strict(name, 1, ([value]) => {
    if (isNothing(value)) return null;
    const number = numeric(name, value);
    if (typeof number === 'number') return round(number);
    return number instanceof Decimal ? parseDecimal(String(round(toDouble(number)))) : number;
  });
}

/** Arithmetic operators. */
export const NUMBER_OPERATORS: OperatorTable = new Map([
  strict('$add', null, add),
  strict('$subtract', 2, subtract),
  strict('$multiply', null, multiply),
  strict('$divide', 2, ([a, b]) =>
    isNothing(a) || isNothing(b) ? null : divide(numeric('$divide', a), numeric('$divide', b)),
  ),
  strict('$mod', 2, modulo),
  strict('$abs', 1, ([value]) => {
    if (isNothing(value)) return null;
    const number = numeric('$abs', value);
    return toDouble(number) < 0 ? negate(number) : number;
  }),
  rounding('$ceil', Math.ceil),
  rounding('$floor', Math.floor),
]);
