/** The thread's end of `WorkerThread`: takes one job after the other and answers each. */
import { parentPort } from 'node:worker_threads';

/** A job as it is sent. */
export interface JobMessage {
  job: unknown;
}

/** What becomes of a job; and before the first, that the thread's modules are loaded. */
export type JobAnswer = { answer: unknown } | { thrown: string };
export type ThreadMessage = JobAnswer | 'ready';

/** Calls `work` for every job; what it throws is told, and the thread goes on. */
export function serveJobs<Job, Answer>(work: (job: Job) => Promise<Answer> | Answer): void {
  parentPort?.on('message', ({ job }: { job: Job }) => {
    void answer(work, job).then((message) => parentPort?.postMessage(message));
  });
  parentPort?.postMessage('ready' satisfies ThreadMessage);
}

async function answer<Job, Answer>(
  work: (job: Job) => Promise<Answer> | Answer,
  job: Job,
): Promise<JobAnswer> {
  try {
    return { answer: await work(job) };
  } catch (error) {
    return { thrown: error instanceof Error ? error.message : String(error) };
  }
}
