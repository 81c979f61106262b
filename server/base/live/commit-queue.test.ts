import { expect, test } from 'vitest';
import { type CommitPart, CommitQueue, type CommitSource } from '#server/base/live/commit-queue.ts';
import { createMemoryStorage } from '#server/base/live/memory-storage.ts';
import type { LiveStorage, LogBatch } from '#server/base/live/storage.ts';

const now = () => new Date(0);

function batchOf(document: string, seq: number): LogBatch {
  const entry = {
    seq,
    first: seq,
    update: Uint8Array.of(seq),
    memberId: 'ada',
    side: 'buyer',
    at: now(),
    since: now(),
    clocks: [],
  } as const;
  return { document, entries: [{ ...entry, clocks: [] }] };
}

/** A source that hands out what a test puts in, and writes down what it is told. */
function sourceOf(document: string): CommitSource & { parts: CommitPart[]; told: string[] } {
  const parts: CommitPart[] = [];
  const told: string[] = [];
  return {
    parts,
    told,
    take: () => parts.shift() ?? null,
    committed: (batch) => told.push(`committed ${document} ${batch?.entries[0]?.seq}`),
    failed: () => told.push(`failed ${document}`),
  };
}

/** A store whose appends wait for the test. */
function gated(): LiveStorage & {
  appends: { batches: readonly LogBatch[]; done: (refused: string[]) => void }[];
} {
  const appends: { batches: readonly LogBatch[]; done: (refused: string[]) => void }[] = [];
  return {
    ...createMemoryStorage(),
    appends,
    append: (batches) =>
      new Promise((resolve) => appends.push({ batches, done: (refused) => resolve(new Set(refused)) })),
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('[LV21] one commit is in flight; what comes meanwhile goes into the next, of all documents together', async () => {
  const storage = gated();
  const queue = new CommitQueue(storage, now);
  const [a, b] = [sourceOf('a'), sourceOf('b')];
  a.parts.push({ batch: batchOf('a', 1), bindings: [], more: false });
  queue.submit(a);
  queue.submit(a);
  await turn();
  await turn();
  expect(storage.appends).toHaveLength(1);
  a.parts.push({ batch: batchOf('a', 2), bindings: [], more: false });
  b.parts.push({ batch: batchOf('b', 1), bindings: [], more: false });
  queue.submit(a);
  queue.submit(b);
  await turn();
  expect(storage.appends).toHaveLength(1);
  expect(a.told).toEqual([]);
  storage.appends[0]?.done([]);
  await turn();
  await turn();
  expect(a.told).toEqual(['committed a 1']);
  expect(storage.appends[1]?.batches.map((batch) => batch.document)).toEqual(['a', 'b']);
  storage.appends[1]?.done([]);
  await queue.idle();
  expect([...a.told, ...b.told]).toEqual(['committed a 1', 'committed a 2', 'committed b 1']);
});

test('[LV21] what a full batch leaves behind goes with the next commit, never twice in one', async () => {
  const queue = new CommitQueue(createMemoryStorage(), now);
  const a = sourceOf('a');
  a.parts.push({ batch: batchOf('a', 1), bindings: [], more: true });
  a.parts.push({ batch: batchOf('a', 2), bindings: [], more: false });
  queue.submit(a);
  await queue.idle();
  expect(a.told).toEqual(['committed a 1', 'committed a 2']);
});

test('[LV22] a refused batch fails its own document; a store that does not answer fails all of the commit', async () => {
  const storage = gated();
  const queue = new CommitQueue(storage, now);
  const [a, b] = [sourceOf('a'), sourceOf('b')];
  a.parts.push({ batch: batchOf('a', 1), bindings: [], more: false });
  b.parts.push({ batch: batchOf('b', 1), bindings: [], more: false });
  queue.submit(a);
  queue.submit(b);
  await turn();
  storage.appends[0]?.done(['a']);
  await queue.idle();
  expect([...a.told, ...b.told]).toEqual(['failed a', 'committed b 1']);

  const away = new CommitQueue({ ...storage, append: () => Promise.reject(new Error('away')) }, now);
  const [c, d] = [sourceOf('c'), sourceOf('d')];
  c.parts.push({ batch: batchOf('c', 1), bindings: [], more: false });
  d.parts.push({ batch: null, bindings: [{ document: 'd', clientId: 1, memberId: 'ada' }], more: false });
  away.submit(c);
  away.submit(d);
  await away.idle();
  expect([...c.told, ...d.told]).toEqual(['failed c', 'failed d']);
  expect(away.lastFailureMs).toBe(0);
});

test('[LV22] a document that fails over its own news holds no other document up', async () => {
  const reported: unknown[] = [];
  const queue = new CommitQueue(createMemoryStorage(), now, (error) => reported.push(error));
  const [taking, telling, good] = [sourceOf('taking'), sourceOf('telling'), sourceOf('good')];
  const fault = new Error('a fault of ours');
  const thrower = () => {
    throw fault;
  };
  taking.take = thrower;
  telling.committed = thrower;
  telling.failed = thrower;
  telling.parts.push({ batch: batchOf('telling', 1), bindings: [], more: false });
  good.parts.push({ batch: batchOf('good', 1), bindings: [], more: false });
  for (const source of [taking, telling, good]) queue.submit(source);
  await queue.idle();
  good.parts.push({ batch: batchOf('good', 2), bindings: [], more: false });
  queue.submit(good);
  await queue.idle();
  expect(taking.told).toEqual(['failed taking']);
  expect(good.told).toEqual(['committed good 1', 'committed good 2']);
  expect(reported).toEqual([fault]);
  expect(queue.runningSinceMs).toBeNull();
});

test('[LV12] owners are stored before the entries that need them', async () => {
  const order: string[] = [];
  const storage: LiveStorage = {
    ...createMemoryStorage(),
    bind: async () => void order.push('bind'),
    append: async () => {
      order.push('append');
      return new Set();
    },
  };
  const queue = new CommitQueue(storage, now);
  const a = sourceOf('a');
  a.parts.push({
    batch: batchOf('a', 1),
    bindings: [{ document: 'a', clientId: 1, memberId: 'ada' }],
    more: false,
  });
  queue.submit(a);
  await queue.idle();
  expect(order).toEqual(['bind', 'append']);
});
