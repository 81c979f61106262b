// Dates beyond those JavaScript knows.
import { expect, test } from 'vitest';
import { decodeDoc } from '../bson/decode.ts';
import { encodeDoc } from '../bson/encode.ts';
import type { Value } from '../bson/value.ts';
import { compareValues } from './compare.ts';
import { partKey } from './key.ts';

/** The bytes of `{ d: <a date of these milliseconds> }`. */
function bytesOf(ms: bigint): Buffer {
  const bytes = Buffer.from([16, 0, 0, 0, 9, 0x64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  bytes.writeBigInt64LE(ms, 7);
  return bytes;
}

const last = 2n ** 63n - 1n;
const inOrder = [
  -last - 1n,
  -(10n ** 16n),
  -8_640_000_000_000_000n,
  0n,
  8_640_000_000_000_000n,
  10n ** 16n,
  last,
];

test('[DB4] dates of any distance are written as they were read', () => {
  for (const ms of inOrder) {
    const read = decodeDoc(bytesOf(ms));
    expect(encodeDoc(new Map([['d', read.get('d') as Value]])), String(ms)).toEqual(bytesOf(ms));
  }
});

test('[DB18] they compare and have keys in their order', () => {
  const dates = inOrder.map((ms) => decodeDoc(bytesOf(ms)).get('d') as Value);
  for (const [i, a] of dates.entries()) {
    for (const [j, b] of dates.entries()) {
      expect(Math.sign(compareValues(a, b)), `${inOrder[i]} ${inOrder[j]}`).toBe(Math.sign(i - j));
      expect(Math.sign(Buffer.compare(partKey(a), partKey(b)))).toBe(Math.sign(i - j));
    }
  }
});

test('[DB4] a date out of range is refused, not written as another', () => {
  expect(() => encodeDoc(new Map([['d', new Date(Number.NaN)]]))).toThrow(/range of dates/);
});
