// A stored document that decodes a field when it is asked for, and everything when it is walked or changed.
import { Reader } from './reader.ts';
import type { Doc, Value } from './value.ts';

/** Room for the type beside the position of a value. */
const TYPES = 256;

/** Stands for a list nobody has needed yet; never written to. */
const NONE: never[] = [];

/** Answers as the decoded document would, whatever is asked and in whatever order. Bytes of fields nobody
 *  asks for are only passed by their lengths: they were read as a whole when they were stored. */
export class LazyDoc extends Map<string, Value> {
  /** The bytes this document is made of; null once it was walked or changed. */
  #bytes: Buffer | null;
  /** The field names, null until one is asked for. */
  #names: string[] | null = null;
  /** For each name the position of its value times TYPES, plus its type. */
  #spots: number[] = NONE;
  /** What has been decoded so far, at the same places. */
  #decoded: (Value | undefined)[] = NONE;

  constructor(bytes: Buffer) {
    super();
    this.#bytes = bytes;
  }

  /** The document as stored, null when it may have been changed since. */
  get storedBytes(): Buffer | null {
    return this.#bytes;
  }

  /** Lets go of what was looked up, for documents that are kept for long; it can be looked up again. */
  forget(): void {
    this.#names = null;
    this.#spots = NONE;
    this.#decoded = NONE;
  }

  override get(name: string): Value | undefined {
    const bytes = this.#bytes;
    if (bytes === null) return super.get(name);
    const i = (this.#names ?? this.#outline(bytes)).lastIndexOf(name);
    if (i < 0) return undefined;
    const known = this.#decoded[i];
    if (known !== undefined) return known;
    const spot = this.#spots[i] as number;
    const value = new Reader(bytes, Math.floor(spot / TYPES)).value(spot % TYPES);
    if (this.#decoded === NONE) this.#decoded = [];
    this.#decoded[i] = value;
    return value;
  }

  override has(name: string): boolean {
    const bytes = this.#bytes;
    return bytes === null ? super.has(name) : (this.#names ?? this.#outline(bytes)).includes(name);
  }

  override get size(): number {
    this.#decode();
    return super.size;
  }

  override keys(): MapIterator<string> {
    const bytes = this.#bytes;
    // Names are read without their values.
    return bytes === null ? super.keys() : new Set(this.#names ?? this.#outline(bytes)).keys();
  }

  override values(): MapIterator<Value> {
    this.#decode();
    return super.values();
  }

  override entries(): MapIterator<[string, Value]> {
    this.#decode();
    return super.entries();
  }

  override [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }

  override forEach(each: (value: Value, name: string, all: Doc) => void): void {
    this.#decode();
    super.forEach(each);
  }

  override set(name: string, value: Value): this {
    this.#decode();
    return super.set(name, value);
  }

  override delete(name: string): boolean {
    this.#decode();
    return super.delete(name);
  }

  override clear(): void {
    this.#decode();
    super.clear();
  }

  #outline(bytes: Buffer): string[] {
    const reader = new Reader(bytes, 0);
    const names: string[] = [];
    const spots: number[] = [];
    const outerEnd = reader.enter();
    while (reader.hasMore) {
      const type = reader.type();
      names.push(reader.name());
      spots.push(reader.at * TYPES + type);
      reader.skip(type);
    }
    reader.leave(outerEnd);
    this.#names = names;
    this.#spots = spots;
    return names;
  }

  /** From now on it is an ordinary map. */
  #decode(): void {
    const bytes = this.#bytes;
    if (bytes === null) return;
    const reader = new Reader(bytes, 0);
    const outerEnd = reader.enter();
    for (let i = 0; reader.hasMore; i++) {
      const type = reader.type();
      const name = reader.name();
      const value = reader.value(type);
      // A value handed out before stays the same object.
      super.set(name, this.#decoded[i] ?? value);
    }
    reader.leave(outerEnd);
    this.#bytes = null;
    this.forget();
  }
}
