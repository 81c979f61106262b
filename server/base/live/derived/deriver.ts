/** Keeps derived records up to date with their documents, in the background. Rules LV91 to LV95. */
import type { Logger } from 'pino';
import type { DerivedRecord } from '#server/base/live/derived/derived-store.ts';
import { type DeriverThread, defaultDeriveLimits } from '#server/base/live/derived/deriver-thread.ts';
import type { SourceDocument } from '#server/base/live/derived/document-source.ts';
import { DueLine, type DuePauses } from '#server/base/live/derived/due-line.ts';
import { OpenMarks } from '#server/base/live/derived/open-marks.ts';
import { ReadingLine } from '#server/base/live/derived/reading-line.ts';
import { SubjectRecords, type SubjectWorld } from '#server/base/live/derived/subject-records.ts';
import type { Subject } from '#server/base/live/derived/subjects.ts';
import { Trials, type TrialWorld } from '#server/base/live/derived/trials.ts';
import { ThreadFailure } from '#server/base/live/worker/worker-thread.ts';

/** The outside world of the deriver. */
export interface DeriverWorld extends SubjectWorld, Pick<TrialWorld, 'quarantined' | 'limits'> {
  log: Logger;
  schedule: (delayMs: number, work: () => void) => () => void;
}

/** At most 2 s after the last edit, reading included; under constant typing at most 10 s. */
const pauses: DuePauses = { quietMs: 750, rounds: 7 };
/** Processor time of a reading from which the next one of its subject is done beside the others. */
const heavyMs = 500;
/** After storage failed. */
const againMs = 5_000;

/** All derived records of one hub. */
export class Deriver {
  #world: DeriverWorld;
  #quick: ReadingLine;
  /** For subjects that took long the last time: they keep nobody waiting but each other. */
  #slow: ReadingLine;
  #heavy = new Set<string>();
  #due: DueLine;
  #marks: OpenMarks;
  #idle: (() => void)[] = [];
  #records: SubjectRecords;
  #trials: Trials;
  #isClosed = false;

  constructor(world: DeriverWorld) {
    this.#world = world;
    const { schedule, store } = world;
    const limits = world.limits ?? defaultDeriveLimits;
    const rested = () => this.#rest();
    this.#quick = new ReadingLine(limits, {
      rested,
      read: (name, thread) => this.#readQuickly(name, thread),
    });
    this.#slow = new ReadingLine(limits, { rested, read: (name, thread) => this.#attempt(name, thread) });
    this.#due = new DueLine(pauses, { schedule, due: (subject) => this.#enqueue(subject) });
    this.#marks = new OpenMarks(store);
    this.#records = new SubjectRecords(world);
    this.#trials = new Trials({
      ...world,
      records: this.#records,
      again: (name, delayMs) => world.schedule(delayMs, () => this.#enqueue(name)),
      failed: (name, error) => this.#tryLater(name, error),
      stale: (name) => this.#due.changed(name),
      ended: (name, isChanged) => this.#tried(name, isChanged),
    });
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
    if (this.#isIdle) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Ends the thread; what is behind is derived by the next process. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#due.clear();
    this.#trials.close();
    await Promise.all([this.#quick.close(), this.#slow.close()]);
  }

  #isWaiting(subject: string): boolean {
    const lines = [this.#due, this.#quick, this.#slow, this.#trials];
    return lines.some((line) => line.has(subject));
  }

  get #isIdle(): boolean {
    return this.#quick.isIdle && this.#slow.isIdle && this.#trials.isEmpty;
  }

  #enqueue(name: string): void {
    if (this.#isClosed) return;
    if (this.#trials.noteChange(name)) return;
    if (this.#heavy.has(name)) this.#slow.add(name);
    else this.#quick.add(name);
  }

  async #readQuickly(name: string, thread: DeriverThread): Promise<void> {
    // It may have turned out to be heavy while it waited.
    if (this.#heavy.has(name)) this.#slow.add(name);
    else await this.#attempt(name, thread);
  }

  async #attempt(name: string, thread: DeriverThread): Promise<void> {
    const subject = this.#world.subjects.find(name);
    try {
      if (subject !== null) await this.#derive(subject, thread);
    } catch (error) {
      if (this.#isClosed || subject === null) return;
      if (error instanceof ThreadFailure) {
        this.#heavy.add(name);
        this.#trials.begin(subject, error);
      } else this.#tryLater(name, error);
    }
    if (!this.#isWaiting(name)) this.#clearMark(name);
  }

  async #derive(subject: Subject, thread: DeriverThread): Promise<void> {
    const record = await this.#world.store.read(subject.name);
    const documents = await this.#records.read(subject, (document) => thread.known(document));
    if (isUpToDate(record, documents, subject)) return;
    const { module } = subject.reading;
    const { value, workedMs } = await thread.derive({ subject: subject.name, module, documents });
    if (workedMs > heavyMs) this.#heavy.add(subject.name);
    else this.#heavy.delete(subject.name);
    // Another process has derived it meanwhile: what it read may be older or newer.
    if (!(await this.#records.store(subject, record, { documents, value }))) this.#due.changed(subject.name);
  }

  #tryLater(name: string, error: unknown): void {
    this.#world.log.warn({ err: error, subject: name }, 'could not be derived');
    this.#world.schedule(againMs, () => this.#enqueue(name));
  }

  #tried(name: string, isChanged: boolean): void {
    if (isChanged) this.#enqueue(name);
    else if (!this.#isWaiting(name)) this.#clearMark(name);
    this.#rest();
  }

  #clearMark(name: string): void {
    this.#marks.clear(name).catch((error: unknown) => {
      this.#world.log.warn({ err: error, subject: name }, 'mark could not be taken away');
    });
  }

  #rest(): void {
    if (!this.#isIdle) return;
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
