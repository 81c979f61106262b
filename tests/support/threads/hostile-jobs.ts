/** A thread for tests that does to itself what its job says. */
import { serveJobs } from '#server/base/live/worker/serve-jobs.ts';

/** What a job makes the thread do. */
export type HostileJob = 'count' | 'throw' | 'loop' | 'hog' | 'exit' | 'unclonable';

let count = 0;

serveJobs<HostileJob, unknown>((job) => {
  switch (job) {
    case 'throw':
      throw new Error('as told');
    case 'loop':
      for (;;) count += 0;
    case 'hog': {
      const held: string[][] = [];
      for (;;) held.push(Array.from({ length: 10_000 }, (_, at) => `text ${at} ${held.length}`));
    }
    case 'exit':
      return process.exit(0);
    case 'unclonable':
      return () => 'a function cannot be sent';
    default:
      count += 1;
      return count;
  }
});
