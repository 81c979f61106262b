/** What every live storage must keep, whatever it is made of. Rule LV28. */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  fullDetailMs,
  type LiveStorage,
  type LogEntry,
  type Snapshot,
  unusedOwnerMs,
} from '#server/base/live/log/storage.ts';
import { createId } from '#shared/base/ids.ts';
import type { HandTime } from '#tests/support/hand-time.ts';

/** An entry that differs from others in all it says. */
function entryOf(seq: number, more: Partial<LogEntry> = {}): LogEntry {
  const at = new Date(Date.UTC(2026, 0, 5) + seq);
  return {
    seq,
    first: seq,
    update: Uint8Array.of(0, 127, 128, 255, seq % 256),
    memberId: `member-${seq}`,
    side: seq % 2 === 0 ? 'buyer' : 'supplier',
    at,
    since: at,
    clocks: [{ client: 0xffffffff - seq, from: seq, to: seq + 3 }],
    ...more,
  };
}

const at = new Date(Date.UTC(2026, 0, 6));
const known = { owners: new Map<number, string>(), details: null };

function entriesOf(from: number, to: number): LogEntry[] {
  return Array.from({ length: to - from + 1 }, (_, index) => entryOf(from + index));
}

/** Runs the suite on one adapter. @param make - gives a store that `make` later gives again with the same content, living in `time` */
export function liveStorageSuite(name: string, make: () => Promise<LiveStorage>, time: HandTime): void {
  describe(`[LV28] live storage: ${name}`, () => {
    let storage: LiveStorage;
    let document: string;

    beforeAll(async () => {
      storage = await make();
    });

    test('[LV28] a document never written is empty and keeps the epoch of its first opening', async () => {
      document = `test/${createId()}`;
      const [first, second] = await Promise.all([storage.open(document), storage.open(document)]);
      expect(first).toEqual({ epoch: expect.any(String), snapshot: null, tail: [], owners: new Map() });
      expect(second.epoch).toBe(first.epoch);
      expect((await storage.open(`test/${createId()}`)).epoch).not.toBe(first.epoch);
    });

    test('[LV28] batches come back entry by entry, exactly, in order', async () => {
      document = `test/${createId()}`;
      await storage.open(document);
      const empty = entryOf(4, { clocks: [], update: new Uint8Array(0) });
      expect(await storage.append([{ document, entries: entriesOf(1, 3) }])).toEqual(new Set());
      expect(await storage.append([{ document, entries: [empty] }])).toEqual(new Set());
      const { tail, owners } = await storage.open(document);
      expect(tail).toEqual([...entriesOf(1, 3), empty]);
      expect(tail.every((entry) => entry.update.constructor === Uint8Array)).toBe(true);
      expect(owners).toEqual(
        new Map(entriesOf(1, 3).map((entry) => [0xffffffff - entry.seq, entry.memberId])),
      );
    });

    test('[LV28] a batch at taken numbers is refused whole, and only that one', async () => {
      document = `test/${createId()}`;
      const other = `test/${createId()}`;
      await Promise.all([storage.open(document), storage.open(other)]);
      await storage.append([{ document, entries: entriesOf(1, 2) }]);
      const refused = await storage.append([
        { document, entries: [entryOf(1, { memberId: 'late' }), entryOf(2), entryOf(3)] },
        { document: other, entries: entriesOf(1, 1) },
      ]);
      expect(refused).toEqual(new Set([document]));
      expect((await storage.open(document)).tail).toEqual(entriesOf(1, 2));
      expect((await storage.open(other)).tail).toEqual(entriesOf(1, 1));
    });

    test('[LV12] the first owner of a client id stays its owner', async () => {
      document = `test/${createId()}`;
      await storage.open(document);
      await storage.bind([
        { document, clientId: 7, memberId: 'ada' },
        { document, clientId: 0xffffffff, memberId: 'bo' },
      ]);
      await storage.bind([{ document, clientId: 7, memberId: 'eve' }]);
      expect((await storage.open(document)).owners).toEqual(
        new Map([
          [7, 'ada'],
          [0xffffffff, 'bo'],
        ]),
      );
    });

    test('[LV12] an owner who wrote nothing under an id is forgotten after 90 days, one who wrote never', async () => {
      document = `test/${createId()}`;
      await storage.open(document);
      const ids = [7, 0xffffffff - 1, 0xffffffff - 2];
      await storage.bind(ids.map((clientId) => ({ document, clientId, memberId: `member-${clientId}` })));
      await storage.append([{ document, entries: entriesOf(1, 2) }]);
      const clocks = new Map([[0xffffffff - 1, 4]]);
      const wrote = new Map([[0xffffffff - 1, 'member-1']]);
      await storage.saveSnapshot(document, {
        seq: 1,
        at,
        update: Uint8Array.of(1),
        clocks,
        owners: wrote,
        details: null,
      });
      time.advance(unusedOwnerMs);
      expect([...(await storage.open(document)).owners.keys()].sort((a, b) => a - b)).toEqual(
        ids.toSorted((a, b) => a - b),
      );
      await storage.bind([{ document, clientId: 8, memberId: 'late' }]);
      time.advance(1);
      const { owners } = await storage.open(document);
      expect(owners.has(7)).toBe(false);
      expect(owners.get(8)).toBe('late');
      expect(owners.has(0xffffffff - 1)).toBe(true);
      expect(owners.get(0xffffffff - 2)).toBe('member-2');
      await storage.bind([{ document, clientId: 7, memberId: 'eve' }]);
      expect((await storage.open(document)).owners.get(7)).toBe('eve');
    });

    test('[LV27] a snapshot shortens opening and takes nothing from the log', async () => {
      document = `test/${createId()}`;
      await storage.open(document);
      await storage.append([{ document, entries: entriesOf(1, 4) }]);
      await storage.append([{ document, entries: entriesOf(5, 6) }]);
      const snapshot: Snapshot = {
        seq: 3,
        at,
        update: Uint8Array.of(1, 2, 3),
        clocks: new Map([[9, 4]]),
        ...known,
      };
      await storage.saveSnapshot(document, snapshot);
      const opened = await storage.open(document);
      expect(opened.snapshot).toEqual(snapshot);
      expect(opened.tail).toEqual(entriesOf(4, 6));
      expect(await storage.entriesAfter(document, 0, 100)).toEqual(entriesOf(1, 6));
      expect(await storage.entriesAfter(document, 2, 3)).toEqual(entriesOf(3, 5));
      expect(await storage.entriesAfter(document, 6, 3)).toEqual([]);
    });

    test('[LV27] an older snapshot does not replace a later one; saving one twice is harmless', async () => {
      document = `test/${createId()}`;
      await storage.open(document);
      await storage.append([{ document, entries: entriesOf(1, 3) }]);
      const late: Snapshot = { seq: 3, at, update: Uint8Array.of(3), clocks: new Map([[1, 1]]), ...known };
      await storage.saveSnapshot(document, late);
      await storage.saveSnapshot(document, late);
      await storage.saveSnapshot(document, { ...late, update: Uint8Array.of(4) });
      await storage.saveSnapshot(document, { ...late, seq: 2, update: Uint8Array.of(2) });
      const opened = await storage.open(document);
      expect(opened.snapshot).toEqual(late);
      expect(opened.tail).toEqual([]);
    });

    test('[LV27] a snapshot of several parts comes back whole', async () => {
      document = `test/${createId()}`;
      await storage.open(document);
      await storage.append([{ document, entries: entriesOf(1, 1) }]);
      const update = new Uint8Array(9 * 1024 * 1024).map((_, index) => (index * 31) % 251);
      await storage.saveSnapshot(document, { seq: 1, at, update, clocks: new Map(), ...known });
      const found = (await storage.open(document)).snapshot?.update ?? new Uint8Array();
      expect(Buffer.compare(found, update)).toBe(0);
    });

    test('[LV82] a merged stretch takes the place of its entries at once, wherever commits began and ended', async () => {
      document = `test/${createId()}`;
      await storage.open(document);
      await storage.append([{ document, entries: entriesOf(1, 2) }]);
      await storage.append([{ document, entries: entriesOf(3, 4) }]);
      await storage.append([{ document, entries: entriesOf(5, 6) }]);
      const stretchOf = (first: number, seq: number): LogEntry[] =>
        ['ada', 'bo'].map((memberId) => entryOf(seq, { first, memberId, since: entryOf(first).at }));
      expect(await storage.replaceEntries(document, stretchOf(1, 7))).toBe(false);
      expect(await storage.entriesAfter(document, 0, 100)).toEqual(entriesOf(1, 6));
      expect(await storage.replaceEntries(document, stretchOf(2, 3))).toBe(true);
      const parts = [...entriesOf(1, 1), ...stretchOf(2, 3), ...entriesOf(4, 6)];
      expect(await storage.entriesAfter(document, 0, 100)).toEqual(parts);
      expect(await storage.replaceEntries(document, stretchOf(1, 2))).toBe(false);
      expect(await storage.replaceEntries(document, stretchOf(3, 5))).toBe(false);
      expect(await storage.replaceEntries(document, stretchOf(1, 4))).toBe(true);
      const merged = [...stretchOf(1, 4), ...entriesOf(5, 6)];
      expect(await storage.entriesAfter(document, 0, 100)).toEqual(merged);
      expect(await storage.entriesAfter(document, 2, 1)).toEqual(stretchOf(1, 4));
      expect(await storage.entriesAfter(document, 4, 9)).toEqual(entriesOf(5, 6));
      expect((await storage.open(document)).tail).toEqual(merged);
      expect(await storage.append([{ document, entries: [entryOf(1)] }])).toEqual(new Set([document]));
      expect(await storage.append([{ document, entries: [entryOf(7)] }])).toEqual(new Set());
    });

    test('[LV82] a reading ends after so many bytes, with one number at least, and a merged stretch whole', async () => {
      document = `test/${createId()}`;
      await storage.open(document);
      const large = (seq: number) => entryOf(seq, { update: new Uint8Array(1_000).fill(seq) });
      for (let seq = 1; seq <= 6; seq += 1) {
        await storage.append([{ document, entries: [large(seq)] }]);
      }
      expect(await storage.entriesAfter(document, 0, 100, 1)).toEqual([large(1)]);
      expect(await storage.entriesAfter(document, 1, 100, 2_500)).toEqual([large(2), large(3), large(4)]);
      const stretch = ['ada', 'bo'].map((memberId) => ({ ...large(3), first: 2, memberId }));
      expect(await storage.replaceEntries(document, stretch)).toBe(true);
      expect(await storage.entriesAfter(document, 1, 100, 1)).toEqual(stretch);
    });

    test('[LV83] the number at a moment is found, to one commit', async () => {
      document = `test/${createId()}`;
      await storage.open(document);
      const momentOf = (seq: number): Date => entryOf(seq * 10).at;
      for (let seq = 1; seq <= 9; seq += 1) {
        await storage.append([
          { document, entries: [entryOf(seq, { at: momentOf(seq), since: momentOf(seq) })] },
        ]);
      }
      const found: number[] = [];
      for (let seq = 1; seq <= 9; seq += 1) found.push(await storage.numberAt(document, momentOf(seq)));
      expect(found).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(await storage.numberAt(document, new Date(momentOf(4).getTime() + 9))).toBe(4);
      expect(await storage.numberAt(document, new Date(momentOf(1).getTime() - 1))).toBe(0);
      expect(await storage.numberAt(document, new Date(momentOf(9).getTime() + 99))).toBe(9);
    });

    test('[LV84] a document with a snapshot is due for compaction after 30 days, longest due first', async () => {
      const names = [`test/${createId()}`, `test/${createId()}`] as const;
      for (const [index, name] of names.entries()) {
        await storage.open(name);
        await storage.append([{ document: name, entries: entriesOf(1, 1) }]);
        const past = new Date(at.getTime() - 5 * fullDetailMs - index);
        await storage.saveSnapshot(name, {
          seq: 1,
          at: past,
          update: Uint8Array.of(1),
          clocks: new Map(),
          ...known,
        });
      }
      const due = async (ms: number) =>
        (await storage.compactionDue(new Date(ms), 100))
          .filter(({ document: name }) => names.some((one) => one === name))
          .map(({ document: name, from, upTo }) => [(names as readonly string[]).indexOf(name), from, upTo]);
      const begun = at.getTime() - 4 * fullDetailMs;
      expect(await due(begun - 2)).toEqual([]);
      expect(await due(begun - 1)).toEqual([[1, 0, 1]]);
      expect(await due(begun)).toEqual([
        [1, 0, 1],
        [0, 0, 1],
      ]);
      await storage.planCompaction(names[1], { at: new Date(begun + 1), from: 1 });
      await storage.planCompaction(names[0], { at: null, from: 0 });
      expect(await due(begun)).toEqual([]);
      expect(await due(begun + 1)).toEqual([[1, 1, 1]]);
    });

    test('[LV28] one document knows nothing of another whose name begins alike', async () => {
      document = `test/${createId()}`;
      const longer = `${document}/x`;
      await Promise.all([storage.open(document), storage.open(longer)]);
      await storage.append([{ document: longer, entries: entriesOf(1, 2) }]);
      await storage.bind([{ document: longer, clientId: 7, memberId: 'ada' }]);
      expect(await storage.open(document)).toMatchObject({ tail: [], owners: new Map() });
      expect(await storage.entriesAfter(document, 0, 10)).toEqual([]);
    });

    test('[LV95] a renewed document has another epoch, also for whoever opens it next, and the log it had', async () => {
      document = `test/${createId()}`;
      const other = `${document}/x`;
      const { epoch } = await storage.open(document);
      const { epoch: othersEpoch } = await storage.open(other);
      await storage.append([{ document, entries: entriesOf(1, 2) }]);
      await storage.bind([{ document, clientId: 7, memberId: 'ada' }]);
      await storage.renew(document);
      const renewed = await (await make()).open(document);
      expect(renewed.epoch).not.toBe(epoch);
      expect((await storage.open(document)).epoch).toBe(renewed.epoch);
      expect(renewed.tail).toEqual(entriesOf(1, 2));
      expect(renewed.owners.get(7)).toBe('ada');
      expect((await storage.open(other)).epoch).toBe(othersEpoch);
      await storage.renew(document);
      expect((await storage.open(document)).epoch).not.toBe(renewed.epoch);
    });

    test('[LV80] documents are listed once they are written to, by the beginning of their name', async () => {
      const prefix = `test/${createId()}/`;
      const names = ['b', 'a', 'a-1', 'c'].map((name) => `${prefix}${name}`);
      for (const name of names) await storage.open(name);
      await storage.open(`${prefix}never-written`);
      const batches = names.map((name) => ({ document: name, entries: entriesOf(1, 2) }));
      await storage.append(batches);
      await storage.append([{ document: `${prefix}a`, entries: entriesOf(3, 12) }]);
      await storage.bind([{ document: `${prefix}a`, clientId: 7, memberId: 'ada' }]);
      expect(await storage.listDocuments(prefix)).toEqual(names.toSorted());
      expect(await storage.listDocuments(`${prefix}a`)).toEqual([`${prefix}a`, `${prefix}a-1`]);
      expect(await storage.listDocuments(`${prefix}z`)).toEqual([]);
    });

    test('[LV28] what was confirmed is there for whoever opens the store next', async () => {
      document = `test/${createId()}`;
      const { epoch } = await storage.open(document);
      await storage.append([{ document, entries: entriesOf(1, 2) }]);
      const again = await make();
      expect(await again.open(document)).toMatchObject({ epoch, tail: entriesOf(1, 2) });
    });
  });
}
