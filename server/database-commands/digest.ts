/** One hash for all documents of a collection, whatever their order. */
import { createHash } from 'node:crypto';

const modulus = 1n << 256n;

/** What a collection held: `sha256` is the sum of the SHA-256 of its documents' BSON bytes, modulo 2^256, in hex. */
export interface Content {
  documents: number;
  bytes: number;
  sha256: string;
}

/** Adds documents up, one at a time; a sum does not depend on the order, and unlike XOR keeps what is there twice. */
export class ContentDigest {
  #sum = 0n;
  #documents = 0;
  #bytes = 0;

  /** @param document - BSON bytes as stored */
  add(document: Uint8Array): void {
    const hash = createHash('sha256').update(document).digest('hex');
    this.#sum = (this.#sum + BigInt(`0x${hash}`)) % modulus;
    this.#documents++;
    this.#bytes += document.length;
  }

  /** What was added so far; all zeros for nothing. */
  get content(): Content {
    const sha256 = this.#sum.toString(16).padStart(64, '0');
    return { documents: this.#documents, bytes: this.#bytes, sha256 };
  }
}
