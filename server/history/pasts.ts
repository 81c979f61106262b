/** Pasts of documents kept for the next question: a slider asks for many moments of the same few documents. */
import type { LiveArchive } from '#server/base/live/archive.ts';
import { DocumentPast } from '#server/history/document-past.ts';

/** Entries read at once. */
const entriesPerRead = 1_000;
/** Memory all kept pasts may take together. */
const keptBytes = 96 * 1024 * 1024;

/** Reads pasts from the archive, each entry once while it is kept. Says nothing about rights: ask before. */
export class Pasts {
  #archive: Pick<LiveArchive, 'entriesAfter'>;
  #limit: number;
  /** Last used last. */
  #kept = new Map<string, DocumentPast>();
  #reading = new Map<string, Promise<void>>();

  /** @param limit - bytes kept at most, once nobody waits */
  constructor(archive: Pick<LiveArchive, 'entriesAfter'>, limit = keptBytes) {
    this.#archive = archive;
    this.#limit = limit;
  }

  /** A document's past, whole up to a moment at least. */
  async upTo(document: string, moment: Date): Promise<DocumentPast> {
    const before = this.#reading.get(document) ?? Promise.resolve();
    // One reader at a time for each document: two would add the same entries.
    const reading = before.then(() => this.#read(document, moment));
    const settled = reading.then(
      () => undefined,
      () => undefined,
    );
    this.#reading.set(document, settled);
    try {
      return await reading;
    } finally {
      if (this.#reading.get(document) === settled) this.#reading.delete(document);
      this.#forget();
    }
  }

  async #read(document: string, moment: Date): Promise<DocumentPast> {
    let past = this.#kept.get(document) ?? new DocumentPast();
    for (;;) {
      this.#kept.delete(document);
      this.#kept.set(document, past);
      const entries = await this.#archive.entriesAfter(document, past.seq, entriesPerRead);
      const [next, last] = [entries[0], entries.at(-1)];
      if (next === undefined || last === undefined) return past;
      if (next.first <= past.seq) {
        // Compaction has merged entries already taken in with those that follow.
        past = new DocumentPast();
        continue;
      }
      past.add(entries);
      if (last.at > moment) return past;
    }
  }

  #forget(): void {
    let bytes = 0;
    for (const past of this.#kept.values()) bytes += past.bytes;
    for (const [document, past] of this.#kept) {
      if (bytes <= this.#limit) return;
      if (this.#reading.has(document)) continue;
      this.#kept.delete(document);
      bytes -= past.bytes;
    }
  }
}
