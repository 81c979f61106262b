/** Ids: random, so that none tells anything about another, and offline devices may make them. */
import { z } from 'zod';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** An id as it stands in URLs and documents: 20 characters of Crockford base 32 (100 random bits). */
export const idShape = z.string().regex(/^[0-9a-hjkmnp-tv-z]{20}$/);

/** A fresh id; collisions are not expected in the life of an installation. */
export function createId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(20));
  return Array.from(bytes, (byte) => alphabet.charAt(byte & 31)).join('');
}
