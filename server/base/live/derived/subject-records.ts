/** Reads a subject's documents for whoever derives, and keeps the record made of them. */
import type { Logger } from 'pino';
import type { DerivedRecord, DerivedStore } from '#server/base/live/derived/derived-store.ts';
import type {
  DocumentSource,
  KnownState,
  SourceDocument,
} from '#server/base/live/derived/document-source.ts';
import type { Quarantines } from '#server/base/live/derived/quarantines.ts';
import type { Subject, Subjects } from '#server/base/live/derived/subjects.ts';

/** The outside world of it. */
export interface SubjectWorld {
  subjects: Subjects;
  source: DocumentSource;
  store: DerivedStore;
  quarantines: Quarantines;
  log: Logger;
  now: () => Date;
}

/** What was read, and what it says. */
export interface ReadSubject {
  documents: readonly SourceDocument[];
  value: unknown;
}

/** Records of subjects and what they are made from. */
export class SubjectRecords {
  #world: SubjectWorld;

  constructor(world: SubjectWorld) {
    this.#world = world;
  }

  /** Documents as they are now, those in quarantine as they could be read last; without those never written. */
  async read(
    subject: Subject,
    known: (document: string) => KnownState | undefined,
  ): Promise<SourceDocument[]> {
    const { source, quarantines } = this.#world;
    const names = await this.#world.subjects.documentsOf(subject);
    const documents = await Promise.all(
      names.map((name) => {
        const quarantine = quarantines.find(name);
        return quarantine === null
          ? source.now(name, known(name))
          : source.at(name, { epoch: quarantine.epoch, seq: quarantine.goodSeq }, known(name));
      }),
    );
    return documents.filter(({ seq }) => seq > 0);
  }

  /**
   * Puts a record in the place of the one before it, and tells the room when it says something else.
   * @returns false when another process has put one there meanwhile
   */
  async store(
    { name, kind, id, reading }: Subject,
    before: DerivedRecord | null,
    { documents, value }: ReadSubject,
  ): Promise<boolean> {
    const { store, now, log } = this.#world;
    const isStored = await store.write({
      subject: name,
      kind,
      revision: (before?.revision ?? 0) + 1,
      version: reading.version,
      states: documents.map(({ document, epoch, seq }) => ({ document, epoch, seq })),
      at: now(),
      value,
    });
    if (!isStored) return false;
    if (before !== null && JSON.stringify(before.value) === JSON.stringify(value)) return true;
    await reading.changed?.(id, value).catch((error: unknown) => {
      log.error({ err: error, subject: name }, 'room could not take a derived record');
    });
    return true;
  }
}
