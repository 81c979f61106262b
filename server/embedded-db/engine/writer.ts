// Group commit: all writes of one event-loop turn share one durable COMMIT; answers go out after it.
import { DatabaseError } from '../database-error.ts';
import { DirectTarget } from './direct-target.ts';
import { type LockOwner, LockWait } from './locks.ts';
import type { Storage } from './storage.ts';
import { Pace, type Work } from './work.ts';

interface Job {
  /** Runs to its end or to its next cut. */
  readonly advance: () => IteratorResult<LockOwner | null, unknown>;
  /** True when a failure takes back everything the job did in this group. */
  readonly isWhole: boolean;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly job: Job } & (
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'again'; readonly after: LockOwner | null }
  | { readonly kind: 'failed'; readonly error: unknown }
);

/** The only writer of a file. */
export class Writer {
  readonly #storage: Storage;
  readonly #target: DirectTarget;
  readonly #pace: Pace;
  #queue: Job[] = [];
  #commitMs = 0;
  #isScheduled = false;
  #isStopped = false;

  /** @param now - milliseconds, for slices */
  constructor(storage: Storage, now: () => number) {
    this.#storage = storage;
    this.#target = new DirectTarget(storage);
    this.#pace = new Pace(now);
  }

  /** Runs a job in the next group; resolves when its changes are on the disk.
   *  A job that throws leaves no change behind. It may run again after waiting for a transaction. */
  write<T>(run: (target: DirectTarget) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const advance = () => ({ done: true, value: run(this.#target) }) as const;
      this.#enqueue({ advance, isWhole: true, resolve, reject });
    });
  }

  /** Runs work in as many groups as it needs; each cut is committed. Resolves when all of it is on the disk.
   *  What was done before a failure stays. */
  work<T>(start: (target: DirectTarget, pace: Pace) => Work<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const work = start(this.#target, this.#pace);
      this.#enqueue({ advance: () => work.next(), isWhole: false, resolve, reject });
    });
  }

  /** Runs what is queued and refuses everything later, also the rest of what is cut; used when the database closes. */
  stop(): void {
    this.#isStopped = true;
    while (this.#queue.length > 0) this.flush();
  }

  #enqueue(job: Job): void {
    if (this.#isStopped) {
      job.reject(new DatabaseError(91, 'The database is closing'));
      return;
    }
    if (this.#storage.watch.broken) {
      job.reject(this.#storage.watch.broken);
      return;
    }
    this.#queue.push(job);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.flush();
    });
  }

  /** Runs what is queued, for one slice; called by itself once a turn. */
  flush(): void {
    if (this.#queue.length === 0) return;
    const { main, catalog } = this.#storage;
    const outcomes: Outcome[] = [];
    let taken = 0;
    this.#pace.begin(this.#commitMs);
    try {
      main.statement('BEGIN IMMEDIATE').run();
      do outcomes.push(this.#attempt(this.#queue[taken++] as Job));
      while (taken < this.#queue.length && !this.#pace.isOver);
      this.#commitMs = this.#pace.timed(() => void main.statement('COMMIT').run());
      catalog.committed();
    } catch (error) {
      this.#undoAll();
      const failure = this.#storage.watch.judge(error);
      // Without a beginning, or with a file that is lost, the rest would fare no better.
      const isHopeless = taken === 0 || this.#storage.watch.broken !== null;
      for (const job of this.#queue.splice(0, isHopeless ? this.#queue.length : taken)) job.reject(failure);
      outcomes.length = 0;
    }
    this.#queue.splice(0, outcomes.length);
    for (const outcome of outcomes) this.#settle(outcome);
    if (this.#queue.length > 0) this.#schedule();
  }

  #attempt(job: Job): Outcome {
    const { main, documents, catalog } = this.#storage;
    if (job.isWhole) main.statement('SAVEPOINT job').run();
    try {
      const step = job.advance();
      if (job.isWhole) main.statement('RELEASE job').run();
      return step.done ? { job, kind: 'done', value: step.value } : { job, kind: 'again', after: step.value };
    } catch (error) {
      // A full disk ends the whole transaction; then there is no savepoint to go back to.
      if (!main.db.isTransaction || !(job.isWhole || this.#storage.canCommit)) throw error;
      if (job.isWhole) {
        main.db.exec('ROLLBACK TO job; RELEASE job');
        documents.isHalfWritten = false;
        catalog.rolledBack();
      }
      if (job.isWhole && error instanceof LockWait) return { job, kind: 'again', after: error.owner };
      return { job, kind: 'failed', error };
    }
  }

  #settle(outcome: Outcome): void {
    const { job } = outcome;
    if (outcome.kind === 'done') job.resolve(outcome.value as never);
    else if (outcome.kind === 'failed') job.reject(this.#storage.watch.judge(outcome.error));
    else if (outcome.after) void outcome.after.ended.then(() => this.#enqueue(job));
    else this.#enqueue(job);
  }

  #undoAll(): void {
    if (this.#storage.main.db.isTransaction) this.#storage.main.db.exec('ROLLBACK');
    this.#storage.documents.isHalfWritten = false;
    this.#storage.catalog.rolledBack();
  }
}
