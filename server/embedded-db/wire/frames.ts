// Cutting a byte stream into messages.

/** Called with each complete message. */
export type OnFrame = (bytes: Buffer) => void;

/** Collects chunks; copies only messages that arrived in pieces. */
export class Frames {
  readonly #limit: () => number;
  readonly #onFrame: OnFrame;
  #chunks: Buffer[] = [];
  #length = 0;

  /** @param limit - bytes of the largest message, asked anew for each */
  constructor(limit: () => number, onFrame: OnFrame) {
    this.#limit = limit;
    this.#onFrame = onFrame;
  }

  /** Takes the next bytes.
   *  @throws RangeError for an impossible or too large message length */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    let wanted = this.#nextLength();
    while (wanted !== null && this.#length >= wanted) {
      const all = this.#joined();
      this.#chunks = all.length > wanted ? [all.subarray(wanted)] : [];
      this.#length = all.length - wanted;
      this.#onFrame(all.subarray(0, wanted));
      wanted = this.#nextLength();
    }
  }

  #joined(): Buffer {
    const [only] = this.#chunks;
    return this.#chunks.length === 1 && only ? only : Buffer.concat(this.#chunks);
  }

  #nextLength(): number | null {
    if (this.#length < 16) return null;
    let [first] = this.#chunks;
    if (!first || first.length < 4) {
      first = this.#joined();
      this.#chunks = [first];
    }
    const length = first.readInt32LE(0);
    if (length < 16 || length > this.#limit()) throw new RangeError(`a message of ${length} bytes`);
    return length;
  }
}
