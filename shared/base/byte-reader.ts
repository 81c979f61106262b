/** Reads untrusted bytes: never past their end, never deeper or longer than they can be. */

/** What a reader throws; callers turn it into the refusal of their place. */
export class BytesError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'BytesError';
  }
}

const maxAnyDepth = 32;
/** Longest text read byte by byte: names of messages, fields and documents. */
const shortText = 64;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A cursor over bytes in the encoding of lib0 (varints, strings, `any`), which Yjs V1 updates and our frames share.
 * lib0's own decoder trusts lengths as far as the underlying buffer reaches, which in Node is a pool of other messages.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  position = 0;
  #valuesLeft: number;

  /** @param maxValues - most values that `any` reads, all calls taken together */
  constructor(bytes: Uint8Array, maxValues = Number.POSITIVE_INFINITY) {
    this.bytes = bytes;
    this.#valuesLeft = maxValues;
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.bytes.length - this.position;
  }

  /** @throws BytesError at the end */
  byte(): number {
    const value = this.bytes[this.position];
    if (value === undefined) throw new BytesError('ended early');
    this.position += 1;
    return value;
  }

  /** An unsigned integer up to 2^53 - 1, seven bits a byte, low bits first. */
  uint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (value > Number.MAX_SAFE_INTEGER) throw new BytesError('integer too large');
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }

  /** An unsigned integer that counts things of at least `bytesEach` bytes still to come. */
  count(bytesEach: number): number {
    const value = this.uint();
    if (value * bytesEach > this.remaining) throw new BytesError('count larger than its bytes');
    return value;
  }

  /** Steps over `length` bytes. */
  skip(length: number): void {
    if (length > this.remaining) throw new BytesError('ended early');
    this.position += length;
  }

  /** A length and so many bytes, copied. */
  blob(): Uint8Array {
    const length = this.count(1);
    // Not `slice`: on a Node Buffer that is a view, and would keep a whole pool alive.
    const copy = new Uint8Array(length);
    copy.set(this.bytes.subarray(this.position, this.position + length));
    this.position += length;
    return copy;
  }

  /** A length and so much UTF-8. @throws BytesError when it is not well formed */
  text(): string {
    return this.#decode(this.count(1));
  }

  /** Steps over a text. @returns its length in UTF-16 units, as Yjs counts. @throws BytesError when not UTF-8 */
  textLength(): number {
    const length = this.count(1);
    const end = this.position + length;
    for (let at = this.position; at < end; at += 1) {
      if ((this.bytes[at] ?? 0) < 0x80) continue;
      return this.#decode(length).length;
    }
    this.position = end;
    return length;
  }

  /** Eight bytes as a number, whatever it is. @throws BytesError at the end */
  float64(): number {
    return this.#view(8).getFloat64(0);
  }

  /** One lib0 `any`: JSON plus undefined and bytes. Refuses big integers, `__proto__` keys and depth over 32. */
  any(depth = 0): unknown {
    if (depth > maxAnyDepth) throw new BytesError('nested too deep');
    if (this.#valuesLeft === 0) throw new BytesError('too many values');
    this.#valuesLeft -= 1;
    const tag = this.byte();
    switch (tag) {
      case 127:
        return undefined;
      case 126:
        return null;
      case 125:
        return this.#signed();
      case 124:
        return this.#view(4).getFloat32(0);
      case 123:
        return this.#view(8).getFloat64(0);
      case 121:
        return false;
      case 120:
        return true;
      case 119:
        return this.text();
      case 118:
        return this.#record(depth);
      case 117:
        return this.#list(depth);
      case 116:
        return this.blob();
      default:
        throw new BytesError('unknown value');
    }
  }

  #decode(length: number): string {
    const plain = length <= shortText ? this.#plain(length) : null;
    if (plain !== null) return plain;
    const part = this.bytes.subarray(this.position, this.position + length);
    this.position += length;
    try {
      return strictUtf8.decode(part);
    } catch {
      throw new BytesError('text is not UTF-8');
    }
  }

  /** A short text of ASCII, which most are, without the price of asking a decoder; null for any other. */
  #plain(length: number): string | null {
    const { bytes, position } = this;
    let text = '';
    for (let at = position; at < position + length; at += 1) {
      const byte = bytes[at] ?? 0x80;
      if (byte >= 0x80) return null;
      text += String.fromCharCode(byte);
    }
    this.position += length;
    return text;
  }

  #record(depth: number): Record<string, unknown> {
    const record: Record<string, unknown> = {};
    for (let left = this.count(2); left > 0; left -= 1) {
      const key = this.text();
      if (key === '__proto__') throw new BytesError('forbidden key');
      record[key] = this.any(depth + 1);
    }
    return record;
  }

  #list(depth: number): unknown[] {
    const list: unknown[] = [];
    for (let left = this.count(1); left > 0; left -= 1) list.push(this.any(depth + 1));
    return list;
  }

  #signed(): number {
    const first = this.byte();
    const sign = (first & 0x40) > 0 ? -1 : 1;
    const low = first & 0x3f;
    if ((first & 0x80) === 0) return sign * low;
    const high = this.uint();
    if (high > Number.MAX_SAFE_INTEGER / 64 - 1) throw new BytesError('integer too large');
    return sign * (low + high * 64);
  }

  #view(length: number): DataView {
    this.skip(length);
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + this.position - length, length);
  }
}
