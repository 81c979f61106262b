/** Live grids through the real gateway: rights by the cell, durable before visible, joining, and a cell's past. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readCells } from '#shared/base/grid/cells-bytes.ts';
import type { WrittenCell } from '#shared/base/grid/grid-shape.ts';
import { createId } from '#shared/base/ids.ts';
import { liveLoadPath } from '#shared/base/live.ts';
import { decodeLoad } from '#shared/base/live-frame.ts';
import { makeBenchRules } from '#tests/support/bench-grid.ts';
import { type GridTab, openGridTab } from '#tests/support/grid-tab.ts';
import { type LiveHub, startLiveHub } from '#tests/support/live-hub.ts';
import { createGate, createTestStorage, type TestStorage } from '#tests/support/test-storage.ts';

let hub: LiveHub;
let storage: TestStorage;
let document: string;

beforeEach(async () => {
  storage = createTestStorage();
  hub = await startLiveHub({
    storage,
    grid: makeBenchRules({ rows: 3_000, buckets: 208, closedBuckets: 4 }),
    paces: { bytesOfPerson: { burst: 1e9, perSecond: 1e9 } },
  });
  document = `grid/${createId()}`;
});
afterEach(() => hub.stop());

const open = (side: 'buyer' | 'supplier') => openGridTab(hub, document, side);

function cell(row: number, bucket: number, value: WrittenCell['value'], base = 0): WrittenCell {
  return { row, bucket, value, base };
}

/** Fills rows of a side from a bucket on, patch by patch. */
async function fill(tab: GridTab, rows: number[], buckets: number): Promise<void> {
  for (const row of rows) {
    await tab.write(Array.from({ length: buckets }, (_, at) => cell(row, 4 + at, row * 1_000 + at)));
  }
}

test('[LV100] the hub refuses the other side rows one by one, whatever a client sends, and shows what stands', async () => {
  const [buyer, supplier] = [await open('buyer'), await open('supplier')];
  const { seq, refused } = await buyer.write([cell(0, 10, 5), cell(1, 10, 5), cell(0, 2, 5)]);
  expect(refused).toEqual([
    { row: 1, bucket: 10, code: 'grid.rowForeign' },
    { row: 0, bucket: 2, code: 'grid.bucketClosed' },
  ]);
  await supplier.reached(seq);
  expect([supplier.table.valueOf(0, 10), supplier.table.revisionOf(1, 10)]).toEqual([5, 0]);
  expect((await supplier.write([cell(1, 10, 7)])).refused).toEqual([]);
  hub.setRight(document, buyer.memberId, { side: 'buyer', mayWrite: false });
  hub.time.advance(1_001);
  expect(await buyer.write([cell(0, 10, 6)])).toMatchObject({ refusal: 'live.readOnly' });
});

test('[LV100] who changes sides is judged by the new one with the next patch', async () => {
  const buyer = await open('buyer');
  hub.setRight(document, buyer.memberId, { side: 'supplier' });
  hub.time.advance(1_001);
  expect((await buyer.write([cell(0, 10, 6), cell(1, 10, 6)])).refused).toEqual([
    { row: 0, bucket: 10, code: 'grid.rowForeign' },
  ]);
});

test('[LV104] a conflict is told to both, with what was there and what is there now', async () => {
  const [anna, berta, watcher] = [await open('buyer'), await open('buyer'), await open('supplier')];
  const first = await anna.write([cell(0, 10, 5)]);
  await berta.reached(first.seq);
  const second = await berta.write([cell(0, 10, 6, 0)]);
  await Promise.all([anna.reached(second.seq), watcher.reached(second.seq)]);
  const conflict = {
    row: 0,
    bucket: 10,
    was: { value: 5, revision: 1, memberId: anna.memberId },
    now: { value: 6, revision: 2, memberId: berta.memberId },
  };
  expect([anna.told, berta.told]).toEqual([[conflict], [conflict]]);
});

test('[LV105] nothing is shown or acknowledged before it is durable, and patches of one commit are one frame', async () => {
  const [anna, berta, watcher] = [await open('buyer'), await open('buyer'), await open('supplier')];
  const gate = createGate();
  await anna.write([cell(0, 9, 1)]);
  await watcher.reached(1);
  let frames = 0;
  watcher.socket.on('updates', () => {
    frames += 1;
  });
  storage.before = (method) => (method === 'append' ? gate.opened : undefined);
  const writing = [anna.write([cell(0, 10, 5)])];
  await expect.poll(() => storage.calls.filter((name) => name === 'append').length).toBe(2);
  writing.push(berta.write([cell(2, 10, 5)]), anna.write([cell(4, 10, 5)]));
  const settled: number[] = [];
  for (const [at, each] of writing.entries()) void each.then(() => settled.push(at));
  // A round trip behind the patches: they have been judged by then.
  await Promise.all([anna.history(0, 9, 1), berta.history(0, 9, 1)]);
  expect([frames, settled, watcher.table.seq]).toEqual([0, [], 1]);
  gate.open();
  await Promise.all(writing);
  await watcher.reached(4);
  expect(frames).toBe(2);
});

test('[LV105] when storage fails nothing of a patch is seen, and the grid is read again', async () => {
  const [anna, watcher] = [await open('buyer'), await open('supplier')];
  await anna.write([cell(0, 10, 5)]);
  await watcher.reached(1);
  storage.before = (method) => (method === 'append' ? new Error('away') : undefined);
  expect(await anna.write([cell(0, 10, 6, 1)])).toMatchObject({ refusal: 'live.storageFailed' });
  storage.before = () => undefined;
  expect(await anna.join()).toMatchObject({ ok: true, seq: 1 });
  expect(await anna.write([cell(0, 10, 7, 1)])).toMatchObject({ seq: 2, refused: [] });
  await watcher.join();
  expect(watcher.table.find(0, 10)).toMatchObject({ value: 7, revision: 2 });
  expect(watcher.told).toEqual([]);
});

test('[LV106] a patch sent again after a lost answer is stored once', async () => {
  const anna = await open('buyer');
  const bytes = anna.patch([cell(0, 10, 5), cell(1, 10, 5)]);
  await anna.push(bytes);
  expect(await anna.push(bytes)).toMatchObject({ ok: true, seq: 1 });
  expect(await storage.entriesAfter(document, 0, 10)).toHaveLength(1);
});

test('[LV107] a join brings what is missing since a number of this life, and otherwise everything', async () => {
  const anna = await open('buyer');
  await fill(anna, [0, 2, 4], 20);
  const late = await openGridTab(hub, document, 'supplier', true);
  const joined = await late.join();
  if (!joined.ok) throw new Error(joined.code);
  expect(joined.updates).toHaveLength(3);
  await anna.write([cell(6, 10, 1)]);
  const since = await late.join({ epoch: joined.epoch, seq: 3 });
  expect(since).toMatchObject({ seq: 4 });
  expect(since.ok && since.updates).toHaveLength(1);
  const other = await late.join({ epoch: 'another', seq: 3 });
  expect(other.ok && other.updates).toHaveLength(4);
  expect([...late.table.cells()]).toEqual([...anna.table.cells()]);
});

test('[LV107] a grid too large for the socket is loaded by HTTP, under the same rights', async () => {
  const anna = await open('buyer');
  // Values of nine bytes each, in patches of 20 rows.
  const row = (at: number) =>
    Array.from({ length: 204 }, (_, bucket) => cell(at * 10, 4 + bucket, at + bucket / 1_000 + 0.000_1));
  const rows = Array.from({ length: 300 }, (_, at) => row(at));
  for (let at = 0; at < 300; at += 20) await anna.write(rows.slice(at, at + 20).flat());
  const late = await openGridTab(hub, document, 'supplier', true);
  expect(await late.join()).toMatchObject({ ok: true, load: 'http', updates: [] });
  const token = [...hub.people].find(([, actor]) => actor.memberId === late.memberId)?.[0];
  const load = () =>
    fetch(`${hub.address}${liveLoadPath(document)}`, { headers: { authorization: `Bearer ${token}` } });
  const answer = await load();
  const cells = readCells(decodeLoad(new Uint8Array(await answer.arrayBuffer())));
  expect([...cells.cells()]).toEqual([...anna.table.cells()]);
  hub.setRight(document, late.memberId, undefined);
  expect((await load()).status).toBe(404);
});

test('[LV108] the past of a cell, newest first, in pages; only for who may read, and only where it was set', async () => {
  const [anna, berta] = [await open('buyer'), await open('buyer')];
  await anna.write([cell(0, 10, 1), cell(2, 10, 9)]);
  for (let value = 2; value <= 45; value += 1) {
    await (value % 2 === 0 ? berta : anna).write([cell(0, 10, value, value - 1)]);
  }
  const values: unknown[] = [];
  for (let from: number | null = 45; from !== null; ) {
    const page = await anna.history(0, 10, from);
    if (!page.ok) throw new Error(page.code);
    values.push(...page.steps.map(({ value }) => value));
    from = page.next;
  }
  expect(values).toEqual(Array.from({ length: 45 }, (_, at) => 45 - at));
  const [last] = ((await anna.history(2, 10, 1)) as { steps: object[] }).steps;
  expect(last).toMatchObject({ seq: 1, memberId: anna.memberId, side: 'buyer', value: 9, isOver: false });
  expect(await anna.history(2, 10, 2)).toEqual({ ok: false, code: 'input.invalid' });
  expect(await anna.history(0, 10, 46)).toEqual({ ok: false, code: 'input.invalid' });
  hub.setRight(document, anna.memberId, undefined);
  hub.time.advance(1_001);
  expect(await anna.history(0, 10, 45)).toEqual({ ok: false, code: 'thing.absent' });
  expect(await anna.history(0, 10, 45)).toEqual({ ok: false, code: 'live.notJoined' });
});

test('[LV108] one person reads the past of few cells at once, and again when they are read', async () => {
  const anna = await open('buyer');
  await anna.write([cell(0, 10, 1)]);
  const gate = Promise.withResolvers<void>();
  const read = hub.storage.entriesAfter.bind(hub.storage);
  vi.spyOn(hub.storage, 'entriesAfter').mockImplementation(async (...asked) => {
    await gate.promise;
    return read(...asked);
  });
  const four = Array.from({ length: 4 }, () => anna.history(0, 10, 1));
  expect(await anna.history(0, 10, 1)).toEqual({ ok: false, code: 'rate.limited' });
  gate.resolve();
  for (const answer of await Promise.all(four)) expect(answer).toMatchObject({ ok: true });
  expect(await anna.history(0, 10, 1)).toMatchObject({ ok: true });
});
