/** Secrets: random ones for links, their hashes for storage, and keys derived for one purpose each. */
import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** 32 random bytes in base64url: what an invitation link carries. */
export function createSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored in place of a secret. Plain SHA-256 is enough for 256 random bits: there is nothing to guess. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** A 32-byte key for one purpose, so that a key of one purpose says nothing about another (RFC 5869). */
export function deriveKey(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `tandem ${purpose}`, 32));
}

/** HMAC-SHA-256 of a text in base64url, 43 characters. */
export function sealText(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** Compares two texts in a time that does not depend on where they differ. */
export function isSameText(one: string, other: string): boolean {
  const left = createHash('sha256').update(one).digest();
  return timingSafeEqual(left, createHash('sha256').update(other).digest());
}
