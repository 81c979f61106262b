/** Pasts read from a store that grows and is compacted meanwhile; readings in turn. */
import { describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { createMemoryStorage } from '#server/base/live/log/memory-storage.ts';
import type { LiveStorage, LogEntry } from '#server/base/live/log/storage.ts';
import type { DocumentPast } from '#server/history/document-past.ts';
import { Pasts } from '#server/history/pasts.ts';
import { ReadingTurns } from '#server/history/reading-turns.ts';
import { SeededRandom } from '#tests/live/seeded-random.ts';
import { mergedStretch, randomLog } from '#tests/support/random-log.ts';

const document = 'test/x';
const never = new Date(8_000_000_000_000_000);

async function storeOf(entries: readonly LogEntry[]): Promise<LiveStorage> {
  const storage = createMemoryStorage();
  await storage.open(document);
  for (const entry of entries) await storage.append([{ document, entries: [entry] }]);
  return storage;
}

async function stateOf(past: DocumentPast, seq: number): Promise<unknown> {
  const { update } = await past.stateAt(seq, () => Promise.resolve());
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return [doc.getText('text').toDelta(), doc.getMap('map').toJSON(), Y.encodeStateVector(doc)];
}

describe('pasts', () => {
  test('[HI16] an entry is read once while its past is kept, and a longer log is read on', async () => {
    const { entries } = randomLog(new SeededRandom(1), { edits: 40, people: 2 });
    const storage = await storeOf(entries.slice(0, 30));
    const read = vi.spyOn(storage, 'entriesAfter');
    const pasts = new Pasts(storage);
    await Promise.all([pasts.upTo(document, never), pasts.upTo(document, never)]);
    for (const entry of entries.slice(30)) await storage.append([{ document, entries: [entry] }]);
    const past = await pasts.upTo(document, never);
    expect(past.seq).toBe(40);
    const given = await Promise.all(read.mock.results.map((one) => one.value as Promise<LogEntry[]>));
    expect(given.flat().map(({ seq }) => seq)).toEqual(entries.map(({ seq }) => seq));
  });

  test('[HI16] what takes more memory than is kept is read again, and is right', async () => {
    const { entries } = randomLog(new SeededRandom(2), { edits: 30, people: 2 });
    const storage = await storeOf(entries);
    const small = new Pasts(storage, 1_000);
    const large = new Pasts(storage);
    for (const seq of [10, 30, 20]) {
      const [one, other] = await Promise.all([small.upTo(document, never), large.upTo(document, never)]);
      expect(await stateOf(one, seq)).toEqual(await stateOf(other, seq));
    }
    const read = vi.spyOn(storage, 'entriesAfter');
    await small.upTo(document, never);
    expect(read.mock.calls[0]?.[1]).toBe(0);
  });

  test('[HI10] a past that was read halfway into what is merged later begins again', async () => {
    const { entries } = randomLog(new SeededRandom(3), { edits: 50, people: 3 });
    const storage = await storeOf(entries.slice(0, 25));
    const pasts = new Pasts(storage);
    await pasts.upTo(document, never);
    for (const entry of entries.slice(25)) await storage.append([{ document, entries: [entry] }]);
    expect(await storage.replaceEntries(document, mergedStretch(entries.slice(10, 40)))).toBe(true);
    const past = await pasts.upTo(document, never);
    const fresh = await new Pasts(await storeOf(entries)).upTo(document, never);
    for (const seq of [10, 40, 50]) expect(await stateOf(past, seq)).toEqual(await stateOf(fresh, seq));
  });

  test('[HI16] a store that fails spoils nothing: the next reading goes on', async () => {
    const { entries } = randomLog(new SeededRandom(4), { edits: 20, people: 2 });
    const storage = await storeOf(entries);
    const pasts = new Pasts(storage);
    vi.spyOn(storage, 'entriesAfter').mockRejectedValueOnce(new Error('away'));
    const [first, second] = await Promise.allSettled([
      pasts.upTo(document, never),
      pasts.upTo(document, never),
    ]);
    expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled']);
  });

  test('[HI16] a long document is put together in turns, so that others go on', async () => {
    const { entries } = randomLog(new SeededRandom(5), { edits: 60, people: 3 });
    const past = await new Pasts(await storeOf(entries)).upTo(document, never);
    const pause = vi.fn(() => Promise.resolve());
    await past.stateAt(60, pause);
    expect(pause.mock.calls.length).toBeGreaterThanOrEqual(4);
  });
});

describe('turns', () => {
  test('[HI9] one person reads only so much at once; others wait for a turn and get it', async () => {
    const turns = new ReadingTurns();
    const ends: (() => void)[] = [];
    const reading = () => new Promise<string>((resolve) => ends.push(() => resolve('read')));
    const own = Array.from({ length: 6 }, () => turns.run('ada', reading));
    await expect(turns.run('ada', reading)).rejects.toThrow('rate.limited');
    const other = turns.run('bo', reading);
    await vi.waitFor(() => expect(ends).toHaveLength(4));
    for (let count = 0; count < 7; count += 1) {
      await vi.waitFor(() => expect(ends.length).toBeGreaterThan(0));
      ends.shift()?.();
    }
    expect(await Promise.all([...own, other])).toEqual(Array.from({ length: 7 }, () => 'read'));
    const again = turns.run('ada', async () => 'again');
    expect(await again).toBe('again');
  });

  test('[HI9] a reading that fails gives its turn back', async () => {
    const turns = new ReadingTurns();
    for (let count = 0; count < 20; count += 1) {
      await expect(turns.run('ada', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    }
  });
});
