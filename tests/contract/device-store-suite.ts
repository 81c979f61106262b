/** The contract of device stores, as plain checks: run under Vitest in memory, and inside a real browser on IndexedDB. */
import type { DeviceStore, KeptFacts } from '#client/base/live/device-store.ts';

/** What a check needs; two stores that `open` twice share one device, as tabs do. */
export interface DeviceStoreBench {
  open(): Promise<DeviceStore>;
}

/** One check; throws when the store breaks the contract. */
export interface DeviceStoreCheck {
  title: string;
  run(bench: DeviceStoreBench): Promise<void>;
}

const document = 'plan/0123456789abcdefghjk/shared';
const other = 'plan/0123456789abcdefghjk/buyer';
const bytes = (...values: number[]) => Uint8Array.from(values);
const facts = (seq: number, epoch = 'first'): KeptFacts => ({ epoch, seq, mayWrite: true });

function same(actual: unknown, expected: unknown): void {
  const show = (value: unknown) =>
    JSON.stringify(value, (_key, part: unknown) => (part instanceof Uint8Array ? [...part] : part));
  if (show(actual) !== show(expected)) throw new Error(`expected ${show(expected)}, got ${show(actual)}`);
}

/** Everything a device store promises. */
export const deviceStoreChecks: readonly DeviceStoreCheck[] = [
  {
    title: 'what would be lost is counted over all documents and tabs, refused edits too',
    async run({ open }) {
      const [tab, otherTab] = [await open(), await open()];
      same(await tab.countUnstored(), 0);
      const first = await tab.keepUnsent(document, bytes(1));
      const second = await otherTab.keepUnsent(document, bytes(2));
      await otherTab.keepUnsent(other, bytes(3));
      const arrival = { facts: facts(1), fromSeq: 0, updates: [bytes(1, 2)] };
      await tab.keepArrival(document, { ...arrival, done: [first] });
      same(await tab.countUnstored(), 2);
      const { id } = await otherTab.refuse({
        document,
        code: 'live.readOnly',
        at: 5,
        epoch: 'first',
        update: bytes(2),
        seen: bytes(9),
        ids: [second],
      });
      same(await tab.countUnstored(), 2);
      await tab.dropRefused([id]);
      same(await otherTab.countUnstored(), 1);
    },
  },
  {
    title: 'a document never kept is empty',
    async run({ open }) {
      same(await (await open()).load(document), { facts: null, received: [], unsent: [] });
    },
  },
  {
    title: 'unsent edits come back in order, in every tab, until they are acknowledged',
    async run({ open }) {
      const [tab, otherTab] = [await open(), await open()];
      const first = await tab.keepUnsent(document, bytes(1));
      const second = await otherTab.keepUnsent(document, bytes(2));
      const third = await tab.keepUnsent(other, bytes(3));
      same(
        (await tab.load(document)).unsent.map((entry) => [entry.id, entry.update]),
        [
          [first, bytes(1)],
          [second, bytes(2)],
        ],
      );
      same((await otherTab.documentsWithUnsent()).sort(), [other, document].sort());
      await otherTab.keepArrival(document, {
        facts: facts(1),
        fromSeq: 0,
        updates: [bytes(1, 2)],
        done: [first, second, 999],
      });
      same(await tab.load(document), { facts: facts(1), received: [bytes(1, 2)], unsent: [] });
      same(await tab.documentsWithUnsent(), [other]);
      same(
        (await tab.load(other)).unsent.map((entry) => entry.id),
        [third],
      );
    },
  },
  {
    title: 'edits are done although another tab was quicker to keep what the server has',
    async run({ open }) {
      const [tab, otherTab] = [await open(), await open()];
      const id = await tab.keepUnsent(document, bytes(1));
      await otherTab.keepArrival(document, { facts: facts(4), fromSeq: 0, updates: [bytes(1)], done: [] });
      await tab.keepArrival(document, { facts: facts(1), fromSeq: 0, updates: [bytes(1)], done: [id] });
      same(await tab.load(document), { facts: facts(4), received: [bytes(1)], unsent: [] });
    },
  },
  {
    title: 'the number moves only over an unbroken row',
    async run({ open }) {
      const tab = await open();
      await tab.keepArrival(document, { facts: facts(3), fromSeq: 0, updates: [bytes(1)], done: [] });
      await tab.keepArrival(document, { facts: facts(9), fromSeq: 7, updates: [bytes(9)], done: [] });
      same((await tab.load(document)).facts?.seq, 3);
      await tab.keepArrival(document, {
        facts: facts(5),
        fromSeq: 3,
        updates: [bytes(4), bytes(5)],
        done: [],
      });
      const kept = await tab.load(document);
      same(kept.facts, facts(5));
      same(kept.received, [bytes(1), bytes(9), bytes(4), bytes(5)]);
    },
  },
  {
    title: 'what another tab has kept already is not kept twice, and its number never falls',
    async run({ open }) {
      const [tab, otherTab] = [await open(), await open()];
      await tab.keepArrival(document, { facts: facts(5), fromSeq: 0, updates: [bytes(5)], done: [] });
      await otherTab.keepArrival(document, {
        facts: { ...facts(4), mayWrite: false },
        fromSeq: 3,
        updates: [bytes(4)],
        done: [],
      });
      same(await tab.load(document), {
        facts: { ...facts(5), mayWrite: false },
        received: [bytes(5)],
        unsent: [],
      });
    },
  },
  {
    title: 'another history replaces what was received, and leaves unsent edits',
    async run({ open }) {
      const tab = await open();
      await tab.keepArrival(document, { facts: facts(5), fromSeq: 0, updates: [bytes(5)], done: [] });
      await tab.keepUnsent(document, bytes(6));
      await tab.keepArrival(document, {
        facts: facts(1, 'second'),
        fromSeq: 0,
        updates: [bytes(7)],
        done: [],
      });
      const kept = await tab.load(document);
      same(kept.facts, facts(1, 'second'));
      same(kept.received, [bytes(7)]);
      same(
        kept.unsent.map((entry) => entry.update),
        [bytes(6)],
      );
    },
  },
  {
    title: 'compaction replaces what was received by one, and touches nothing else',
    async run({ open }) {
      const tab = await open();
      await tab.keepArrival(document, {
        facts: facts(2),
        fromSeq: 0,
        updates: [bytes(1), bytes(2)],
        done: [],
      });
      await tab.keepArrival(other, { facts: facts(2), fromSeq: 0, updates: [bytes(8), bytes(9)], done: [] });
      await tab.keepUnsent(document, bytes(3));
      await tab.compact(document, (updates) => bytes(...updates.flatMap((update) => [...update])));
      const kept = await tab.load(document);
      same([kept.facts, kept.received], [facts(2), [bytes(1, 2)]]);
      same(
        kept.unsent.map((entry) => entry.update),
        [bytes(3)],
      );
      same((await tab.load(other)).received, [bytes(8), bytes(9)]);
    },
  },
  {
    title: 'a refused edit leaves the queue and is listed until it is dropped',
    async run({ open }) {
      const [tab, otherTab] = [await open(), await open()];
      const id = await tab.keepUnsent(document, bytes(1));
      const edit = {
        document,
        code: 'live.readOnly',
        at: 7,
        epoch: 'first',
        update: bytes(1),
        seen: bytes(0, 1),
      } as const;
      const refused = await tab.refuse({ ...edit, ids: [id] });
      same((await otherTab.load(document)).unsent, []);
      const listed = await otherTab.listRefused(document);
      same(
        listed.map(({ id: listedId, code, seen }) => [listedId, code, seen]),
        [[refused.id, 'live.readOnly', bytes(0, 1)]],
      );
      same(await tab.listRefused(other), []);
      await otherTab.dropRefused([refused.id]);
      same(await tab.listRefused(document), []);
    },
  },
  {
    title: 'forgetting what was received leaves edits that are still unsent',
    async run({ open }) {
      const tab = await open();
      await tab.keepArrival(document, { facts: facts(2), fromSeq: 0, updates: [bytes(1)], done: [] });
      const done = await tab.keepUnsent(document, bytes(2));
      await tab.keepUnsent(document, bytes(3));
      await tab.forgetReceived(document, [done]);
      const kept = await tab.load(document);
      same([kept.facts, kept.received], [null, []]);
      same(
        kept.unsent.map((entry) => entry.update),
        [bytes(3)],
      );
    },
  },
  {
    title: 'a piece of a larger buffer is kept alone',
    async run({ open }) {
      const tab = await open();
      const frame = bytes(0, 1, 2, 3);
      await tab.keepArrival(document, {
        facts: facts(1),
        fromSeq: 0,
        updates: [frame.subarray(1, 3)],
        done: [],
      });
      frame.fill(9);
      same((await tab.load(document)).received, [bytes(1, 2)]);
    },
  },
];
