/** Keeps derived records up to date with their documents, in the background. Rules LV91 to LV95. */
import type { Logger } from 'pino';
import type { DerivedRecord, DerivedStore, Quarantine } from '#server/base/live/derived/derived-store.ts';
import {
  type DeriveLimits,
  DeriverThread,
  defaultDeriveLimits,
} from '#server/base/live/derived/deriver-thread.ts';
import type { DocumentSource, SourceDocument } from '#server/base/live/derived/document-source.ts';
import { DueLine, type DuePauses } from '#server/base/live/derived/due-line.ts';
import { OpenMarks } from '#server/base/live/derived/open-marks.ts';
import type { Quarantines } from '#server/base/live/derived/quarantines.ts';
import type { Subject, Subjects } from '#server/base/live/derived/subjects.ts';
import { tryAlone } from '#server/base/live/derived/trial.ts';
import { ThreadFailure } from '#server/base/live/worker/worker-thread.ts';

/** The outside world of the deriver. */
export interface DeriverWorld {
  subjects: Subjects;
  source: DocumentSource;
  store: DerivedStore;
  quarantines: Quarantines;
  log: Logger;
  now: () => Date;
  schedule: (delayMs: number, work: () => void) => () => void;
  /** Told after a document was put in quarantine. */
  quarantined: (document: string) => void;
  limits?: DeriveLimits;
}

/** At most 2 s after the last edit, reading included; under constant typing at most 10 s. */
const pauses: DuePauses = { quietMs: 750, rounds: 7 };
/** After storage failed, and after a reading whose fault is no document's. */
const againMs = 5_000;
const hopelessMs = 600_000;

/** All derived records of one hub. */
export class Deriver {
  #world: DeriverWorld;
  #thread: DeriverThread;
  #due: DueLine;
  #marks: OpenMarks;
  #queue = new Set<string>();
  #isRunning = false;
  #idle: (() => void)[] = [];
  /** Subjects whose documents are being tried one by one; due again when that is over. */
  #trials = new Map<string, { isChanged: boolean }>();
  #trialLine: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(world: DeriverWorld) {
    this.#world = world;
    const { schedule, store } = world;
    this.#thread = new DeriverThread(world.limits ?? defaultDeriveLimits);
    this.#due = new DueLine(pauses, { schedule, due: (subject) => this.#enqueue(subject) });
    this.#marks = new OpenMarks(store);
  }

  /** Derives what an earlier process could not, and what was never derived. */
  async start(): Promise<void> {
    const { subjects, store, log } = this.#world;
    if (subjects.isEmpty) return;
    try {
      await this.#world.quarantines.ready();
      for (const name of await store.listOpen()) {
        this.#marks.adopt(name);
        this.#enqueue(name);
      }
      for (const name of await subjects.listUnderived(store)) this.#enqueue(name);
    } catch (error) {
      log.warn({ err: error }, 'what is behind could not be listed');
      if (!this.#isClosed) this.#world.schedule(againMs, () => void this.start());
    }
  }

  /** A document comes into memory: it may be written to from now on. Rejects when that cannot be noted. */
  async opened(document: string): Promise<void> {
    const found = this.#world.subjects.of(document);
    if (found === null) return;
    await Promise.all([this.#marks.add(found.name, found.kind, document), this.#world.quarantines.ready()]);
  }

  /** A document has new durable entries. */
  written(document: string): void {
    const found = this.#world.subjects.of(document);
    if (found !== null && !this.#isClosed) this.#due.changed(found.name);
  }

  /** A document has left memory. */
  closed(document: string): void {
    const found = this.#world.subjects.of(document);
    if (found === null || this.#isClosed) return;
    this.#marks.remove(found.name, document);
    if (!this.#isWaiting(found.name)) this.#clearMark(found.name);
  }

  /** Resolves when nothing is being read; what is not yet due stays so. */
  idle(): Promise<void> {
    if (!this.#isRunning && this.#trials.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Ends the thread; what is behind is derived by the next process. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#due.clear();
    this.#queue.clear();
    await this.#thread.stop();
  }

  #isWaiting(subject: string): boolean {
    return this.#due.has(subject) || this.#queue.has(subject) || this.#trials.has(subject);
  }

  #enqueue(name: string): void {
    if (this.#isClosed) return;
    const trial = this.#trials.get(name);
    if (trial !== undefined) trial.isChanged = true;
    else this.#queue.add(name);
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (const name of this.#queue) {
      this.#queue.delete(name);
      await this.#attempt(name);
      if (!this.#isWaiting(name)) this.#clearMark(name);
    }
    this.#isRunning = false;
    this.#rest();
  }

  async #attempt(name: string): Promise<void> {
    const subject = this.#world.subjects.find(name);
    if (subject === null) return;
    try {
      await this.#derive(subject);
    } catch (error) {
      if (this.#isClosed) return;
      if (error instanceof ThreadFailure) this.#beginTrial(subject, error);
      else this.#tryLater(name, error);
    }
  }

  async #derive(subject: Subject): Promise<void> {
    const record = await this.#world.store.read(subject.name);
    const documents = await this.#read(subject, (document) => this.#thread.known(document));
    if (isUpToDate(record, documents, subject)) return;
    const { module } = subject.reading;
    const value = await this.#thread.derive({ subject: subject.name, module, documents });
    await this.#store(subject, record, documents, value);
  }

  /** Documents as they are now, those in quarantine as they could be read last; without those never written. */
  async #read(
    subject: Subject,
    known: (document: string) => { epoch: string; seq: number } | undefined,
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

  async #store(
    subject: Subject,
    before: DerivedRecord | null,
    documents: readonly SourceDocument[],
    value: unknown,
  ): Promise<void> {
    const { store, now } = this.#world;
    const { name, kind, reading, id } = subject;
    const isStored = await store.write({
      subject: name,
      kind,
      revision: (before?.revision ?? 0) + 1,
      version: reading.version,
      states: documents.map(({ document, epoch, seq }) => ({ document, epoch, seq })),
      at: now(),
      value,
    });
    // Another process has derived it meanwhile: what it read may be older or newer.
    if (!isStored) return this.#due.changed(name);
    if (before !== null && JSON.stringify(before.value) === JSON.stringify(value)) return;
    await reading.changed?.(id, value).catch((error: unknown) => {
      this.#world.log.error({ err: error, subject: name }, 'room could not take a derived record');
    });
  }

  #tryLater(name: string, error: unknown): void {
    this.#world.log.warn({ err: error, subject: name }, 'could not be derived');
    this.#world.schedule(againMs, () => this.#enqueue(name));
  }

  /** The others go on meanwhile. */
  #beginTrial(subject: Subject, failure: ThreadFailure): void {
    const { log } = this.#world;
    log.warn({ err: failure, subject: subject.name }, 'reading broke; its documents are tried one by one');
    const trial = { isChanged: false };
    this.#trials.set(subject.name, trial);
    this.#trialLine = this.#trialLine
      .then(() => this.#try(subject))
      .catch((error: unknown) => this.#tryLater(subject.name, error))
      .then(() => {
        this.#trials.delete(subject.name);
        if (trial.isChanged) this.#enqueue(subject.name);
        else if (!this.#isWaiting(subject.name)) this.#clearMark(subject.name);
        this.#rest();
      });
  }

  async #try(subject: Subject): Promise<void> {
    if (this.#isClosed) return;
    const { store, source, log, limits } = this.#world;
    const record = await store.read(subject.name);
    const documents = await this.#read(subject, () => undefined);
    const good = await Promise.all(
      documents.map(({ document, epoch }) => {
        const state = record?.states.find((one) => one.document === document && one.epoch === epoch);
        return source.at(document, { epoch, seq: state?.seq ?? 0 });
      }),
    );
    const { name, reading } = subject;
    const verdict = await tryAlone(
      { subject: name, module: reading.module },
      good,
      documents,
      limits ?? defaultDeriveLimits,
    );
    if (this.#isClosed) return;
    if (verdict === null) {
      log.error({ subject: name }, 'cannot be derived even from what could be read before');
      this.#world.schedule(hopelessMs, () => this.#enqueue(name));
      return;
    }
    for (const { document, fault } of verdict.guilty) {
      const goodSeq = good.find((one) => one.document === document.document)?.seq ?? 0;
      await this.#putAway(subject, { ...document, badSeq: document.seq, goodSeq, fault });
    }
    await this.#store(
      subject,
      record,
      verdict.documents.filter(({ seq }) => seq > 0),
      verdict.value,
    );
  }

  async #putAway(
    subject: Subject,
    { document, epoch, goodSeq, badSeq, fault }: Omit<Quarantine, 'subject' | 'since'>,
  ): Promise<void> {
    const { quarantines, now, log, quarantined } = this.#world;
    await quarantines.add({ document, subject: subject.name, epoch, goodSeq, badSeq, fault, since: now() });
    log.error({ document, goodSeq, badSeq, fault }, 'document put in quarantine');
    quarantined(document);
  }

  #clearMark(name: string): void {
    this.#marks.clear(name).catch((error: unknown) => {
      this.#world.log.warn({ err: error, subject: name }, 'mark could not be taken away');
    });
  }

  #rest(): void {
    if (this.#isRunning || this.#trials.size > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}

function isUpToDate(
  record: DerivedRecord | null,
  documents: readonly SourceDocument[],
  { reading }: Subject,
): boolean {
  if (record === null || record.version !== reading.version) return false;
  if (record.states.length !== documents.length) return false;
  return documents.every(({ document, epoch, seq }) =>
    record.states.some((state) => state.document === document && state.epoch === epoch && state.seq === seq),
  );
}
