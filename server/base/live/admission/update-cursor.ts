/** Walks the bytes of a Yjs V1 update without building anything of it. */
import { readKey, stepContent } from '#server/base/live/admission/update-content.ts';
import { ByteReader, BytesError } from '#shared/base/byte-reader.ts';
import { fail } from '#shared/base/errors.ts';

/** An id inside a document: the clock of one client. */
export interface StructId {
  client: number;
  clock: number;
}

/** Where a struct stands, as far as its bytes say. */
export interface PlacedStruct {
  isGarbage: boolean;
  origin: StructId | null;
  rightOrigin: StructId | null;
  /** The parent when it is named by id; null when it is a root or copied from a neighbour. */
  parent: StructId | null;
}

/** How much an update may claim; the bytes bound it as well. */
export interface CursorLimits {
  structs: number;
}

const idOfOrigin = 0x80;
const idOfRight = 0x40;
const hasKey = 0x20;
const contentBits = 0x1f;
const skipInfo = 10;
const largestClient = 0xffffffff;

/**
 * A cursor that stands on one struct, then on one deleted range. Its fields change with every step, so that a large
 * update costs no objects but ids. It reads exactly what yjs 13.6 reads in `decodeUpdate`, bounded.
 */
export class UpdateCursor implements PlacedStruct {
  client = 0;
  clock = 0;
  length = 0;
  /** Where in the bytes the struct begins; it ends at `position`. */
  begin = 0;
  isGarbage = false;
  origin: StructId | null = null;
  rightOrigin: StructId | null = null;
  parent: StructId | null = null;

  #reader: ByteReader;
  #structsAllowed: number;
  #clientsLeft: number;
  #structsLeft = 0;
  #nextClock = 0;
  #deletingClientsLeft = -1;
  #deletesLeft = 0;
  #seen = new Set<number>();

  /** @throws BytesError when not even the first count can be true */
  constructor(bytes: Uint8Array, limits: CursorLimits = { structs: Number.POSITIVE_INFINITY }) {
    this.#reader = new ByteReader(bytes);
    this.#structsAllowed = limits.structs;
    this.#clientsLeft = this.#reader.count(3);
  }

  /** How many bytes have been read. */
  get position(): number {
    return this.#reader.position;
  }

  /**
   * Steps to the next struct.
   * @returns false after the last one
   * @throws BytesError, live.malformed, live.tooDeep, live.tooLarge, live.clockGap for a hole inside the update
   */
  nextStruct(): boolean {
    while (this.#structsLeft === 0) {
      if (this.#clientsLeft === 0) return false;
      this.#openClient();
    }
    this.#structsLeft -= 1;
    this.clock = this.#nextClock;
    this.begin = this.#reader.position;
    this.#readStruct();
    if (this.length === 0) throw new BytesError('struct of no length');
    this.#nextClock += this.length;
    if (this.#nextClock > Number.MAX_SAFE_INTEGER) throw new BytesError('clock too large');
    return true;
  }

  /**
   * Steps to the next deleted range; call after the last struct.
   * @returns false after the last one, when the update must end
   */
  nextDelete(): boolean {
    if (this.#deletingClientsLeft < 0) this.#deletingClientsLeft = this.#reader.count(2);
    while (this.#deletesLeft === 0) {
      if (this.#deletingClientsLeft === 0) return this.#end();
      this.#deletingClientsLeft -= 1;
      this.client = this.#clientId();
      this.#deletesLeft = this.#claim(this.#reader.count(2));
    }
    this.#deletesLeft -= 1;
    this.clock = this.#reader.uint();
    this.length = this.#reader.uint();
    if (this.length === 0) throw new BytesError('deletion of no length');
    return true;
  }

  #end(): false {
    if (this.#reader.remaining > 0) throw new BytesError('bytes after the update');
    return false;
  }

  #openClient(): void {
    this.#clientsLeft -= 1;
    this.#structsLeft = this.#claim(this.#reader.count(2));
    this.client = this.#clientId();
    this.#nextClock = this.#reader.uint();
    // Yjs would let the second list of one client silently replace the first.
    if (this.#seen.has(this.client)) throw new BytesError('client named twice');
    this.#seen.add(this.client);
  }

  #claim(count: number): number {
    this.#structsAllowed -= count;
    if (this.#structsAllowed < 0) fail('live.tooLarge');
    return count;
  }

  #clientId(): number {
    const client = this.#reader.uint();
    if (client > largestClient) throw new BytesError('client id too large');
    return client;
  }

  #readId(): StructId {
    return { client: this.#clientId(), clock: this.#reader.uint() };
  }

  #readStruct(): void {
    const info = this.#reader.byte();
    this.origin = null;
    this.rightOrigin = null;
    this.parent = null;
    this.isGarbage = info === 0;
    if (info === skipInfo) fail('live.clockGap');
    if (this.isGarbage) {
      this.length = this.#reader.uint();
      return;
    }
    this.#readPlace(info);
    this.length = stepContent(this.#reader, info & contentBits);
  }

  #readPlace(info: number): void {
    if ((info & idOfOrigin) > 0) this.origin = this.#readId();
    if ((info & idOfRight) > 0) this.rightOrigin = this.#readId();
    if (this.origin !== null || this.rightOrigin !== null) return;
    if (this.#reader.uint() === 1) readKey(this.#reader);
    else this.parent = this.#readId();
    if ((info & hasKey) > 0) readKey(this.#reader);
  }
}
