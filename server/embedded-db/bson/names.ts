// Field names as text: the same few come again in every document, so their text is made once.

const SLOTS = 4_096;
/** Longer names are read as they come. */
const MAX_BYTES = 64;

interface Known {
  readonly bytes: Uint8Array;
  readonly text: string;
}

const known: (Known | undefined)[] = new Array<Known | undefined>(SLOTS).fill(undefined);

function isSame(name: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < name.length; i++) if (name[i] !== bytes[start + i]) return false;
  return true;
}

/** The text of the bytes from `start` to `end`; a name seen lately costs no conversion.
 *  @param hash - any number that is the same for the same bytes */
export function nameText(bytes: Buffer, start: number, end: number, hash: number): string {
  const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1);
  const found = known[slot];
  if (found !== undefined && found.bytes.length === end - start && isSame(found.bytes, bytes, start)) {
    return found.text;
  }
  const text = bytes.toString('utf8', start, end);
  // Two names of one slot replace each other: the table never grows.
  if (end - start <= MAX_BYTES) known[slot] = { bytes: Uint8Array.from(bytes.subarray(start, end)), text };
  return text;
}
