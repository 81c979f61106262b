// Division of decimals, to 34 digits.
import { Decimal } from '../bson/value.ts';
import { align, decimalOf, type Exact, exactOf } from './decimal.ts';

const NAN = new Decimal('nan', false);

/** Strips zeros at the end as long as the exponent stays at or below the wanted one. */
function reduced(value: Exact, exponent: number): Exact {
  let { coefficient } = value;
  let at = value.exponent;
  while (at < exponent && coefficient % 10n === 0n) {
    coefficient /= 10n;
    at++;
  }
  return { coefficient, exponent: at };
}

function specialQuotient(a: Decimal, b: Decimal): Decimal {
  if (a.kind === 'nan' || b.kind === 'nan' || a.kind === b.kind) return NAN;
  const negative = a.negative !== b.negative;
  return a.kind === 'infinite' ? new Decimal('infinite', negative) : new Decimal('finite', negative);
}

/** `a / b` rounded half to even; exact quotients keep the exponent IEEE 754 prefers. `b` is not zero. */
export function divideDecimals(a: Decimal, b: Decimal): Decimal {
  const x = exactOf(a);
  const y = exactOf(b);
  if (!x || !y) return specialQuotient(a, b);
  const preferred = x.exponent - y.exponent;
  if (x.coefficient === 0n) return new Decimal('finite', a.negative !== b.negative, 0n, preferred);
  // Enough digits that the last one only says whether something is left.
  const shift = 40 + y.coefficient.toString().length;
  const scaled = x.coefficient * 10n ** BigInt(shift);
  const whole = scaled / y.coefficient;
  if (scaled % y.coefficient === 0n) {
    return decimalOf(reduced({ coefficient: whole, exponent: preferred - shift }, preferred));
  }
  const sign = whole < 0n || a.negative !== b.negative ? -1n : 1n;
  return decimalOf({ coefficient: whole * 10n + sign, exponent: preferred - shift - 1 });
}

/** The rest of a truncated division, with the sign of `a`. `b` is not zero. */
export function remainderOfDecimals(a: Decimal, b: Decimal): Decimal {
  const x = exactOf(a);
  const y = exactOf(b);
  if (!x || a.kind === 'nan' || b.kind === 'nan') return NAN;
  if (!y) return a;
  const [left, right, exponent] = align(x, y);
  const rest = decimalOf({ coefficient: left % right, exponent });
  return rest.coefficient === 0n ? new Decimal('finite', a.negative, 0n, exponent) : rest;
}
