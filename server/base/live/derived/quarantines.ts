/** Which documents stand in quarantine: nobody writes in them until a lead goes back to what could be read. Rule LV95. */
import type { DerivedStore, Quarantine, Release } from '#server/base/live/derived/derived-store.ts';
import type { LiveKind } from '#server/base/live/kind.ts';

/** The quarantines of this hub, known from the first question on. */
export class Quarantines {
  #store: DerivedStore;
  #standing = new Map<string, Quarantine>();
  #loading: Promise<void> | null = null;

  constructor(store: DerivedStore) {
    this.#store = store;
  }

  /** Resolves when they are known; asked again after a failure. */
  ready(): Promise<void> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = null;
      throw error;
    });
    return this.#loading;
  }

  /** The quarantine of a document; null for none, and before `ready`. */
  find(document: string): Quarantine | null {
    return this.#standing.get(document) ?? null;
  }

  /** Those of a subject. */
  of(subject: string): Quarantine[] {
    return [...this.#standing.values()].filter((one) => one.subject === subject);
  }

  /** Puts a document in quarantine; durable when it resolves. */
  async add(quarantine: Quarantine): Promise<void> {
    await this.#store.quarantine(quarantine);
    this.#standing.set(quarantine.document, quarantine);
  }

  /** Ends it in the store; the document stays as it is until `forget`. */
  release(document: string, release: Release): Promise<void> {
    return this.#store.release(document, release);
  }

  /** Ends it here. */
  forget(document: string): void {
    this.#standing.delete(document);
  }

  async #load(): Promise<void> {
    for (const one of await this.#store.listQuarantines()) this.#standing.set(one.document, one);
  }
}

/** The same kind, in which documents in quarantine are read-only for everybody. */
export function readOnlyInQuarantine(kind: LiveKind, quarantines: Quarantines): LiveKind {
  return {
    ...kind,
    async judge(actor, key) {
      const [judgement] = await Promise.all([kind.judge(actor, key), quarantines.ready()]);
      const quarantine = quarantines.find([kind.kind, ...key].join('/'));
      if (judgement === null || quarantine === null) return judgement;
      return { ...judgement, mayWrite: false, quarantined: true };
    },
  };
}
