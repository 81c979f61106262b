// Decimal128 to and from its 16 bytes (IEEE 754-2008 binary integer decimal).
import { Decimal } from './value.ts';

const BIAS = 6176;
const MAX_COEFFICIENT = 10n ** 34n - 1n;
const MASK_49 = (1n << 49n) - 1n;

/** Reads 16 little-endian bytes; a coefficient out of range counts as zero, as IEEE 754 says. */
export function decimalFromBytes(bytes: Buffer): Decimal {
  const low = bytes.readBigUInt64LE(0);
  const high = bytes.readBigUInt64LE(8);
  const negative = high >> 63n === 1n;
  const special = Number((high >> 58n) & 0x1fn);
  if (special === 0x1f) return new Decimal('nan', false);
  if (special === 0x1e) return new Decimal('infinite', negative);
  if (((high >> 61n) & 3n) === 3n) {
    return new Decimal('finite', negative, 0n, Number((high >> 47n) & 0x3fffn) - BIAS);
  }
  const coefficient = ((high & MASK_49) << 64n) | low;
  const exponent = Number((high >> 49n) & 0x3fffn) - BIAS;
  return new Decimal('finite', negative, coefficient > MAX_COEFFICIENT ? 0n : coefficient, exponent);
}

/** Writes 16 little-endian bytes; the value must already fit 34 digits. */
export function decimalToBytes(value: Decimal): Buffer {
  const out = Buffer.alloc(16);
  const sign = value.negative ? 1n << 63n : 0n;
  if (value.kind === 'nan') out.writeBigUInt64LE(0x1fn << 58n, 8);
  else if (value.kind === 'infinite') out.writeBigUInt64LE(sign | (0x1en << 58n), 8);
  else {
    out.writeBigUInt64LE(BigInt.asUintN(64, value.coefficient), 0);
    out.writeBigUInt64LE(sign | (BigInt(value.exponent + BIAS) << 49n) | (value.coefficient >> 64n), 8);
  }
  return out;
}
