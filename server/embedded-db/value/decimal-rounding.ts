// Rounding numbers at a decimal place.
import { Decimal } from '../bson/value.ts';
import { decimalOf, type Exact, exactOf } from './decimal.ts';

/** How digits after the place are dropped: to the nearest (half to even), toward zero, down or up. */
export type Rounding = 'nearest' | 'truncate' | 'floor' | 'ceil';

function step(rest: bigint, unit: bigint, whole: bigint, mode: Rounding): bigint {
  if (rest === 0n || mode === 'truncate') return 0n;
  const sign = rest < 0n ? -1n : 1n;
  if (mode === 'floor') return sign < 0n ? -1n : 0n;
  if (mode === 'ceil') return sign > 0n ? 1n : 0n;
  const twice = rest * sign * 2n;
  return twice > unit || (twice === unit && whole % 2n !== 0n) ? sign : 0n;
}

/** A value without digits after `places` decimal places (negative: before the point). */
export function roundExact(value: Exact, places: number, mode: Rounding): Exact {
  const drop = -places - value.exponent;
  if (drop <= 0) return value;
  const unit = 10n ** BigInt(drop);
  const whole = value.coefficient / unit;
  return { coefficient: whole + step(value.coefficient % unit, unit, whole, mode), exponent: -places };
}

/** The same for a decimal; infinities and NaN stay as they are. */
export function roundDecimal(value: Decimal, places: number, mode: Rounding): Decimal {
  const exact = exactOf(value);
  if (!exact) return value;
  const out = decimalOf(roundExact(exact, places, mode));
  return out.coefficient === 0n ? new Decimal('finite', value.negative, 0n, out.exponent) : out;
}
