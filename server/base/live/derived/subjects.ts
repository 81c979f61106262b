/** The subjects of all rooms: what a document is part of, and what is derived of it. */
import type { DerivedStore } from '#server/base/live/derived/derived-store.ts';
import type { DerivedReading, LiveKind, LiveSubject } from '#server/base/live/kind.ts';
import type { LiveStorage } from '#server/base/live/log/storage.ts';

/** One subject of which something is derived. */
export interface Subject {
  /** `kind/id`. */
  name: string;
  kind: string;
  id: string;
  reading: DerivedReading;
}

/** Finds subjects by document and by name; those of which nothing is derived are left out. */
export class Subjects {
  #kinds: ReadonlyMap<string, LiveKind>;
  #subjects: ReadonlyMap<string, LiveSubject>;
  #storage: LiveStorage;

  constructor(kinds: readonly LiveKind[], subjects: readonly LiveSubject[], storage: LiveStorage) {
    this.#kinds = new Map(kinds.map((kind) => [kind.kind, kind]));
    const derived = subjects.filter(({ derived }) => derived !== undefined);
    this.#subjects = new Map(derived.map((subject) => [subject.kind, subject]));
    this.#storage = storage;
  }

  /** True when no room derives anything. */
  get isEmpty(): boolean {
    return this.#subjects.size === 0;
  }

  /** The subject whose record is made from a document; null when there is none. */
  of(document: string): Subject | null {
    if (this.isEmpty) return null;
    const [kind = '', ...key] = document.split('/');
    const name = this.#kinds.get(kind)?.subject?.(key) ?? null;
    const subject = name === null ? null : this.find(name);
    return subject !== null && subject.reading.reads?.(document) !== false ? subject : null;
  }

  /** A subject by its name. */
  find(name: string): Subject | null {
    const [kind = '', id = ''] = name.split('/');
    const reading = this.#subjects.get(kind)?.derived;
    return reading === undefined ? null : { name, kind, id, reading };
  }

  /** Names of the documents that its record is made from. */
  async documentsOf({ kind, id, reading }: Subject): Promise<string[]> {
    const written = (prefix: string) => this.#storage.listDocuments(prefix);
    const names = (await this.#subjects.get(kind)?.documents(id, written)) ?? [];
    return names.filter((name) => reading.reads?.(name) !== false);
  }

  /** Subjects that hold something and have no record, or one of an earlier way of reading. */
  async listUnderived(store: DerivedStore): Promise<string[]> {
    const found = new Set<string>();
    for (const { kind, derived } of this.#subjects.values()) {
      for (const document of await this.#storage.listDocuments(`${kind}/`)) {
        const subject = this.of(document);
        if (subject !== null) found.add(subject.name);
      }
      const known = await store.listDerived(kind, derived?.version ?? 0);
      for (const name of known) found.delete(name);
    }
    return [...found];
  }
}
