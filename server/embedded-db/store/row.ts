// A candidate document; its fields are decoded only when something looks at them.
import { LazyDoc } from '../bson/lazy-doc.ts';
import type { Doc } from '../bson/value.ts';
import type { StoredRow } from './connection.ts';

/** One stored document. */
export class Row {
  readonly rid: number;
  readonly version: number;
  readonly bytes: Buffer;
  #doc: Doc | null = null;

  constructor(stored: StoredRow) {
    this.rid = stored.rid;
    this.version = stored.version;
    this.bytes = stored.bytes;
  }

  /** What is in the document; never change it, it may be shared. */
  get doc(): Doc {
    this.#doc ??= new LazyDoc(this.bytes);
    return this.#doc;
  }

  /** Lets go of what was decoded, for rows that are kept for long. */
  forget(): void {
    this.#doc = null;
  }
}

/** Between two chunks of a scan: a chance to let other clients in. */
export const PAUSE = Symbol('pause');

/** What a scan gives. */
export type Stream<T> = Generator<T | typeof PAUSE, void, undefined>;
