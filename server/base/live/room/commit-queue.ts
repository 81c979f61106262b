/** Group commit: one commit in flight in the process, and everything that comes meanwhile goes into the next. */

import type { Binding, LiveStorage, LogBatch } from '#server/base/live/log/storage.ts';
import { type CommitPace, CommitWindow } from '#server/base/live/room/commit-window.ts';

/** What a source hands out for one commit. */
export interface CommitPart {
  batch: LogBatch | null;
  bindings: Binding[];
  /** Whether something still waits, because the batch is full. */
  more: boolean;
}

/** What has something to store: one open document. */
export interface CommitSource {
  /**
   * Hands out what waits, at most one batch; null when nothing waits.
   * @param mostBytes - of its updates, but for the first of them
   */
  take(mostBytes: number): CommitPart | null;
  /** Told once for each part taken: it is durable. */
  committed(batch: LogBatch | null): void;
  /** Told once for each part taken that may not be durable; the source must forget what it assumed. */
  failed(error: unknown): void;
}

/** A commit as it was gathered. */
type Gathered = { source: CommitSource; part: CommitPart }[];

/** A commit is full with so many bytes; every source has a fair part of them, and at least the least. */
const commitBytes = 2 * 1024 * 1024;
const leastBytes = 64 * 1024;

/** The outside world of the queue. */
export interface CommitWorld {
  storage: LiveStorage;
  now: () => Date;
  /** Runs work after a delay in ms. */
  schedule: (delayMs: number, work: () => void) => unknown;
  pace: CommitPace;
  /** Told what a source threw; the other documents go on. */
  report: (error: unknown) => void;
}

/** Gathers sources of one process and stores them together. Rules LV21 and LV70. */
export class CommitQueue {
  /** Since when the running commit runs, in ms; null when none does. */
  runningSinceMs: number | null = null;
  lastFailureMs: number | null = null;
  #world: CommitWorld;
  #window: CommitWindow;
  #waiting = new Set<CommitSource>();
  #isScheduled = false;
  /** Whether the last commit was full, and left something over that has waited long enough. */
  #isBehind = false;
  #idle: (() => void)[] = [];

  constructor(world: CommitWorld) {
    this.#world = world;
    this.#window = new CommitWindow(world.pace);
  }

  /** How long an edit waits for company under load, in ms. */
  get windowMs(): number {
    return this.#world.pace.windowMs;
  }

  /**
   * Says that a source has something; it goes with the next commit, when none is running: at the end of this turn in a
   * quiet hub, else when the window is over.
   */
  submit(source: CommitSource): void {
    this.#waiting.add(source);
    this.#schedule();
  }

  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void> {
    if (this.#waiting.size === 0 && !this.#isScheduled) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const delayMs = this.#isBehind ? 0 : this.#window.delayMs(this.#world.now().getTime());
    if (delayMs > 0) this.#world.schedule(delayMs, () => void this.#run());
    else setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    const nowMs = this.#world.now().getTime();
    this.#window.started(nowMs);
    const gathered = this.#gather();
    this.#isBehind = this.#waiting.size > 0;
    this.runningSinceMs = nowMs;
    await this.#commit(gathered);
    this.runningSinceMs = null;
    this.#isScheduled = false;
    if (this.#waiting.size > 0) this.#schedule();
    else for (const resolve of this.#idle.splice(0)) resolve();
  }

  #gather(): Gathered {
    const gathered: Gathered = [];
    let bytes = 0;
    const fairBytes = Math.max(commitBytes / this.#waiting.size, leastBytes);
    for (const source of [...this.#waiting]) {
      if (bytes > commitBytes) break;
      const part = this.#takeFrom(source, fairBytes);
      // What it has left over goes behind what the others have waiting.
      this.#waiting.delete(source);
      if (part?.more === true) this.#waiting.add(source);
      if (part === null) continue;
      gathered.push({ source, part });
      for (const entry of part.batch?.entries ?? []) bytes += entry.update.length;
    }
    return gathered;
  }

  async #commit(gathered: Gathered): Promise<void> {
    const refused = await this.#store(gathered);
    for (const { source, part } of gathered) {
      if (refused instanceof Set && !refused.has(part.batch?.document ?? '')) this.#confirm(source, part);
      else this.#fail(source, refused instanceof Error ? refused : new Error('log numbers taken'));
    }
  }

  #takeFrom(source: CommitSource, mostBytes: number): CommitPart | null {
    try {
      return source.take(mostBytes);
    } catch (error) {
      this.#fail(source, error);
      return null;
    }
  }

  /** A source that could not take in what is stored must forget what it assumed, like one whose part was not. */
  #confirm(source: CommitSource, part: CommitPart): void {
    try {
      source.committed(part.batch);
    } catch (error) {
      this.#fail(source, error);
    }
  }

  #fail(source: CommitSource, reason: unknown): void {
    try {
      source.failed(reason);
    } catch (error) {
      this.#world.report(error);
    }
  }

  /** @returns the documents whose batch was refused, or why nothing can be said of any */
  async #store(gathered: Gathered): Promise<ReadonlySet<string> | Error> {
    const bindings = gathered.flatMap(({ part }) => part.bindings);
    const batches = gathered.flatMap(({ part }) => part.batch ?? []);
    try {
      // Bindings first: an entry under a client id must never be durable while its owner is not.
      if (bindings.length > 0) await this.#world.storage.bind(bindings);
      return batches.length > 0 ? await this.#world.storage.append(batches) : new Set();
    } catch (error) {
      this.lastFailureMs = this.#world.now().getTime();
      return new Error('commit failed', { cause: error });
    }
  }
}
