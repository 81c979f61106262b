// Group commit: all writes of one event-loop turn share one durable COMMIT; answers go out after it.
import { DatabaseError } from '../database-error.ts';
import { DirectTarget } from './direct-target.ts';
import { LockWait } from './locks.ts';
import type { Storage } from './storage.ts';

interface Job {
  readonly run: (target: DirectTarget) => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome =
  | { readonly job: Job; readonly value: unknown }
  | { readonly job: Job; readonly error: unknown };

/** The only writer of a file. */
export class Writer {
  readonly #storage: Storage;
  readonly #target: DirectTarget;
  #queue: Job[] = [];
  #isScheduled = false;
  #isStopped = false;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#target = new DirectTarget(storage);
  }

  /** Runs a job in the next group; resolves when its changes are on the disk.
   *  A job that throws leaves no change behind. It may run again after waiting for a transaction. */
  write<T>(run: (target: DirectTarget) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#enqueue({ run, resolve, reject });
    });
  }

  /** Runs what is queued and refuses everything later; used when the database closes. */
  stop(): void {
    this.flush();
    this.#isStopped = true;
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
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.flush());
  }

  /** Runs what is queued now; called by itself once a turn. */
  flush(): void {
    this.#isScheduled = false;
    const jobs = this.#queue;
    this.#queue = [];
    if (jobs.length === 0) return;
    const outcomes: Outcome[] = [];
    try {
      this.#storage.main.statement('BEGIN IMMEDIATE').run();
      for (const job of jobs) outcomes.push(this.#attempt(job));
      this.#storage.main.statement('COMMIT').run();
    } catch (error) {
      this.#undoAll();
      const failure = this.#storage.watch.judge(error);
      for (const job of jobs) job.reject(failure);
      return;
    }
    for (const outcome of outcomes) this.#settle(outcome);
  }

  #attempt(job: Job): Outcome {
    const { main } = this.#storage;
    main.statement('SAVEPOINT job').run();
    try {
      const value = job.run(this.#target);
      main.statement('RELEASE job').run();
      return { job, value };
    } catch (error) {
      // A full disk ends the whole transaction; then there is no savepoint to go back to.
      if (!main.db.isTransaction) throw error;
      main.db.exec('ROLLBACK TO job; RELEASE job');
      this.#storage.catalog.reload();
      return { job, error };
    }
  }

  #settle(outcome: Outcome): void {
    if (!('error' in outcome)) outcome.job.resolve(outcome.value as never);
    else if (outcome.error instanceof LockWait) {
      void outcome.error.owner.ended.then(() => this.#enqueue(outcome.job));
    } else outcome.job.reject(this.#storage.watch.judge(outcome.error));
  }

  #undoAll(): void {
    if (this.#storage.main.db.isTransaction) this.#storage.main.db.exec('ROLLBACK');
    this.#storage.catalog.reload();
  }
}
