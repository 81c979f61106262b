/** Jobs that break their thread in every way there is. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WorkerThread } from '#server/base/live/worker/worker-thread.ts';
import type { HostileJob } from '#tests/support/threads/hostile-jobs.ts';

let thread: WorkerThread<HostileJob, number>;
let lost: number;

function start(timeMs: number): void {
  lost = 0;
  thread = new WorkerThread({
    entry: new URL('../../../../tests/support/threads/hostile-jobs.ts', import.meta.url),
    name: 'hostile',
    timeMs,
    memoryMb: 32,
    lost: () => {
      lost += 1;
    },
  });
}

beforeEach(() => start(20_000));
afterEach(() => thread.stop());

describe('a thread that may break', () => {
  test('[LV90] jobs are done one after the other, in one thread that remembers', async () => {
    expect(await Promise.all([thread.run('count'), thread.run('count')])).toEqual([1, 2]);
    expect(await thread.run('count')).toBe(3);
  });

  test('[LV90] a job that throws says so, and the thread lives on', async () => {
    await thread.run('count');
    await expect(thread.run('throw')).rejects.toMatchObject({ fault: 'threw', message: 'as told' });
    expect(await thread.run('count')).toBe(2);
    expect(lost).toBe(0);
  });

  test.each([
    ['loop', 'time'],
    ['hog', 'memory'],
    ['exit', 'threw'],
    ['unclonable', 'threw'],
  ] as const)('[LV90] %s ends the job, not the process; the next one is done anew', async (job, fault) => {
    if (job === 'loop') start(500);
    const [broken, next] = await Promise.allSettled([thread.run(job), thread.run('count')]);
    expect(broken).toMatchObject({ status: 'rejected', reason: { fault } });
    expect(next).toEqual({ status: 'fulfilled', value: 1 });
  });

  test('[LV90] a stopped thread leaves nobody waiting', async () => {
    const running = thread.run('loop');
    const waiting = thread.run('count');
    const answers = Promise.allSettled([running, waiting]);
    await thread.stop();
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
