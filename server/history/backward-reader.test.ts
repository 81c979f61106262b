import { expect, test } from 'vitest';
import { createArchive, type LiveArchive } from '#server/base/live/archive.ts';
import { createMemoryStorage } from '#server/base/live/log/memory-storage.ts';
import type { LogEntry } from '#server/base/live/log/storage.ts';
import { Rights } from '#server/base/live/rights/rights.ts';
import { BackwardReader } from '#server/history/backward-reader.ts';

const document = 'test/large';
const updateBytes = 100_000;

/** A log of entries of 100 KB, and how much of it the largest reading gave. */
async function largeLog(count: number): Promise<{ archive: LiveArchive; most: () => number }> {
  const storage = createMemoryStorage();
  await storage.open(document);
  for (let seq = 1; seq <= count; seq += 1) {
    const at = new Date(seq);
    const update = new Uint8Array(updateBytes);
    const written: Pick<LogEntry, 'memberId' | 'side' | 'clocks'> = {
      memberId: 'ada',
      side: 'buyer',
      clocks: [],
    };
    const entry: LogEntry = { ...written, seq, first: seq, update, at, since: at };
    await storage.append([{ document, entries: [entry] }]);
  }
  let most = 0;
  const watched: typeof storage = {
    ...storage,
    async entriesAfter(...asked) {
      const entries = await storage.entriesAfter(...asked);
      most = Math.max(
        most,
        entries.reduce((sum, { update }) => sum + update.length, 0),
      );
      return entries;
    },
  };
  return { archive: createArchive(watched, new Rights([], () => new Date(0)), []), most: () => most };
}

test('[HI4] a log of large edits is read back a few at a time, none left out', async () => {
  const { archive, most } = await largeLog(60);
  const reader = await BackwardReader.open(archive, document, Number.POSITIVE_INFINITY);
  const read: number[] = [];
  for (; reader.front !== undefined; await reader.step()) read.push(reader.front.seq);
  expect(read).toEqual(Array.from({ length: 60 }, (_, at) => 60 - at));
  expect(most()).toBeLessThan(1024 * 1024);
});
