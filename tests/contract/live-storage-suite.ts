/** What every live storage must keep, whatever it is made of. Rule LV28. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type LiveStorage, type LogEntry, type Snapshot, unusedOwnerMs } from '#server/base/live/storage.ts';
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
      await storage.saveSnapshot(document, { seq: 1, at, update: Uint8Array.of(1), clocks });
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
      const snapshot: Snapshot = { seq: 3, at, update: Uint8Array.of(1, 2, 3), clocks: new Map([[9, 4]]) };
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
      const late: Snapshot = { seq: 3, at, update: Uint8Array.of(3), clocks: new Map([[1, 1]]) };
      await storage.saveSnapshot(document, late);
      await storage.saveSnapshot(document, late);
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
      await storage.saveSnapshot(document, { seq: 1, at, update, clocks: new Map() });
      const found = (await storage.open(document)).snapshot?.update ?? new Uint8Array();
      expect(Buffer.compare(found, update)).toBe(0);
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
