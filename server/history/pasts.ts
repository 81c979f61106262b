/** Pasts of documents kept for the next question: a slider asks for many moments of the same few documents. */
import type { LiveArchive } from '#server/base/live/archive.ts';
import { DocumentPast } from '#server/history/document-past.ts';
import { type DocumentLife, lifeAt } from '#server/history/lives.ts';

/** Entries read at once. */
const entriesPerRead = 1_000;
/** Memory all kept pasts may take together. */
const keptBytes = 96 * 1024 * 1024;

type PastsArchive = Pick<LiveArchive, 'entriesAfter' | 'numberAt' | 'listCuts'>;

/** Reads pasts from the archive, each entry once while it is kept. Says nothing about rights: ask before. */
export class Pasts {
  #archive: PastsArchive;
  #limit: number;
  /** By document and life; last used last. */
  #kept = new Map<string, DocumentPast>();
  #reading = new Map<string, Promise<void>>();

  /** @param limit - bytes kept at most, once nobody waits */
  constructor(archive: PastsArchive, limit = keptBytes) {
    this.#archive = archive;
    this.#limit = limit;
  }

  /** The past of a document's life at a moment, whole up to that moment at least. */
  async upTo(document: string, moment: Date): Promise<DocumentPast> {
    const life = await lifeAt(this.#archive, document, moment);
    const before = this.#reading.get(life.name) ?? Promise.resolve();
    // One reader at a time for each life: two would add the same entries.
    const reading = before.then(() => this.#read(life, moment));
    const settled = reading.then(
      () => undefined,
      () => undefined,
    );
    this.#reading.set(life.name, settled);
    try {
      return await reading;
    } finally {
      if (this.#reading.get(life.name) === settled) this.#reading.delete(life.name);
      this.#forget();
    }
  }

  async #read(life: DocumentLife, moment: Date): Promise<DocumentPast> {
    const { name, document } = life;
    let past = this.#kept.get(name) ?? new DocumentPast();
    for (;;) {
      this.#kept.delete(name);
      this.#kept.set(name, past);
      const entries = await this.#archive.entriesAfter(document, life.nextAfter(past.seq), entriesPerRead);
      const [next, last] = [entries[0], entries.at(-1)];
      if (next === undefined || last === undefined) return past;
      if (next.first <= past.seq) {
        // Compaction has merged entries already taken in with those that follow.
        past = new DocumentPast();
        continue;
      }
      past.add(entries.filter((entry) => life.holds(entry)));
      if (last.at > moment) return past;
    }
  }

  #forget(): void {
    let bytes = 0;
    for (const past of this.#kept.values()) bytes += past.bytes;
    for (const [name, past] of this.#kept) {
      if (bytes <= this.#limit) return;
      if (this.#reading.has(name)) continue;
      this.#kept.delete(name);
      bytes -= past.bytes;
    }
  }
}
