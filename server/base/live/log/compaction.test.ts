import pino from 'pino';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { Compaction, type CompactionWorld } from '#server/base/live/log/compaction.ts';
import { createMemoryStorage } from '#server/base/live/log/memory-storage.ts';
import { detailsOf, mergeNow } from '#server/base/live/log/merge-jobs.ts';
import { packUpdates } from '#server/base/live/log/packed-updates.ts';
import type { LiveStorage, LogEntry } from '#server/base/live/log/storage.ts';
import { dayMs, minuteMs, secondMs } from '#shared/base/units.ts';

const document = 'test/x';
const begun = Date.UTC(2026, 0, 5);
const people = ['ada', 'bo'];

/** Two people who type in turn, a key a second, in sittings of some minutes, each a day after the other. */
async function write(storage: LiveStorage, sittings: number, minutes: number): Promise<Y.Doc> {
  const doc = new Y.Doc();
  const entries: LogEntry[] = [];
  let moment = begun;
  doc.on('update', (update: Uint8Array) => {
    const seq = entries.length + 1;
    const { from, to } = Y.parseUpdateMeta(update);
    const clocks = [...to].map(([client, end]) => ({ client, from: from.get(client) ?? 0, to: end }));
    const memberId = people[doc.clientID] ?? '';
    const at = new Date(moment);
    entries.push({ seq, first: seq, update, memberId, side: 'buyer', at, since: at, clocks });
  });
  const text = doc.getText('t');
  for (let sitting = 0; sitting < sittings; sitting += 1) {
    moment = begun + sitting * dayMs;
    for (let key = 0; key < minutes * 60; key += 1) {
      moment += secondMs;
      doc.clientID = Math.floor(key / 7) % 2;
      if (key % 5 === 4) text.delete(Math.floor(text.length / 2), 1);
      else text.insert(Math.floor(text.length / 3), `${key % 10}`);
    }
  }
  await storage.open(document);
  for (let first = 0; first < entries.length; first += 3) {
    await storage.append([{ document, entries: entries.slice(first, first + 3) }]);
  }
  const update = Y.encodeStateAsUpdate(doc);
  const owners = new Map([...people.entries()]);
  const { to: clocks } = Y.parseUpdateMeta(update);
  const seq = entries.length;
  await storage.saveSnapshot(document, {
    seq,
    at: new Date(begun),
    update,
    clocks,
    owners,
    details: detailsOf(update),
  });
  return doc;
}

function compactionOf(storage: LiveStorage, atMs: number, more: Partial<CompactionWorld> = {}): Compaction {
  return new Compaction({
    storage,
    merges: {
      merge: async ({ tail }) =>
        mergeNow({ packed: packUpdates(tail), withSnapshot: false, withDetails: false, joinRuns: false }),
    },
    log: pino({ level: 'silent' }),
    now: () => new Date(atMs),
    schedule: () => () => {},
    mayMerge: () => true,
    keepMoments: async () => [],
    keepNumbers: async () => [],
    ...more,
  });
}

function stateOf(entries: readonly LogEntry[]): unknown {
  const doc = new Y.Doc();
  for (const { update } of entries) Y.applyUpdate(doc, update);
  return [doc.getText('t').toString(), [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort()];
}

/** Everything a log says of who wrote which clocks. */
function authorship(entries: readonly LogEntry[]): string[] {
  const lines = entries.flatMap(({ memberId, clocks }) =>
    clocks.flatMap(({ client, from, to }) =>
      Array.from({ length: to - from }, (_, at) => `${client} ${from + at} ${memberId}`),
    ),
  );
  return lines.sort();
}

const all = (storage: LiveStorage) => storage.entriesAfter(document, 0, 100_000);

describe('compaction', () => {
  test('[LV84] old work becomes one entry for each author and stretch; the text and who wrote it stay', async () => {
    const storage = createMemoryStorage();
    const doc = await write(storage, 3, 20);
    const before = await all(storage);
    await compactionOf(storage, begun + 31.5 * dayMs).run();
    const after = await all(storage);
    const [first, ...young] = [
      after.filter(({ seq }) => seq <= 2_400),
      ...after.filter(({ seq }) => seq > 2_400),
    ];
    // Twenty minutes are two stretches, and two people wrote in each, on each of two days.
    expect(first.length).toBe(8);
    expect(young).toEqual(before.slice(2_400));
    for (const { first: from, seq, since, at } of first) {
      expect(at.getTime() - since.getTime()).toBeLessThanOrEqual(15 * minuteMs);
      expect([from, seq].map((number) => before[number - 1]?.seq)).toEqual([from, seq]);
    }
    expect(stateOf(after)).toEqual([doc.getText('t').toString(), expect.anything()]);
    expect(stateOf(after)).toEqual(stateOf(before));
    expect(authorship(after)).toEqual(authorship(before));
    expect(await compactionOf(storage, begun + 31.5 * dayMs).run()).toBe(0);
    await compactionOf(storage, begun + 40 * dayMs).run();
    expect((await all(storage)).length).toBe(12);
  });

  test('[LV84] a stretch never goes across a moment somebody named', async () => {
    const storage = createMemoryStorage();
    await write(storage, 1, 10);
    const before = await all(storage);
    const named = new Date(begun + 4 * minuteMs + 500);
    await compactionOf(storage, begun + 99 * dayMs, { keepMoments: async () => [named] }).run();
    const seq = await storage.numberAt(document, named);
    expect(seq).toBe(240);
    const until = (await all(storage)).filter((entry) => entry.seq <= seq);
    expect(until).toHaveLength(2);
    expect(stateOf(until)).toEqual(stateOf(before.slice(0, 240)));
  });

  test('[LV84] a stretch never goes across where a document was taken back to, or where its new life began', async () => {
    const storage = createMemoryStorage();
    await write(storage, 1, 10);
    await compactionOf(storage, begun + 99 * dayMs, { keepNumbers: async () => [100, 199, 200] }).run();
    const found = await all(storage);
    expect([...new Set(found.map(({ first, seq }) => `${first}-${seq}`))]).toEqual([
      '1-100',
      '101-199',
      '200-200',
      '201-600',
    ]);
  });

  test('[LV84] what is after the last snapshot, and what is no Yjs document, stays as it is', async () => {
    const storage = createMemoryStorage();
    await write(storage, 1, 1);
    const at = new Date(begun + minuteMs + secondMs);
    const late = {
      memberId: 'ada',
      side: 'buyer',
      at,
      since: at,
      clocks: [],
      update: Uint8Array.of(0, 0),
    } as const;
    await storage.append([
      { document, entries: [61, 62].map((seq) => ({ ...late, clocks: [], seq, first: seq })) },
    ]);
    await compactionOf(storage, begun + 99 * dayMs, { mayMerge: () => false }).run();
    expect(await all(storage)).toHaveLength(62);
    await storage.planCompaction(document, { at: new Date(begun), from: 0 });
    await compactionOf(storage, begun + 99 * dayMs).run();
    expect((await all(storage)).map(({ seq }) => seq)).toEqual([60, 60, 61, 62]);
  });

  test('[LV84] whatever call of storage fails, the log says the same, and the next run ends the work', async () => {
    const plain = createMemoryStorage();
    await write(plain, 2, 12);
    const before = await all(plain);
    let calls = 0;
    for (let failing = 1; ; failing += 1) {
      const storage = createMemoryStorage();
      await write(storage, 2, 12);
      calls = 0;
      const failOne = <Value>(work: () => Promise<Value>): Promise<Value> => {
        calls += 1;
        // Failing after it was done, too: the answer of a database may be lost.
        return calls === failing ? work().then(() => Promise.reject(new Error('lost'))) : work();
      };
      const broken: LiveStorage = {
        ...storage,
        compactionDue: (...given) => failOne(() => storage.compactionDue(...given)),
        entriesAfter: (...given) => failOne(() => storage.entriesAfter(...given)),
        replaceEntries: (...given) => failOne(() => storage.replaceEntries(...given)),
        planCompaction: (...given) => failOne(() => storage.planCompaction(...given)),
      };
      await compactionOf(broken, begun + 90 * dayMs)
        .run()
        .catch(() => undefined);
      const between = await all(storage);
      expect(stateOf(between)).toEqual(stateOf(before));
      expect(authorship(between)).toEqual(authorship(before));
      await compactionOf(storage, begun + 99 * dayMs).run();
      expect(await all(storage)).toHaveLength(4);
      if (calls < failing) break;
    }
    expect(calls).toBeGreaterThan(4);
  });
});
