/** Subjects that broke the reader: their documents are tried one by one, and the guilty put in quarantine. Rule LV94. */
import type { DerivedRecord, Quarantine } from '#server/base/live/derived/derived-store.ts';
import { type DeriveLimits, defaultDeriveLimits } from '#server/base/live/derived/deriver-thread.ts';
import type { SourceDocument } from '#server/base/live/derived/document-source.ts';
import type { SubjectRecords, SubjectWorld } from '#server/base/live/derived/subject-records.ts';
import type { Subject } from '#server/base/live/derived/subjects.ts';
import { findLastReadable, tryAlone, type Verdict } from '#server/base/live/derived/trial.ts';
import type { ThreadFailure } from '#server/base/live/worker/worker-thread.ts';

/** The outside world of trials. */
export interface TrialWorld extends Pick<SubjectWorld, 'source' | 'store' | 'quarantines' | 'log' | 'now'> {
  records: SubjectRecords;
  limits?: DeriveLimits;
  /** Told after a document was put in quarantine. */
  quarantined: (document: string) => void;
  /** The subject is to be derived again after so long: its fault is no document's. */
  again: (subject: string, delayMs: number) => void;
  /** The trial could not be held. */
  failed: (subject: string, error: unknown) => void;
  /** Another process has derived it meanwhile. */
  stale: (subject: string) => void;
  /** @param isChanged - whether its documents were written to meanwhile */
  ended: (subject: string, isChanged: boolean) => void;
}

/** After a reading whose fault is no document's. */
const hopelessMs = 600_000;

/** All trials of one hub, one after the other; other subjects are read meanwhile. */
export class Trials {
  #world: TrialWorld;
  #running = new Map<string, { isChanged: boolean }>();
  #line: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(world: TrialWorld) {
    this.#world = world;
  }

  /** Whether none is held or waits. */
  get isEmpty(): boolean {
    return this.#running.size === 0;
  }

  /** Whether a subject is being tried, or waits for that. */
  has(subject: string): boolean {
    return this.#running.has(subject);
  }

  /** Says that a subject has changed. @returns whether that is taken care of after its trial */
  noteChange(subject: string): boolean {
    const trial = this.#running.get(subject);
    if (trial !== undefined) trial.isChanged = true;
    return trial !== undefined;
  }

  /** Nothing is decided any more. */
  close(): void {
    this.#isClosed = true;
  }

  /** Tries the documents of a subject after those before it. */
  begin(subject: Subject, failure: ThreadFailure): void {
    const { log, failed, ended } = this.#world;
    const { name } = subject;
    log.warn({ err: failure, subject: name }, 'reading broke; its documents are tried one by one');
    const trial = { isChanged: false };
    this.#running.set(name, trial);
    this.#line = this.#line
      .then(() => this.#try(subject))
      .catch((error: unknown) => failed(name, error))
      .then(() => {
        this.#running.delete(name);
        ended(name, trial.isChanged);
      });
  }

  async #try(subject: Subject): Promise<void> {
    if (this.#isClosed) return;
    const { store, log, records, again, stale } = this.#world;
    const record = await store.read(subject.name);
    const documents = await records.read(subject, () => undefined);
    const good = await this.#goodStates(record, documents);
    const verdict = await tryAlone(this.#readingOf(subject), good, documents, this.#limits);
    if (this.#isClosed) return;
    if (verdict === null) {
      log.error({ subject: subject.name }, 'cannot be derived even from what could be read before');
      return again(subject.name, hopelessMs);
    }
    for (const guilty of verdict.guilty) await this.#putAway(subject, good, verdict, guilty);
    const read = { documents: verdict.documents.filter(({ seq }) => seq > 0), value: verdict.value };
    if (!(await records.store(subject, record, read))) stale(subject.name);
  }

  /** The documents as the record says they could be read; empty ones where it says nothing. */
  #goodStates(record: DerivedRecord | null, documents: readonly SourceDocument[]): Promise<SourceDocument[]> {
    const { source } = this.#world;
    const states = record?.states ?? [];
    return Promise.all(
      documents.map(({ document, epoch }) => {
        const state = states.find((one) => one.document === document && one.epoch === epoch);
        return source.at(document, { epoch, seq: state?.seq ?? 0 });
      }),
    );
  }

  async #putAway(
    subject: Subject,
    good: readonly SourceDocument[],
    { documents }: Verdict,
    { document: { document, epoch, seq: badSeq }, fault }: Verdict['guilty'][number],
  ): Promise<void> {
    const { source, quarantines, now, log, quarantined } = this.#world;
    const place = good.findIndex((one) => one.document === document);
    let goodSeq = good[place]?.seq ?? 0;
    if (goodSeq === 0) {
      // Never read in this life: going back would empty it, so how far it can be read is found out now.
      const stops = (await source.numbers(document)).filter((seq) => seq < badSeq);
      const stateAt = (seq: number) => source.at(document, { epoch, seq });
      const asked = { documents, place, stops, stateAt, isOver: () => this.#isClosed };
      goodSeq = await findLastReadable(this.#readingOf(subject), asked, this.#limits);
    }
    if (this.#isClosed) return;
    const found: Quarantine = {
      document,
      subject: subject.name,
      epoch,
      goodSeq,
      badSeq,
      fault,
      since: now(),
    };
    await quarantines.add(found);
    log.error({ document, goodSeq, badSeq, fault }, 'document put in quarantine');
    quarantined(document);
  }

  #readingOf({ name, reading }: Subject): { subject: string; module: URL } {
    return { subject: name, module: reading.module };
  }

  get #limits(): DeriveLimits {
    return this.#world.limits ?? defaultDeriveLimits;
  }
}
