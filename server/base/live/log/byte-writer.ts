/** Writes what `ByteReader` reads: varints, texts and bytes, into one buffer that grows. */

/** A cursor over a buffer of its own. */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;

  /** @param expected - bytes that will probably be written; more is no error */
  constructor(expected: number) {
    this.#bytes = Buffer.allocUnsafe(Math.max(16, expected));
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  /** An unsigned integer up to 2^53 - 1, seven bits a byte, low bits first. */
  uint(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length] = 0x80 | (rest % 0x80);
      this.#length += 1;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length] = rest;
    this.#length += 1;
  }

  /** An integer of either sign, within 2^52. */
  int(value: number): void {
    this.uint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  /** A length and so many bytes. */
  blob(bytes: Uint8Array): void {
    this.uint(bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  text(value: string): void {
    this.blob(Buffer.from(value));
  }

  /** What was written, not copied: the writer is used up. */
  finish(): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + count));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

/** What `ByteWriter.int` wrote as an unsigned integer. */
export function signedOf(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
