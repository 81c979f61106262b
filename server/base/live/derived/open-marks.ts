/** Notes which subjects are being worked on, so that after a crash those that may be behind are known. Rule LV93. */
import type { DerivedStore } from '#server/base/live/derived/derived-store.ts';

/** Marks of the subjects whose documents are in memory. */
export class OpenMarks {
  #store: Pick<DerivedStore, 'open' | 'close'>;
  #documents = new Map<string, Set<string>>();
  /** The last write of each subject; its marks are written one after the other. */
  #writes = new Map<string, Promise<boolean>>();

  constructor(store: Pick<DerivedStore, 'open' | 'close'>) {
    this.#store = store;
  }

  /** A subject that is marked in the store since an earlier process. */
  adopt(subject: string): void {
    this.#writes.set(subject, Promise.resolve(true));
  }

  /** Resolves when the mark is durable, at once when it is already. */
  async add(subject: string, kind: string, document: string): Promise<void> {
    const documents = this.#documents.get(subject) ?? new Set();
    this.#documents.set(subject, documents.add(document));
    const write = async (isMarked: boolean) => {
      if (!isMarked) await this.#store.open(subject, kind);
      return true;
    };
    await this.#then(subject, write);
  }

  /** A document has left memory. */
  remove(subject: string, document: string): void {
    const documents = this.#documents.get(subject);
    documents?.delete(document);
    if (documents?.size === 0) this.#documents.delete(subject);
  }

  /** Takes the mark away from a subject that is not behind, unless one of its documents is in memory. */
  async clear(subject: string): Promise<void> {
    if (this.#documents.has(subject) || !this.#writes.has(subject)) return;
    const write = async (isMarked: boolean) => {
      if (this.#documents.has(subject)) return isMarked;
      if (isMarked) await this.#store.close(subject);
      return false;
    };
    const isMarked = await this.#then(subject, write);
    if (!isMarked && !this.#documents.has(subject)) this.#writes.delete(subject);
  }

  #then(subject: string, write: (isMarked: boolean) => Promise<boolean>): Promise<boolean> {
    // A write that failed may have been done: the next one is written in any case.
    const before = (this.#writes.get(subject) ?? Promise.resolve(false)).catch(() => false);
    const after = before.then(write);
    this.#writes.set(subject, after);
    after.catch(() => undefined);
    return after;
  }
}
