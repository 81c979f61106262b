/** The contract of live storage on both adapters: in memory, and on the database the hub would use. */
import mongoose from 'mongoose';
import { describe, expect, test } from 'vitest';
import { createMemoryStorage } from '#server/base/live/log/memory-storage.ts';
import { LiveBatchModel, LiveDocumentModel, LiveSnapshotModel } from '#server/base/live/log/model.ts';
import { createMongoStorage } from '#server/base/live/log/mongo-storage.ts';
import { carryOldRecords } from '#server/base/live/log/old-records.ts';
import { liveStorageSuite } from '#tests/contract/live-storage-suite.ts';
import { provideDatabase } from '#tests/contract/open-database.ts';
import { createHandTime } from '#tests/support/hand-time.ts';

provideDatabase([LiveDocumentModel, LiveSnapshotModel, LiveBatchModel]);

const time = createHandTime();
const memory = createMemoryStorage(time.now);
test('[LV82] what an earlier version stored is carried over, also after a stop half-way', async () => {
  const { db } = mongoose.connection;
  const document = 'test/of-an-earlier-version';
  const batchOf = (first: number) => ({
    _id: `${document}#${first}` as never,
    document,
    first,
    last: first + 1,
    entries: [first, first + 1].map((seq) => ({
      update: Buffer.of(1, seq),
      memberId: 'ada',
      side: 'buyer',
      at: new Date(seq),
      clocks: [[7, seq, seq + 1]],
    })),
  });
  const head = {
    _id: document as never,
    document,
    kind: 'head',
    epoch: 'old',
    snapshot: { seq: 2, parts: 1 },
  };
  await db?.collection('live_documents').insertMany([
    head,
    { _id: `${document}#part#2#0` as never, document, kind: 'part', seq: 2, index: 0, bytes: Buffer.of(9) },
    {
      _id: `${document}#owner#5` as never,
      document,
      kind: 'owner',
      clientId: 5,
      memberId: 'bo',
      at: new Date(),
    },
  ]);
  await db?.collection('live_log').insertMany([batchOf(9), batchOf(11), ...[1, 3, 5, 7].map(batchOf)]);
  const storage = createMongoStorage(() => new Date(0));
  const { entries } = batchOf(1);
  const first = entries.map(({ at, side: _, clocks: __, ...entry }, index) => ({
    ...entry,
    seq: index + 1,
    first: index + 1,
    at,
    since: at,
    side: 'buyer' as const,
    clocks: [{ client: 7, from: index + 1, to: index + 2 }],
  }));
  await storage.append([{ document, entries: first }]);
  for (let start = 0; start < 2; start += 1) await carryOldRecords();
  const { epoch, snapshot, tail, owners } = await storage.open(document);
  expect({ epoch, snapshot }).toEqual({ epoch: 'old', snapshot: null });
  expect(tail.map(({ seq, at }) => [seq, at.getTime()])).toEqual(
    Array.from({ length: 12 }, (_, index) => [index + 1, index + 1]),
  );
  expect(tail[5]?.clocks).toEqual([{ client: 7, from: 6, to: 7 }]);
  expect(owners).toEqual(
    new Map([
      [5, 'bo'],
      [7, 'ada'],
    ]),
  );
});

test('[LV27] of earlier snapshots nothing is left, nor of one whose writing was interrupted', async () => {
  const document = 'test/of-many-snapshots';
  const storage = createMongoStorage(time.now);
  await storage.open(document);
  const snapshotAt = (seq: number, bytes: number) => {
    const update = new Uint8Array(bytes).fill(seq);
    return { seq, at: new Date(seq), update, clocks: new Map(), owners: new Map(), details: null };
  };
  await storage.saveSnapshot(document, snapshotAt(1, 9 * 1024 * 1024));
  await LiveSnapshotModel.create([
    { _id: `${document}#0000000002#0000`, at: new Date(2), bytes: Buffer.of(2) },
  ]);
  await storage.saveSnapshot(document, snapshotAt(3, 5));
  const left = await LiveSnapshotModel.find({}, { _id: 1 }).lean();
  expect(left.map(({ _id }) => String(_id)).filter((key) => key.startsWith(document))).toEqual([
    `${document}#0000000003#0000`,
  ]);
  expect((await storage.open(document)).snapshot).toMatchObject({ seq: 3 });
});

describe('[LV28] [LV80] [LV83] [LV84] one contract for both', () => {
  liveStorageSuite('memory', async () => memory, time);
  liveStorageSuite('MongoDB', async () => createMongoStorage(time.now), time);
});
