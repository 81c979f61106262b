/** What every store of derived records must keep, whatever it is made of. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { DerivedRecord, DerivedStore, Quarantine } from '#server/base/live/derived/derived-store.ts';
import { createId } from '#shared/base/ids.ts';

const at = new Date(Date.UTC(2026, 0, 5));

/** Runs the suite on one adapter. @param make - gives the same store, or one with the same content, each time */
export function derivedStoreSuite(name: string, make: () => DerivedStore): void {
  describe(`[LV91] derived store: ${name}`, () => {
    let kind: string;
    let subject: string;
    let store: DerivedStore;

    beforeEach(() => {
      kind = `k${createId()}`;
      subject = `${kind}/1`;
      store = make();
    });

    const recordOf = (revision: number, more: Partial<DerivedRecord> = {}): DerivedRecord => ({
      subject,
      kind,
      revision,
      version: 1,
      states: [{ document: `${subject}/a`, epoch: 'e', seq: revision }],
      at,
      value: { title: `revision ${revision}`, none: null, list: [] },
      ...more,
    });

    const quarantineOf = (more: Partial<Quarantine> = {}): Quarantine => ({
      document: `${subject}/a`,
      subject,
      epoch: 'e',
      goodSeq: 3,
      badSeq: 5,
      fault: 'time',
      since: at,
      ...more,
    });

    const standing = async () =>
      (await make().listQuarantines()).filter(({ document }) => document.startsWith(kind));

    test('[LV91] a record comes back exactly, and takes the place of the one before it alone', async () => {
      expect(await store.read(subject)).toBeNull();
      expect(await store.write(recordOf(1))).toBe(true);
      expect(await make().read(subject)).toEqual(recordOf(1));
      expect(await store.write(recordOf(1, { value: 'another process' }))).toBe(false);
      expect(await store.write(recordOf(3))).toBe(false);
      expect(await store.read(subject)).toEqual(recordOf(1));
      expect(await store.write(recordOf(2, { states: [], value: null }))).toBe(true);
      expect(await store.read(subject)).toEqual(recordOf(2, { states: [], value: null }));
    });

    test('[LV91] of two first records at once one stands', async () => {
      const written = await Promise.all([store.write(recordOf(1)), make().write(recordOf(1))]);
      expect(written.toSorted()).toEqual([false, true]);
    });

    test('[LV93] a mark stands until it is taken away, and is no record', async () => {
      const open = async () => (await make().listOpen()).filter((one) => one === subject);
      for (let twice = 0; twice < 2; twice += 1) await store.open(subject, kind);
      expect(await open()).toEqual([subject]);
      expect(await store.read(subject)).toBeNull();
      expect(await store.listDerived(kind, 1)).toEqual([]);
      expect(await store.write(recordOf(1))).toBe(true);
      expect(await open()).toEqual([subject]);
      for (let twice = 0; twice < 2; twice += 1) await store.close(subject);
      expect(await open()).toEqual([]);
      expect(await store.read(subject)).toEqual(recordOf(1));
    });

    test('[LV93] subjects are listed by kind and way of reading', async () => {
      await store.write(recordOf(1));
      await store.write(recordOf(1, { subject: `${kind}/2`, version: 2 }));
      expect(await store.listDerived(kind, 1)).toEqual([subject]);
      expect(await store.listDerived(kind, 2)).toEqual([`${kind}/2`]);
      expect(await store.listDerived(`${kind}x`, 1)).toEqual([]);
    });

    test('[LV94] a quarantine stands, once, until it is released', async () => {
      for (let twice = 0; twice < 2; twice += 1) await store.quarantine(quarantineOf());
      expect(await standing()).toEqual([quarantineOf()]);
      expect(await store.listCuts(`${subject}/a`)).toEqual([]);
      await store.release(`${subject}/b`, { memberId: 'ada', at, seq: 6 });
      expect(await standing()).toEqual([quarantineOf()]);
      await store.release(`${subject}/a`, { memberId: 'ada', at, seq: 6 });
      expect(await standing()).toEqual([]);
    });

    test('[LV95] each release leaves a cut, in order; another document has none', async () => {
      await store.quarantine(quarantineOf());
      await store.release(`${subject}/a`, { memberId: 'ada', at, seq: 6 });
      await store.quarantine(quarantineOf({ epoch: 'f', goodSeq: 7, badSeq: 9 }));
      await store.release(`${subject}/a`, { memberId: 'bo', at, seq: 10 });
      await store.release(`${subject}/a`, { memberId: 'bo', at, seq: 11 });
      expect(await make().listCuts(`${subject}/a`)).toEqual([
        { after: 3, upTo: 6 },
        { after: 7, upTo: 10 },
      ]);
      expect(await store.listCuts(`${subject}/b`)).toEqual([]);
    });
  });
}
