/** Reads documents for those who derive: from the room that has them in memory, else from storage. */
import type { DerivedStore, DocumentState } from '#server/base/live/derived/derived-store.ts';
import type { LiveStorage } from '#server/base/live/log/storage.ts';
import type { LiveRoom } from '#server/base/live/room/room.ts';

/** A document at one moment. */
export interface SourceDocument extends DocumentState {
  /** `updates` is what came after this number; 0 = all there is. */
  from: number;
  updates: readonly Uint8Array[];
}

/** What somebody has of a document. */
export type KnownState = Pick<DocumentState, 'epoch' | 'seq'>;

/** Where documents are read. */
export class DocumentSource {
  #find: (document: string) => Pick<LiveRoom, 'durable'> | undefined;
  #storage: LiveStorage;
  #store: Pick<DerivedStore, 'listCuts'>;

  /** @param find - the room of a document if it is in memory */
  constructor(
    find: (document: string) => Pick<LiveRoom, 'durable'> | undefined,
    storage: LiveStorage,
    store: Pick<DerivedStore, 'listCuts'>,
  ) {
    this.#find = find;
    this.#storage = storage;
    this.#store = store;
  }

  /** A document as it is stored now, without what is known of the same life. */
  async now(document: string, known: KnownState | undefined): Promise<SourceDocument> {
    const log = this.#find(document)?.durable ?? null;
    if (log === null) return await this.#stored(document, known);
    const { epoch, storedSeq: seq } = log;
    const after = known?.epoch === epoch && known.seq <= seq ? known.seq : 0;
    // May be everything when the log no longer has what came just after: Yjs takes twice as once.
    const { updates } = after === 0 ? log.everything() : log.missingSince(after);
    return { document, epoch, seq, from: after, updates };
  }

  /** A document as it was at a number of its present life, without what is known of it; 0 for empty. */
  async at(document: string, { epoch, seq }: KnownState, known?: KnownState): Promise<SourceDocument> {
    if (known?.epoch === epoch && known.seq === seq) return { document, epoch, seq, from: seq, updates: [] };
    if (seq === 0) return { document, epoch, seq, from: 0, updates: [] };
    const [entries, cuts] = await Promise.all([
      this.#storage.entriesAfter(document, 0, seq),
      this.#store.listCuts(document),
    ]);
    const isCut = (at: number) => cuts.some(({ after, upTo }) => upTo <= seq && at > after && at <= upTo);
    const kept = entries.filter((entry) => entry.seq <= seq && !isCut(entry.seq));
    const updates = kept.map((entry) => entry.update);
    return { document, epoch, seq, from: 0, updates };
  }

  /** Numbers of its present life at which a document may be read, in order: a merged stretch has its last alone. */
  async numbers(document: string): Promise<number[]> {
    const cut = (await this.#store.listCuts(document)).at(-1);
    const entries = await this.#storage.entriesAfter(document, 0, Number.POSITIVE_INFINITY);
    // The act of going back is the first of the new life: up to it there is what the document was taken back to.
    const own = entries.filter(({ seq }) => seq >= (cut?.upTo ?? 0));
    return [...new Set(own.map(({ seq }) => seq))];
  }

  async #stored(document: string, known: KnownState | undefined): Promise<SourceDocument> {
    const { epoch, snapshot, tail } = await this.#storage.open(document);
    const seq = tail.at(-1)?.seq ?? snapshot?.seq ?? 0;
    const after = known?.epoch === epoch && known.seq <= seq ? known.seq : 0;
    const updates = tail.filter((entry) => entry.seq > after).map((entry) => entry.update);
    if (snapshot !== null && snapshot.seq > after) updates.unshift(snapshot.update);
    return { document, epoch, seq, from: after, updates };
  }
}
