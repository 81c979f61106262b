/** The engine's reading door: the logs of a subject's documents, for whoever may read them now. */
import type { Actor } from '#server/base/actor.ts';
import type { Cut, DerivedStore } from '#server/base/live/derived/derived-store.ts';
import type { Judgement, LiveSubject } from '#server/base/live/kind.ts';
import type { LiveStorage, LogEntry } from '#server/base/live/log/storage.ts';
import type { Rights } from '#server/base/live/rights/rights.ts';

/** What a subject is named by, for instance kind `plan` and the plan's id. */
export interface SubjectName {
  kind: string;
  id: string;
}

/** A document that may be read. */
export interface ReadableDocument {
  document: string;
  /** Its log holds patches of cells, which no Yjs document can take. */
  isGrid: boolean;
}

/** Reads history; writes nothing. Every method rejects when the store cannot be reached. */
export interface LiveArchive {
  /** What a person may do with a subject now; null for absent, foreign, and without a past, alike. */
  judge(actor: Actor, subject: SubjectName): Promise<Judgement | null>;
  /** Its documents that the person may read now, by name; [] for none. Ask only after `judge`. */
  documents(actor: Actor, subject: SubjectName): Promise<ReadableDocument[]>;
  /** Members to be told of the subject; [] for an unknown one. */
  readers(subject: SubjectName): Promise<string[]>;
  /** Number of a document's last entry at or before a moment; 0 when there is none. */
  numberAt(document: string, moment: Date): Promise<number>;
  /** As `LiveStorage.entriesAfter`, but fewer where they are large: so that many documents may be read at once. */
  entriesAfter(document: string, seq: number, limit: number): Promise<LogEntry[]>;
  /** Where a document began a new life, in order; [] for one that never broke its reader. */
  listCuts(document: string): Promise<Cut[]>;
}

/** Documents of one subject that are judged at the same time. */
const judgedAtOnce = 16;
/** Entries read at once. */
const entriesPerRead = 256;
/** Bytes of updates from which a reading ends. */
const bytesPerRead = 512 * 1024;

/** Makes the door. @param derived - where new lives are on record; null when nothing is derived */
export function createArchive(
  storage: LiveStorage,
  rights: Rights,
  subjects: readonly LiveSubject[],
  derived: Pick<DerivedStore, 'listCuts'> | null = null,
): LiveArchive {
  const byKind = new Map(subjects.map((subject) => [subject.kind, subject]));
  const readable = (document: string): ReadableDocument => ({
    document,
    isGrid: rights.find(document)?.kind.grid !== undefined,
  });

  return {
    judge: (actor, { kind, id }) =>
      rights.whileUnchanged(async () => (await byKind.get(kind)?.past?.judge(actor, id)) ?? null),
    async documents(actor, { kind, id }) {
      const subject = byKind.get(kind);
      if (subject?.past === undefined) return [];
      const names = await subject.documents(id, (prefix) => storage.listDocuments(prefix));
      if (subject.past.hasOneAudience) return names.map(readable);
      const found: ReadableDocument[] = [];
      for (let at = 0; at < names.length; at += judgedAtOnce) {
        const some = names.slice(at, at + judgedAtOnce);
        const judgements = await Promise.all(some.map((document) => rights.judge(actor, document)));
        found.push(...some.filter((_, index) => judgements[index] !== null).map(readable));
      }
      return found;
    },
    readers: async ({ kind, id }) => (await byKind.get(kind)?.past?.readers(id)) ?? [],
    numberAt: (document, moment) => numberAt(storage, document, moment),
    entriesAfter: (document, seq, limit) => storage.entriesAfter(document, seq, limit, bytesPerRead),
    listCuts: async (document) => (await derived?.listCuts(document)) ?? [],
  };
}

/** The store says it to one commit; what is left of that commit is looked at here. */
async function numberAt(storage: LiveStorage, document: string, moment: Date): Promise<number> {
  let seq = await storage.numberAt(document, moment);
  for (;;) {
    const entries = await storage.entriesAfter(document, seq, entriesPerRead, bytesPerRead);
    const late = entries.find(({ at }) => at > moment);
    // Of a merged stretch all entries share its number: it counts from its last one on.
    const upTo = late === undefined ? entries : entries.filter((entry) => entry.seq < late.first);
    seq = upTo.at(-1)?.seq ?? seq;
    if (late !== undefined || entries.length === 0) return seq;
  }
}
