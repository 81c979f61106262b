/** Order keys: short texts that sort rows, with room for another between any two; so a move writes one value only. */

const digits = '0123456789abcdefghijklmnopqrstuvwxyz';
const base = digits.length;
/** Digits of a key made at the end of a list: 36^6 numbers, enough for tens of millions of appended rows. */
const headLength = 6;
const longestKey = 200;

/** An order key as stored; anything else in a document counts as no key. Never ends in `0`, or nothing fits below it. */
export function isOrderKey(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= longestKey &&
    /^[0-9a-z]+$/.test(value) &&
    !value.endsWith('0')
  );
}

/** A source of numbers from 0 up to, but without, 1; `Math.random` outside tests. */
export type Chance = () => number;

/**
 * A key that sorts after `after` and before `before`; null means the start or the end of the list.
 * Part of it is random, so that two people who insert at the same place at once get different keys.
 * When the neighbours are equal or reversed (only a hostile or damaged document has that), the key follows `after`.
 */
export function orderKeyBetween(
  after: string | null,
  before: string | null,
  chance: Chance = Math.random,
): string {
  if (before === null) return keyAfter(after, chance);
  if (after === null) return middle('', before, chance);
  return after < before ? middle(after, before, chance) : `${after}${tail(chance)}`;
}

/** Appending counts upwards instead of halving, or a long list typed downwards would have ever longer keys. */
function keyAfter(after: string | null, chance: Chance): string {
  const start = Math.floor(base ** headLength / 2);
  const head =
    after === null ? start : Number.parseInt(after.slice(0, headLength).padEnd(headLength, '0'), base);
  const next = head + base + Math.floor(chance() * base);
  if (next >= base ** headLength) return middle(after ?? '', null, chance);
  return withoutTrailingZeros(next.toString(base).padStart(headLength, '0'));
}

function middle(after: string, before: string | null, chance: Chance): string {
  let key = '';
  let upper = before;
  for (let place = 0; place < longestKey; place += 1) {
    const low = digitAt(after, place);
    const high = upper === null ? base : digitAt(upper, place);
    if (high - low > 1) {
      return `${key}${digits.charAt(low + 1 + Math.floor(chance() * (high - low - 1)))}${tail(chance)}`;
    }
    key += digits.charAt(low);
    // Once a smaller digit is taken, every continuation stays below the upper key.
    if (high !== low) upper = null;
  }
  return `${key}${tail(chance)}`;
}

function digitAt(key: string, place: number): number {
  return place < key.length ? digits.indexOf(key.charAt(place)) : 0;
}

function tail(chance: Chance): string {
  const first = digits.charAt(Math.floor(chance() * base));
  return first + digits.charAt(1 + Math.floor(chance() * (base - 1)));
}

function withoutTrailingZeros(key: string): string {
  return key.replace(/0+$/, '') || '1';
}
