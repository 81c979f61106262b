/** Carries live documents over that an earlier version stored: a record with a field for every entry. */
import mongoose, { type Collection } from 'mongoose';
import { type BatchRecord, LiveBatchModel, LiveDocumentModel } from '#server/base/live/log/model.ts';
import { durable, MongoLog, reading } from '#server/base/live/log/mongo-log.ts';
import type { LogEntry } from '#server/base/live/log/storage.ts';
import type { Side } from '#shared/base/audience.ts';

/** A batch as it was; `clocks` as [client id, from, to). */
interface OldBatch {
  _id: string;
  document: string;
  first: number;
  entries: {
    update: Uint8Array;
    memberId: string;
    side: Side;
    at: Date;
    clocks: [client: number, from: number, to: number][];
  }[];
}

const oldLog = 'live_log';
const batchesAtOnce = 50;

/**
 * Brings what is left of the old form into the new one, before anything is opened; costs one listing when nothing is.
 * Stopped half-way it goes on at the next start. Old snapshots are dropped, and made anew.
 */
export async function carryOldRecords(): Promise<void> {
  const { db } = mongoose.connection;
  if (db === undefined) throw new Error('no database is connected');
  if ((await db.listCollections({ name: oldLog }, { nameOnly: true }).toArray()).length === 0) return;
  const documents = LiveDocumentModel.collection as unknown as Collection<Record<string, unknown>>;
  await documents.updateMany(
    { kind: 'head', document: { $exists: true } },
    { $set: { snapshot: null } },
    durable,
  );
  await documents.deleteMany({ kind: 'part' }, durable);
  const log = new MongoLog(LiveBatchModel.collection as unknown as Collection<BatchRecord>);
  const old = db.collection<OldBatch>(oldLog);
  for (;;) {
    const records = await old.find({}, { ...reading, limit: batchesAtOnce }).toArray();
    if (records.length === 0) break;
    // Those that were carried over before a stop are refused, and are the same.
    for (const record of records)
      await log.append([{ document: record.document, entries: entriesOf(record) }]);
    await old.deleteMany({ _id: { $in: records.map(({ _id }) => _id) } }, durable);
  }
  await old.drop();
}

function entriesOf({ first, entries }: OldBatch): LogEntry[] {
  return entries.map(({ update, memberId, side, at, clocks }, index) => ({
    seq: first + index,
    first: first + index,
    update,
    memberId,
    side,
    at,
    since: at,
    clocks: clocks.map(([client, from, to]) => ({ client, from, to })),
  }));
}
