// Roots, exponentials, logarithms and powers of decimals, in fixed point with guard digits.
import { Decimal } from '../bson/value.ts';
import { decimalOf, exactOf, parseDecimal, toDecimal, toDouble } from './decimal.ts';

/** Digits after the point while computing; a result keeps 34. */
const DIGITS = 60;
const ONE = 10n ** BigInt(DIGITS);
const NAN = new Decimal('nan', false);
const INFINITE = new Decimal('infinite', false);

function result(coefficient: bigint, exponent = -DIGITS): Decimal {
  const out = decimalOf({ coefficient, exponent });
  // A value that is exact in fewer digits is given in those.
  let { coefficient: digits, exponent: at } = out;
  while (at < 0 && digits !== 0n && digits % 10n === 0n) {
    digits /= 10n;
    at++;
  }
  return new Decimal('finite', out.negative, digits, digits === 0n ? 0 : at);
}

function integerRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}

/** The square root of a value that is not negative. */
export function squareRoot(value: Decimal): Decimal {
  const exact = exactOf(value);
  if (!exact) return value;
  if (exact.coefficient === 0n)
    return new Decimal('finite', value.negative, 0n, Math.floor(exact.exponent / 2));
  const even = exact.exponent - (exact.exponent & 1);
  const scale = 80;
  const scaled = exact.coefficient * 10n ** BigInt(exact.exponent - even + scale);
  return result(integerRoot(scaled), (even - scale) / 2);
}

/** ln of a fixed-point value near one, by the series of artanh. */
function logNearOne(value: bigint): bigint {
  const ratio = ((value - ONE) * ONE) / (value + ONE);
  const square = (ratio * ratio) / ONE;
  let term = ratio;
  let total = 0n;
  for (let n = 1n; term !== 0n; n += 2n) {
    total += term / n;
    term = (term * square) / ONE;
  }
  return total * 2n;
}

const LN_2 = logNearOne(2n * ONE);
const LN_10 = logNearOne((ONE * 5n) / 4n) + 3n * LN_2;

function fixedLog(coefficient: bigint, exponent: number): bigint {
  const digits = coefficient.toString().length;
  let mantissa = coefficient * 10n ** BigInt(DIGITS);
  mantissa /= 10n ** BigInt(digits - 1);
  let halvings = 0n;
  while (mantissa > (ONE * 3n) / 2n) {
    mantissa /= 2n;
    halvings++;
  }
  return logNearOne(mantissa) + halvings * LN_2 + BigInt(exponent + digits - 1) * LN_10;
}

/** The natural logarithm of a positive value. */
export function logarithm(value: Decimal): Decimal {
  const exact = exactOf(value);
  return exact ? result(fixedLog(exact.coefficient, exact.exponent)) : value;
}

/** The logarithm of a positive value to a positive base. */
export function logarithmTo(base: Decimal, value: Decimal): Decimal {
  const [x, y] = [exactOf(value), exactOf(base)];
  if (!x || !y) return x ? NAN : value;
  return result((fixedLog(x.coefficient, x.exponent) * ONE) / fixedLog(y.coefficient, y.exponent));
}

/** e to a fixed-point power: the power of ten is split off, the rest is a series. */
function exponentialOf(power: bigint): Decimal {
  const tens = power / LN_10;
  if (tens > 7_000n) return INFINITE;
  if (tens < -7_000n) return new Decimal('finite', false, 0n, -6176);
  const rest = power - tens * LN_10;
  let term = ONE;
  let total = 0n;
  for (let n = 1n; term !== 0n; n++) {
    total += term;
    term = (term * rest) / (ONE * n);
  }
  return result(total, Number(tens) - DIGITS);
}

function fixed(value: { coefficient: bigint; exponent: number }): bigint {
  const shift = value.exponent + DIGITS;
  return shift >= 0 ? value.coefficient * 10n ** BigInt(shift) : value.coefficient / 10n ** BigInt(-shift);
}

/** e to the power of a decimal. */
export function exponential(value: Decimal): Decimal {
  const exact = exactOf(value);
  if (exact && exact.exponent < 6) return exponentialOf(fixed(exact));
  if (value.kind === 'nan') return NAN;
  return value.negative ? parseDecimal('0') : INFINITE;
}

/** A power of decimals: exact for small whole exponents. */
export function powerOf(base: Decimal, exponent: Decimal): Decimal {
  const [x, y] = [exactOf(base), exactOf(exponent)];
  if (!x || !y) return specialPower(base, exponent);
  const isWhole = y.exponent >= 0 || y.coefficient % 10n ** BigInt(-y.exponent) === 0n;
  const whole = isWhole ? fixed(y) / ONE : null;
  if (whole !== null && whole >= 0n && whole <= 1_000n) {
    return decimalOf({ coefficient: x.coefficient ** whole, exponent: x.exponent * Number(whole) });
  }
  if (x.coefficient === 0n) return parseDecimal('0');
  if (x.coefficient < 0n && whole === null) return NAN;
  const size = x.coefficient < 0n ? -x.coefficient : x.coefficient;
  const out = exponentialOf((fixedLog(size, x.exponent) * fixed(y)) / ONE);
  const isOdd = whole !== null && whole % 2n !== 0n;
  return x.coefficient < 0n && isOdd ? new Decimal(out.kind, true, out.coefficient, out.exponent) : out;
}

/** A power of which a part is infinite or NaN, as for doubles. */
function specialPower(base: Decimal, exponent: Decimal): Decimal {
  return toDecimal(toDouble(base) ** toDouble(exponent));
}
