// Exact decimals: conversion, comparison and rounding of every numeric type.
import { Decimal, Int32 } from '../bson/value.ts';

/** Any of the four number types. */
export type Numeric = number | bigint | Int32 | Decimal;

const DIGITS = 34;
const MIN_EXPONENT = -6176;
const MAX_EXPONENT = 6111;

/** `coefficient * 10^exponent`, exact and signed. */
export interface Exact {
  readonly coefficient: bigint;
  readonly exponent: number;
}

const bits = new DataView(new ArrayBuffer(8));

/** A finite double as an exact decimal, with no more digits than it takes. */
export function exactOfDouble(value: number): Exact {
  if (Number.isSafeInteger(value)) return { coefficient: BigInt(value), exponent: 0 };
  bits.setFloat64(0, value);
  const word = bits.getBigUint64(0);
  const biased = Number((word >> 52n) & 0x7ffn);
  const fraction = word & ((1n << 52n) - 1n);
  let mantissa = biased === 0 ? fraction : fraction | (1n << 52n);
  let power = (biased === 0 ? 1 : biased) - 1075;
  for (; power < 0 && mantissa % 2n === 0n; power++) mantissa /= 2n;
  const signed = word >> 63n === 1n ? -mantissa : mantissa;
  if (power >= 0) return { coefficient: signed << BigInt(power), exponent: 0 };
  return { coefficient: signed * 5n ** BigInt(-power), exponent: power };
}

/** An exact form of any finite number; null for NaN and infinities. */
export function exactOf(value: Numeric): Exact | null {
  if (typeof value === 'bigint') return { coefficient: value, exponent: 0 };
  if (typeof value === 'number') return Number.isFinite(value) ? exactOfDouble(value) : null;
  if (value instanceof Int32) return { coefficient: BigInt(value.value), exponent: 0 };
  if (value.kind !== 'finite') return null;
  return { coefficient: value.negative ? -value.coefficient : value.coefficient, exponent: value.exponent };
}

/** The same two values at one exponent, so that coefficients compare and add. */
export function align(a: Exact, b: Exact): readonly [bigint, bigint, number] {
  const exponent = Math.min(a.exponent, b.exponent);
  return [
    a.coefficient * 10n ** BigInt(a.exponent - exponent),
    b.coefficient * 10n ** BigInt(b.exponent - exponent),
    exponent,
  ];
}

function roundTo(coefficient: bigint, drop: number): bigint {
  const unit = 10n ** BigInt(drop);
  const whole = coefficient / unit;
  const rest = (coefficient % unit) * 2n;
  // Half to even, the default of IEEE 754.
  return rest > unit || (rest === unit && whole % 2n === 1n) ? whole + 1n : whole;
}

/** The nearest Decimal128 of an exact value (34 digits, half to even; beyond the range infinite). */
export function decimalOf(value: Exact): Decimal {
  const negative = value.coefficient < 0n;
  let coefficient = negative ? -value.coefficient : value.coefficient;
  let exponent = value.exponent;
  const drop = Math.max(coefficient.toString().length - DIGITS, MIN_EXPONENT - exponent, 0);
  if (drop > 0) {
    coefficient = roundTo(coefficient, drop);
    exponent += drop;
    if (coefficient.toString().length > DIGITS) {
      coefficient /= 10n;
      exponent++;
    }
  }
  while (exponent > MAX_EXPONENT && coefficient !== 0n && coefficient.toString().length < DIGITS) {
    coefficient *= 10n;
    exponent--;
  }
  if (coefficient === 0n) exponent = Math.min(exponent, MAX_EXPONENT);
  if (exponent > MAX_EXPONENT) return new Decimal('infinite', negative);
  return new Decimal('finite', negative, coefficient, exponent);
}

/** Any number as a Decimal128; a double is taken with 15 significant digits, as the server does. */
export function toDecimal(value: Numeric): Decimal {
  if (value instanceof Decimal) return value;
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return new Decimal('nan', false);
    if (!Number.isFinite(value)) return new Decimal('infinite', value < 0);
    if (value === 0) return new Decimal('finite', Object.is(value, -0));
    return parseDecimal(value.toPrecision(15));
  }
  return decimalOf({ coefficient: BigInt(value instanceof Int32 ? value.value : value), exponent: 0 });
}

/** Reads `-1.5e3`, `NaN`, `Infinity`; NaN for anything else. */
export function parseDecimal(text: string): Decimal {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  const digits = (match?.[2] ?? '') + (match?.[3] ?? '');
  if (!match || digits === '') {
    return /^[+-]?inf/i.test(text)
      ? new Decimal('infinite', text.startsWith('-'))
      : new Decimal('nan', false);
  }
  const exponent = Number(match[4] ?? 0) - (match[3] ?? '').length;
  const parsed = decimalOf({ coefficient: BigInt(digits), exponent });
  return new Decimal(parsed.kind, match[1] === '-', parsed.coefficient, parsed.exponent);
}

/** The canonical text of a Decimal128 (scientific only where the standard asks for it). */
export function decimalText(value: Decimal): string {
  if (value.kind === 'nan') return 'NaN';
  const sign = value.negative ? '-' : '';
  if (value.kind === 'infinite') return `${sign}Infinity`;
  const digits = value.coefficient.toString();
  const adjusted = value.exponent + digits.length - 1;
  if (value.exponent > 0 || adjusted < -6) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return `${sign}${digits[0]}${fraction}E${adjusted < 0 ? '' : '+'}${adjusted}`;
  }
  if (value.exponent === 0) return sign + digits;
  const point = digits.length + value.exponent;
  if (point > 0) return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  return `${sign}0.${'0'.repeat(-point)}${digits}`;
}

/** The nearest double. */
export function toDouble(value: Numeric): number {
  if (typeof value === 'number') return value;
  if (value instanceof Int32) return value.value;
  if (typeof value === 'bigint') return Number(value);
  return Number(decimalText(value));
}
