/** The recorded life of a subject on the device: any moment of it can be read without asking the hub. */
import type * as Y from 'yjs';
import { type EditMark, RecordedDocument, type TouchedKey } from '#client/history/recorded-document.ts';
import type { Range } from '#shared/history/moment-bytes.ts';

/** A subject as it stood at a moment. */
export interface ReadMoment {
  atMs: number;
  /** A document by name; null when nothing had been written in it yet. The same object each time. */
  doc(name: string): Y.Doc | null;
  /** Who wrote a thing of a document, and when; null where it is not known. */
  writer(name: string, id: { client: number; clock: number }): EditMark | null;
  /** Who took it out, by this moment or later; null where nobody did. */
  remover(name: string, id: { client: number; clock: number }): EditMark | null;
}

/** Somebody's stretch of work, as the hub tells it. */
export interface Stint {
  memberId: string;
  fromMs: number;
  toMs: number;
}

/** Moments kept ready, for going back and forth. */
const keptMoments = 24;

/** Grows by ranges, oldest first; what is told twice is taken once. */
export class HistoryRecord {
  private readonly documents = new Map<string, RecordedDocument>();
  private readonly lastOf = new Map<string, number>();
  private readonly ready = new Map<number, ReadMoment>();
  /** Moment of the last edit taken in, milliseconds since 1970; 0 for none. */
  untilMs = 0;

  /** @returns whether it told anything new */
  add(range: Range): boolean {
    let isNew = false;
    for (const { document, last, author, atMs, update } of range.steps) {
      const name = range.documents[document];
      const by = range.authors[author];
      if (name === undefined || by === undefined || last <= (this.lastOf.get(name) ?? 0)) continue;
      this.lastOf.set(name, last);
      this.documentOf(name).add(update, { author: by, atMs });
      this.untilMs = Math.max(this.untilMs, atMs);
      isNew = true;
    }
    if (isNew) this.ready.clear();
    return isNew;
  }

  /** How all documents stand as far as they were read. */
  latest(): ReadMoment {
    return this.moment(Number.MAX_SAFE_INTEGER);
  }

  /** How all documents stood; each is made when it is first asked for. */
  moment(atMs: number): ReadMoment {
    const known = this.ready.get(atMs);
    if (known !== undefined) return known;
    const docs = new Map<string, Y.Doc>();
    const moment: ReadMoment = {
      atMs,
      doc: (name) => {
        const recorded = this.documents.get(name);
        if (recorded === undefined) return null;
        const doc = docs.get(name) ?? recorded.at(atMs);
        docs.set(name, doc);
        return doc;
      },
      writer: (name, id) => this.documents.get(name)?.written.find(id) ?? null,
      remover: (name, id) => this.documents.get(name)?.deleted.find(id) ?? null,
    };
    this.ready.set(atMs, moment);
    for (const [oldest] of this.ready) {
      if (this.ready.size <= keptMoments) break;
      this.ready.delete(oldest);
    }
    return moment;
  }

  /** Values of a document's root maps that one stretch of work wrote or took away. */
  touched(name: string, { memberId, fromMs, toMs }: Stint): TouchedKey[] {
    return this.documents.get(name)?.touched(memberId, fromMs, toMs) ?? [];
  }

  private documentOf(name: string): RecordedDocument {
    const known = this.documents.get(name);
    if (known !== undefined) return known;
    const made = new RecordedDocument();
    this.documents.set(name, made);
    return made;
  }
}
