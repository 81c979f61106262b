/** Remembers the last frames: a frame that went to a hundred people is read once, and compared for the others. */

interface Remembered<Meaning> {
  bytes: Buffer;
  meaning: Meaning;
}

/** Frames of all connections of this process, newest over oldest. */
export class FrameMemory<Meaning> {
  #frames: (Remembered<Meaning> | undefined)[];
  #next = 0;

  constructor(size = 32) {
    this.#frames = Array.from({ length: size }, () => undefined);
  }

  /** What a frame says; `read` is given a copy that may be kept, and only when the frame is not remembered. */
  read(bytes: Buffer, read: (copy: Buffer) => Meaning): Meaning {
    const { length } = this.#frames;
    for (let back = 1; back <= length; back += 1) {
      const known = this.#frames[(this.#next - back + length) % length];
      if (known === undefined) break;
      if (known.bytes.length === bytes.length && known.bytes.equals(bytes)) return known.meaning;
    }
    const copy = Buffer.from(bytes);
    const meaning = read(copy);
    this.#frames[this.#next] = { bytes: copy, meaning };
    this.#next = (this.#next + 1) % length;
    return meaning;
  }
}
