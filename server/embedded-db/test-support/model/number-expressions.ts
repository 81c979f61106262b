// The model of arithmetic: operators and the sums of accumulators, with the types the server answers.
import { Decimal128, Double, Int32, Long } from 'bson';
import {
  addExact,
  bigOf,
  combine,
  decimalOperand,
  type Exact,
  exact,
  integer,
  isInteger,
  isNumber,
  type Numeric,
  scaled,
  toDecimal,
  toNumber,
} from './numbers.ts';
import { compare, ModelError, type Value } from './values.ts';

type Operator = (args: readonly Value[]) => Value;

function isNothing(value: Value): boolean {
  return value === undefined || value === null;
}

/** Null for nothing, an error for what is no number. */
function onNumbers(work: (numbers: readonly Numeric[]) => Value): Operator {
  return (args) => {
    if (args.some(isNothing)) return null;
    if (!args.every(isNumber)) throw new ModelError(0, 'only numeric types');
    return work(args);
  };
}

function negative(value: Numeric): Numeric {
  return combine('*', value, new Int32(-1)) ?? new Double(-toNumber(value));
}

/** A long that overflows becomes a double. */
function fold(op: '+' | '*', numbers: readonly Numeric[]): Numeric {
  const start: Numeric = new Int32(op === '+' ? 0 : 1);
  return numbers.reduce<Numeric>((left, right) => {
    const asDouble = () =>
      new Double(op === '+' ? toNumber(left) + toNumber(right) : toNumber(left) * toNumber(right));
    return combine(op, left, right) ?? asDouble();
  }, start);
}

/** The sum of what is a number among values; int, long, double or decimal as the widest of them.
 *  Source: the server adds doubles with more digits than a double has, and rounds once. */
export function sum(values: readonly Value[]): Numeric {
  const numbers = values.filter(isNumber);
  const decimals = numbers.filter((one) => one instanceof Decimal128);
  const others = numbers.filter((one) => !(one instanceof Decimal128));
  const total = others.map(exact).reduce(addExact, exact(new Int32(0)));
  if (decimals.length > 0) {
    const ofDecimals = decimals.reduce(
      (left, right) => toDecimal(addExact(exact(left), exact(right))),
      Decimal128.fromString('0'),
    );
    return toDecimal(addExact(exact(ofDecimals), exact(inTwoDoubles(total))));
  }
  if (others.every(isInteger)) {
    const whole = total.negative ? -total.coefficient : total.coefficient;
    const fit = integer(
      whole,
      others.some((one) => one instanceof Long),
    );
    if (fit !== null) return fit;
  }
  return new Double(rounded(total));
}

/** The sum of doubles is kept in two doubles, each of which becomes a decimal of 34 digits. */
function inTwoDoubles(total: Exact): Decimal128 {
  const high = rounded(total);
  if (!Number.isFinite(high)) return toDecimal(total);
  const rest = addExact(total, exact(new Double(-high)));
  return toDecimal(
    addExact(exact(toDecimal(exact(new Double(high)))), exact(toDecimal(exact(new Double(rounded(rest)))))),
  );
}

function rounded(value: Exact): number {
  const sign = value.negative ? -1 : 1;
  if (value.special === 'nan') return Number.NaN;
  if (value.special === 'infinity') return sign * Number.POSITIVE_INFINITY;
  return sign * Number(`${value.coefficient}e${value.exponent}`);
}

/** The mean of what is a number; null for none. */
export function average(values: readonly Value[]): Value {
  const numbers = values.filter(isNumber);
  if (numbers.length === 0) return null;
  const total = sum(numbers);
  const count = new Int32(numbers.length);
  if (total instanceof Decimal128) return divided(total, count);
  const exactly = numbers.map(exact).reduce(addExact, exact(new Int32(0)));
  return new Double(rounded(exactly) / numbers.length);
}

function isZero(value: Numeric): boolean {
  return exact(value).special === undefined && exact(value).coefficient === 0n;
}

function divided(left: Numeric, right: Numeric): Numeric {
  if (isZero(right)) throw new ModelError(0, "can't $divide by zero");
  if (!(left instanceof Decimal128 || right instanceof Decimal128))
    return new Double(toNumber(left) / toNumber(right));
  return decimalQuotient(decimalOperand(left), decimalOperand(right));
}

/** Source: IEEE 754-2008: an exact quotient has the exponent nearest to the difference, others have 34 digits. */
function decimalQuotient(left: Exact, right: Exact): Numeric {
  if (left.special || right.special) {
    const value = sizeless(left) / sizeless(right);
    return Decimal128.fromString(
      Number.isFinite(value) ? (Object.is(value, -0) ? '-0E-6176' : '0E-6176') : String(value),
    );
  }
  const wanted = left.exponent - right.exponent;
  const digits = 40n + BigInt(right.coefficient.toString().length);
  const scaled = left.coefficient * 10n ** digits;
  let coefficient = scaled / right.coefficient;
  let exponent = wanted - Number(digits);
  const isExact = scaled % right.coefficient === 0n;
  // A last digit that is not zero keeps the rounding of an endless quotient honest.
  if (!isExact) coefficient = coefficient * 10n + 1n;
  if (!isExact) exponent--;
  while (isExact && exponent < wanted && coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent++;
  }
  return toDecimal({ negative: left.negative !== right.negative, coefficient, exponent });
}

function sizeless(value: Exact): number {
  if (value.special === 'nan') return Number.NaN;
  const size = value.special ? Number.POSITIVE_INFINITY : value.coefficient === 0n ? 0 : 1;
  return value.negative ? -size : size;
}

function remainder(left: Numeric, right: Numeric): Numeric {
  if (isZero(right)) throw new ModelError(0, "can't $mod by zero");
  if (isInteger(left) && isInteger(right)) {
    return integer(bigOf(left) % bigOf(right), left instanceof Long || right instanceof Long) as Numeric;
  }
  if (!(left instanceof Decimal128 || right instanceof Decimal128)) {
    return new Double(toNumber(left) % toNumber(right));
  }
  const [x, y] = [decimalOperand(left), decimalOperand(right)];
  if (x.special || y.special === 'nan') return Decimal128.fromString('NaN');
  if (y.special) return toDecimal(x);
  const exponent = Math.min(x.exponent, y.exponent);
  return toDecimal({ ...x, coefficient: scaled(x, exponent) % scaled(y, exponent), exponent });
}

function towards(direction: 'up' | 'down'): Operator {
  return onNumbers(([value]) => {
    const round = direction === 'up' ? Math.ceil : Math.floor;
    if (value instanceof Double) return new Double(round(value.value));
    return value instanceof Decimal128 ? wholeDecimal(value, direction) : value;
  });
}

function wholeDecimal(value: Decimal128, direction: 'up' | 'down'): Decimal128 {
  const { special, negative, coefficient, exponent } = exact(value);
  if (special || exponent >= 0) return value;
  const unit = 10n ** BigInt(-exponent);
  const away = coefficient % unit !== 0n && negative === (direction === 'down');
  return toDecimal({ negative, coefficient: coefficient / unit + (away ? 1n : 0n), exponent: 0 });
}

/** The least or greatest value, null and missing left out; null for none. */
export function extreme(values: readonly Value[], sign: 1 | -1): Value {
  return values
    .filter((value) => !isNothing(value))
    .reduce<Value>(
      (best, value) => (isNothing(best) || compare(value, best) * sign > 0 ? value : best),
      null,
    );
}

/** A single array stands for its elements. */
function spread(args: readonly Value[]): readonly Value[] {
  return args.length === 1 && Array.isArray(args[0]) ? args[0] : args;
}

/** By name. */
export const NUMBER_OPERATORS: Readonly<Record<string, Operator>> = {
  $add: onNumbers((numbers) => fold('+', numbers)),
  $multiply: onNumbers((numbers) => fold('*', numbers)),
  $subtract: onNumbers(([left, right]) => fold('+', [left as Numeric, negative(right as Numeric)])),
  $divide: onNumbers(([left, right]) => divided(left as Numeric, right as Numeric)),
  $mod: onNumbers(([left, right]) => remainder(left as Numeric, right as Numeric)),
  $abs: onNumbers(([value]) => absolute(value as Numeric)),
  $ceil: towards('up'),
  $floor: towards('down'),
  $sum: (args) => sum(spread(args)),
  $avg: (args) => average(spread(args)),
  $min: (args) => extreme(spread(args), -1),
  $max: (args) => extreme(spread(args), 1),
};

function absolute(value: Numeric): Numeric {
  if (value instanceof Decimal128) return toDecimal({ ...exact(value), negative: false });
  if (value instanceof Double) return new Double(Math.abs(value.value));
  const found = bigOf(value) < 0n ? fold('*', [value, new Int32(-1)]) : value;
  if (found instanceof Double) throw new ModelError(0, "can't take $abs of long long min");
  return found;
}
