/** A thread for work that may break: one job at a time, under limits of time and memory; a broken one is replaced. */
import { Worker } from 'node:worker_threads';
import type { JobAnswer, JobMessage, ThreadMessage } from '#server/base/live/worker/serve-jobs.ts';

/** Why a job came to nothing: too long, too much memory, or it threw; in the last case the thread lives on. */
export type ThreadFault = 'time' | 'memory' | 'threw';

/** A job that came to nothing. */
export class ThreadFailure extends Error {
  readonly fault: ThreadFault;

  constructor(fault: ThreadFault, message: string) {
    super(message);
    this.name = 'ThreadFailure';
    this.fault = fault;
  }
}

/** What a thread is. */
export interface ThreadOptions {
  /** The module that calls `serveJobs`. */
  entry: URL;
  /** Shown by tools that look at the process. */
  name: string;
  /** Longest time of one job in ms, the thread's start not counted. */
  timeMs: number;
  /** Heap of the thread in MB; bytes of typed arrays are not counted by V8. */
  memoryMb: number;
  /** Told when a thread has ended and its memory with it; not after `stop`. */
  lost?: () => void;
}

interface RunningJob {
  answer: (message: JobAnswer) => void;
  broke: (failure: ThreadFailure) => void;
}

/** Time a thread has to start, on however busy a machine. */
const startMs = 30_000;

/** Starts its thread with the first job. Jobs wait for one another. */
export class WorkerThread<Job, Answer> {
  #options: ThreadOptions;
  #thread: { worker: Worker; started: Promise<void> } | null = null;
  #running: RunningJob | null = null;
  #line: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  /**
   * Does one job after those asked for before.
   * @param transfer - buffers that are the thread's from now on
   * @throws ThreadFailure
   */
  run(job: Job, transfer: readonly ArrayBuffer[] = []): Promise<Answer> {
    const turn = this.#line.then(() => this.#run(job, transfer));
    this.#line = turn.catch(() => undefined);
    return turn;
  }

  /** Ends the thread; the job that runs and those that wait come to nothing. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#end(new ThreadFailure('threw', 'stopped'));
  }

  async #run(job: Job, transfer: readonly ArrayBuffer[]): Promise<Answer> {
    if (this.#isStopped) throw new ThreadFailure('threw', 'stopped');
    this.#thread ??= this.#start();
    const { worker, started } = this.#thread;
    const { promise, resolve, reject } = Promise.withResolvers<JobAnswer>();
    this.#running = { answer: resolve, broke: reject };
    let timer = this.#giveUpAfter(startMs);
    try {
      await Promise.race([started, promise]);
      clearTimeout(timer);
      timer = this.#giveUpAfter(this.#options.timeMs);
      worker.postMessage({ job } satisfies JobMessage, transfer);
      const message = await promise;
      if ('thrown' in message) throw new ThreadFailure('threw', message.thrown);
      return message.answer as Answer;
    } finally {
      clearTimeout(timer);
      this.#running = null;
    }
  }

  #giveUpAfter(ms: number): NodeJS.Timeout {
    return setTimeout(() => void this.#end(new ThreadFailure('time', `no answer within ${ms} ms`)), ms);
  }

  #start(): { worker: Worker; started: Promise<void> } {
    const { entry, name, memoryMb } = this.#options;
    const worker = new Worker(entry, {
      execArgv: [],
      name,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 16 },
    });
    // The hub ends when it has nothing else to do.
    worker.unref();
    const { promise: started, resolve } = Promise.withResolvers<void>();
    worker.on('message', (message: ThreadMessage) => {
      if (message === 'ready') resolve();
      else this.#running?.answer(message);
    });
    const gone = (failure: ThreadFailure) => {
      if (this.#thread?.worker === worker) void this.#end(failure);
    };
    worker.on('error', (error: unknown) => gone(failureOf(error)));
    worker.on('exit', () => gone(new ThreadFailure('threw', 'the thread has ended')));
    return { worker, started };
  }

  async #end(failure: ThreadFailure): Promise<void> {
    const worker = this.#thread?.worker;
    this.#thread = null;
    const running = this.#running;
    this.#running = null;
    if (worker !== undefined && !this.#isStopped) this.#options.lost?.();
    const ended = worker?.terminate();
    running?.broke(failure);
    await ended;
  }
}

function failureOf(error: unknown): ThreadFailure {
  const message = error instanceof Error ? error.message : String(error);
  const isMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return new ThreadFailure(isMemory ? 'memory' : 'threw', message);
}
