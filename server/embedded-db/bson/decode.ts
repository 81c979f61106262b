// BSON bytes to values.
import { Reader } from './reader.ts';
import type { Doc } from './value.ts';

/** Reads one document starting at `at`.
 *  @throws 22 InvalidBSON on any malformed byte; 15 Overflow beyond 180 levels */
export function decodeDoc(bytes: Buffer, at = 0): Doc {
  return new Reader(bytes, at).document();
}

/** A Buffer over bytes handed out by SQLite, without a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
