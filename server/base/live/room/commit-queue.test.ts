import { expect, test } from 'vitest';
import { createMemoryStorage } from '#server/base/live/log/memory-storage.ts';
import type { LiveStorage, LogBatch } from '#server/base/live/log/storage.ts';
import type { CommitPart, CommitSource } from '#server/base/live/room/commit-queue.ts';
import { commitsAtOnce } from '#tests/support/commits-at-once.ts';
import { createHandTime } from '#tests/support/hand-time.ts';

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
  const queue = commitsAtOnce(storage);
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
  const queue = commitsAtOnce(createMemoryStorage());
  const a = sourceOf('a');
  a.parts.push({ batch: batchOf('a', 1), bindings: [], more: true });
  a.parts.push({ batch: batchOf('a', 2), bindings: [], more: false });
  queue.submit(a);
  await queue.idle();
  expect(a.told).toEqual(['committed a 1', 'committed a 2']);
});

test('[LV70] a quiet hub commits at once; under load one commit a window carries all that came meanwhile', async () => {
  const storage = gated();
  const { now, schedule, advance } = createHandTime();
  const queue = commitsAtOnce(storage, { now, schedule, pace: { burst: 2, windowMs: 10 } });
  const a = sourceOf('a');
  let seq = 0;
  const edit = async () => {
    seq += 1;
    a.parts.push({ batch: batchOf('a', seq), bindings: [], more: false });
    queue.submit(a);
    await turn();
  };
  const answer = async () => {
    storage.appends.at(-1)?.done([]);
    await turn();
    await turn();
  };
  const commits = () => storage.appends.length;
  for (const expected of [1, 2]) {
    await edit();
    expect(commits()).toBe(expected);
    await answer();
  }
  await edit();
  const b = sourceOf('b');
  b.parts.push({ batch: batchOf('b', 1), bindings: [], more: false });
  queue.submit(b);
  advance(9);
  await turn();
  expect(commits()).toBe(2);
  advance(1);
  await turn();
  expect(storage.appends[2]?.batches.map(({ document }) => document)).toEqual(['a', 'b']);
  // The window ends while this commit is still in flight: the next one starts with its answer.
  advance(10);
  await edit();
  expect(commits()).toBe(3);
  await answer();
  expect(commits()).toBe(4);
  await answer();
  advance(20);
  await edit();
  expect(commits()).toBe(5);
});

test('[LV70] what a full commit leaves behind waits for no window, and a clock set back for no longer than one', async () => {
  const storage = createMemoryStorage();
  const delays: number[] = [];
  const moment = { ms: 10_000 };
  const queue = commitsAtOnce(storage, {
    now: () => new Date(moment.ms),
    schedule: (delayMs, work) => {
      delays.push(delayMs);
      setImmediate(work);
    },
    pace: { burst: 1, windowMs: 10 },
  });
  const a = sourceOf('a');
  a.parts.push({ batch: batchOf('a', 1), bindings: [], more: true });
  a.parts.push({ batch: batchOf('a', 2), bindings: [], more: false });
  queue.submit(a);
  await queue.idle();
  expect(delays).toEqual([]);
  moment.ms = 0;
  a.parts.push({ batch: batchOf('a', 3), bindings: [], more: false });
  queue.submit(a);
  await queue.idle();
  expect(delays).toEqual([10]);
});

test('[LV22] a refused batch fails its own document; a store that does not answer fails all of the commit', async () => {
  const storage = gated();
  const queue = commitsAtOnce(storage);
  const [a, b] = [sourceOf('a'), sourceOf('b')];
  a.parts.push({ batch: batchOf('a', 1), bindings: [], more: false });
  b.parts.push({ batch: batchOf('b', 1), bindings: [], more: false });
  queue.submit(a);
  queue.submit(b);
  await turn();
  storage.appends[0]?.done(['a']);
  await queue.idle();
  expect([...a.told, ...b.told]).toEqual(['failed a', 'committed b 1']);

  const away = commitsAtOnce({ ...storage, append: () => Promise.reject(new Error('away')) });
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
  const queue = commitsAtOnce(createMemoryStorage(), { report: (error) => reported.push(error) });
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
  const queue = commitsAtOnce(storage);
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

test('[LV78] a document with a flood waiting leaves room in every commit for the others', async () => {
  const storage = gated();
  const queue = commitsAtOnce(storage);
  const flood = sourceOf('flood');
  const asked: number[] = [];
  let seq = 0;
  flood.take = (mostBytes) => {
    asked.push(mostBytes);
    seq += 1;
    const batch = batchOf('flood', seq);
    for (const entry of batch.entries) entry.update = new Uint8Array(mostBytes);
    return { batch, bindings: [], more: seq < 20 };
  };
  const others = Array.from({ length: 7 }, (_, at) => sourceOf(`other${at}`));
  queue.submit(flood);
  await turn();
  for (const [at, other] of others.entries()) {
    other.parts.push({ batch: batchOf(`other${at}`, 1), bindings: [], more: false });
    queue.submit(other);
  }
  storage.appends[0]?.done([]);
  await turn();
  await turn();
  const second = storage.appends[1]?.batches.map(({ document }) => document);
  expect(second).toEqual(expect.arrayContaining(['other0', 'other6', 'flood']));
  expect(asked[1]).toBe((asked[0] ?? 0) / 8);
  // What it has left over waits behind whoever comes now.
  others[0]?.parts.push({ batch: batchOf('other0', 2), bindings: [], more: false });
  if (others[0] !== undefined) queue.submit(others[0]);
  storage.appends[1]?.done([]);
  await turn();
  await turn();
  expect(storage.appends[2]?.batches.map(({ document }) => document)).toContain('other0');
});
