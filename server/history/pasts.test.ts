/** Pasts read from a store that grows and is compacted meanwhile; readings in turn. */
import { describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import type { Cut } from '#server/base/live/derived/derived-store.ts';
import { createMemoryStorage } from '#server/base/live/log/memory-storage.ts';
import type { LiveStorage, LogEntry } from '#server/base/live/log/storage.ts';
import type { DocumentPast } from '#server/history/document-past.ts';
import { beginsNewLife } from '#server/history/lives.ts';
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

/** The door to a store. @param cuts - where the document began a new life */
function archiveOf(storage: LiveStorage, cuts: readonly Cut[] = []) {
  return {
    entriesAfter: (...given: Parameters<LiveStorage['entriesAfter']>) => storage.entriesAfter(...given),
    numberAt: (...given: Parameters<LiveStorage['numberAt']>) => storage.numberAt(...given),
    listCuts: async () => [...cuts],
  };
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
    const pasts = new Pasts(archiveOf(storage));
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
    const small = new Pasts(archiveOf(storage), 1_000);
    const large = new Pasts(archiveOf(storage));
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
    const pasts = new Pasts(archiveOf(storage));
    await pasts.upTo(document, never);
    for (const entry of entries.slice(25)) await storage.append([{ document, entries: [entry] }]);
    expect(await storage.replaceEntries(document, mergedStretch(entries.slice(10, 40)))).toBe(true);
    const past = await pasts.upTo(document, never);
    const fresh = await new Pasts(archiveOf(await storeOf(entries))).upTo(document, never);
    for (const seq of [10, 40, 50]) expect(await stateOf(past, seq)).toEqual(await stateOf(fresh, seq));
  });

  test('[HI16] a store that fails spoils nothing: the next reading goes on', async () => {
    const { entries } = randomLog(new SeededRandom(4), { edits: 20, people: 2 });
    const storage = await storeOf(entries);
    const pasts = new Pasts(archiveOf(storage));
    vi.spyOn(storage, 'entriesAfter').mockRejectedValueOnce(new Error('away'));
    const [first, second] = await Promise.allSettled([
      pasts.upTo(document, never),
      pasts.upTo(document, never),
    ]);
    expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled']);
  });

  test('[HI16] a long document is put together in turns, so that others go on', async () => {
    const { entries } = randomLog(new SeededRandom(5), { edits: 60, people: 3 });
    const past = await new Pasts(archiveOf(await storeOf(entries))).upTo(document, never);
    const pause = vi.fn(() => Promise.resolve());
    await past.stateAt(60, pause);
    expect(pause.mock.calls.length).toBeGreaterThanOrEqual(4);
  });
});

describe('a document that was taken back', () => {
  const edits = ['a', 'b', 'BROKEN', 'c', '!'];

  /** Two good entries, two of which the first breaks, the act of going back, and one of the new life. */
  function twoLives(): LogEntry[] {
    const doc = new Y.Doc();
    doc.clientID = 1;
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    const [good, after] = [edits.slice(0, 2), edits.slice(2, 4)];
    for (const edit of [...good, ...after]) doc.getText('text').insert(doc.getText('text').length, edit);
    const next = new Y.Doc();
    next.clientID = 2;
    for (const update of updates.slice(0, 2)) Y.applyUpdate(next, update);
    updates.push(Uint8Array.of(0, 0));
    next.on('update', (update: Uint8Array) => updates.push(update));
    next.getText('text').insert(2, edits[4] ?? '');
    return updates.map((update, index) => {
      const at = new Date(1_000 * (index + 1));
      return {
        seq: index + 1,
        first: index + 1,
        update,
        memberId: 'ada',
        side: 'buyer',
        at,
        since: at,
        clocks: [],
      };
    });
  }

  test.each([
    ['of good entries', 2, ['a', 'ab', 'abBROKEN', 'abBROKENc', 'ab', 'ab!']],
    ['of none', 0, ['a', 'ab', 'abBROKEN', 'abBROKENc', '', '']],
  ])(
    '[HI18] a moment before shows the old life, a moment after it the new one, %s',
    async (_, after, texts) => {
      const pasts = new Pasts(archiveOf(await storeOf(twoLives()), [{ after, upTo: 5 }]));
      // There and back: both lives are kept side by side.
      for (const seq of [1, 2, 3, 4, 5, 6, 3, 6]) {
        const moment = new Date(1_000 * seq);
        const past = await pasts.upTo(document, moment);
        expect(past.seqAt(moment.getTime())).toBe(seq);
        const [delta] = (await stateOf(past, seq)) as [{ insert: string }[]];
        expect(delta.map(({ insert }) => insert).join('')).toBe(texts[seq - 1]);
      }
    },
  );

  test('[HI18] the edits across it are not one document, those within a life are', async () => {
    const archive = archiveOf(await storeOf(twoLives()), [{ after: 2, upTo: 5 }]);
    const across = (from: number, to: number) =>
      beginsNewLife(archive, document, new Date(from * 1_000), new Date(to * 1_000));
    expect(await Promise.all([across(0, 4), across(4, 5), across(2, 9), across(5, 9)])).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

describe('turns', () => {
  const ada = { memberId: 'ada', companyId: 'one' };
  const bo = { memberId: 'bo', companyId: 'two' };

  test('[HI9] one person reads only so much at once; others wait for a turn and get it', async () => {
    const turns = new ReadingTurns();
    const ends: (() => void)[] = [];
    const reading = () => new Promise<string>((resolve) => ends.push(() => resolve('read')));
    const own = Array.from({ length: 6 }, () => turns.run(ada, reading));
    await expect(turns.run(ada, reading)).rejects.toThrow('rate.limited');
    const other = turns.run(bo, reading);
    await vi.waitFor(() => expect(ends).toHaveLength(4));
    for (let count = 0; count < 7; count += 1) {
      await vi.waitFor(() => expect(ends.length).toBeGreaterThan(0));
      ends.shift()?.();
    }
    expect(await Promise.all([...own, other])).toEqual(Array.from({ length: 7 }, () => 'read'));
    const again = turns.run(ada, async () => 'again');
    expect(await again).toBe('again');
  });

  test('[HI9] a reading that fails gives its turn back', async () => {
    const turns = new ReadingTurns();
    for (let count = 0; count < 20; count += 1) {
      await expect(turns.run(ada, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    }
  });
});
