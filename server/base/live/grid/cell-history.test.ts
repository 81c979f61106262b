/** A cell's past costs what the cell has been through, and nothing for the rest of the log. */
import { expect, test } from 'vitest';
import { readCellHistory } from '#server/base/live/grid/cell-history.ts';
import { createMemoryStorage } from '#server/base/live/log/memory-storage.ts';
import type { LogEntry } from '#server/base/live/log/storage.ts';
import { encodeStored } from '#shared/base/grid/patch-bytes.ts';

function entry(seq: number, previous: number): LogEntry {
  const cells = [{ row: 3, bucket: 5, value: seq, previous, isOver: false }];
  const update = encodeStored({ seq, client: 1, clock: seq, memberId: 'ada', cells });
  const at = new Date(seq);
  return { seq, first: seq, update, memberId: 'ada', side: 'buyer', at, since: at, clocks: [] };
}

test('[LV108] one reading a step, also for a cell set long ago in a log of a million patches', async () => {
  const log = new Map([entry(1, 0), entry(2, 1), entry(1_000_000, 2)].map((one) => [one.seq, one]));
  const asked: [number, number][] = [];
  const storage = {
    ...createMemoryStorage(),
    entriesAfter: (_document: string, after: number, limit: number) => {
      asked.push([after, limit]);
      return Promise.resolve([log.get(after + 1) ?? entry(after + 1, 0)]);
    },
  };
  const from = { document: 'grid/x', row: 3, bucket: 5, from: 1_000_000 };
  const { steps, next } = await readCellHistory(storage, from, 1_000_000);
  expect([steps.map(({ value }) => value), next]).toEqual([[1_000_000, 2, 1], null]);
  expect(asked).toEqual([
    [999_999, 1],
    [1, 1],
    [0, 1],
  ]);
});
