/** Live storage in MongoDB. A batch is one record; nothing is confirmed that a majority has not written to disk. */
import type { Collection } from 'mongoose';
import {
  type BatchRecord,
  type DocumentRecord,
  endOfKeys,
  type HeadRecord,
  LiveBatchModel,
  LiveDocumentModel,
  LiveSnapshotModel,
  type OwnerRecord,
  type PartRecord,
} from '#server/base/live/log/model.ts';
import { durable, MongoLog, takenPlaces } from '#server/base/live/log/mongo-log.ts';
import { MongoSnapshots } from '#server/base/live/log/mongo-snapshots.ts';
import {
  fullDetailMs,
  type LiveStorage,
  type StoredDocument,
  unusedOwnerMs,
} from '#server/base/live/log/storage.ts';
import { createId } from '#shared/base/ids.ts';

/**
 * The store in the connected database. Make collections and indexes of the three models first.
 * @param now - dates the owners of client ids
 */
export function createMongoStorage(now: () => Date = () => new Date()): LiveStorage {
  const documents = LiveDocumentModel.collection as unknown as Collection<DocumentRecord>;
  const heads = LiveDocumentModel.collection as unknown as Collection<HeadRecord>;
  const log = new MongoLog(LiveBatchModel.collection as unknown as Collection<BatchRecord>);
  const snapshots = new MongoSnapshots(LiveSnapshotModel.collection as unknown as Collection<PartRecord>);

  async function readHead(document: string): Promise<{ head: HeadRecord; owners: OwnerRecord[] }> {
    const range = { $gte: document, $lt: endOfKeys(document) };
    const records = await documents.find({ _id: range }).toArray();
    const head = records.find((record) => record.kind === 'head');
    const owners = records.filter((record) => record.kind === 'owner');
    if (head !== undefined) return { head, owners };
    const fresh = { kind: 'head' as const, epoch: createId(), snapshot: null };
    // Two openings at once must agree on one epoch: the first one's.
    await documents.updateOne({ _id: document }, { $setOnInsert: fresh }, { upsert: true, ...durable });
    return readHead(document);
  }

  async function forget(records: readonly OwnerRecord[]): Promise<void> {
    if (records.length === 0) return;
    await documents.deleteMany({ _id: { $in: records.map(({ _id }) => _id) } }, durable);
  }

  return {
    async open(document) {
      const { head, owners: records } = await readHead(document);
      const { seq, parts, tail: from } = head.snapshot ?? { seq: 0, parts: 0, tail: 1 };
      const [snapshot, tail] = await Promise.all([
        parts === 0 ? null : snapshots.read(document, seq, parts),
        log.entriesFrom(document, from, seq, Number.POSITIVE_INFINITY),
      ]);
      const owners: StoredDocument['owners'] = new Map(snapshot?.owners);
      for (const entry of tail) for (const range of entry.clocks) owners.set(range.client, entry.memberId);
      const written = new Set(owners.keys());
      const before = new Date(now().getTime() - unusedOwnerMs);
      const isStale = ({ clientId, at }: OwnerRecord) => at < before && !written.has(clientId);
      for (const record of records) {
        if (!written.has(record.clientId) && !isStale(record)) owners.set(record.clientId, record.memberId);
      }
      // Dropped in the store too: otherwise the next owner of the same id could not be stored.
      await forget(records.filter((record) => isStale(record) || snapshot?.owners.has(record.clientId)));
      return { epoch: head.epoch, snapshot, tail, owners };
    },
    append: (batches) => log.append(batches),
    async bind(bindings) {
      const at = now();
      const records = bindings.map(({ document, clientId, memberId }) => ({
        _id: `${document}#owner#${clientId}`,
        kind: 'owner' as const,
        clientId,
        memberId,
        at,
      }));
      // One that is there already stays as it is.
      await documents
        .insertMany(records, { ordered: false, ...durable })
        .catch((error) => takenPlaces(error, records.length));
    },
    async renew(document) {
      await documents.updateOne({ _id: document }, { $set: { epoch: createId() } }, durable);
    },
    async saveSnapshot(document, snapshot) {
      const { seq, at } = snapshot;
      const head = await heads.findOne({ _id: document });
      // Before its parts are written: those of the snapshot in use have the same keys.
      if (head === null || (head.snapshot?.seq ?? 0) >= seq) return;
      const [parts, tail] = await Promise.all([
        snapshots.write(document, snapshot),
        log.recordAfter(document, seq),
      ]);
      const { compactAt = new Date(at.getTime() + fullDetailMs) } = head;
      // The head points at the new parts before the old ones go, so that a crash leaves one whole snapshot.
      const isOlder = { $or: [{ snapshot: null }, { 'snapshot.seq': { $lt: seq } }] };
      const fields = { snapshot: { seq, parts, tail }, compactAt };
      const { modifiedCount } = await documents.updateOne(
        { _id: document, ...isOlder },
        { $set: fields },
        durable,
      );
      if (modifiedCount > 0) await snapshots.removeBefore(document, seq);
    },
    entriesAfter: (...asked) => log.entriesAfter(...asked),
    numberAt: (document, moment) => log.numberAt(document, moment),
    replaceEntries: (document, entries) => log.replaceEntries(document, entries),
    async compactionDue(at, limit) {
      const sort = { compactAt: 1 as const };
      const due = await heads.find({ compactAt: { $lte: at } }, { sort, limit }).toArray();
      return due.map(({ _id, compacted = 0, snapshot }) => ({
        document: _id,
        from: compacted,
        upTo: snapshot?.seq ?? 0,
      }));
    },
    async planCompaction(document, { at, from }) {
      const change =
        at === null
          ? { $set: { compacted: from }, $unset: { compactAt: 1 as const } }
          : { $set: { compacted: from, compactAt: at } };
      await documents.updateOne({ _id: document }, change, durable);
    },
    async listDocuments(prefix) {
      const range = { $gte: prefix, $lt: `${prefix}\uffff` };
      const heads = await documents.find({ _id: range, kind: 'head' }, { projection: { _id: 1 } }).toArray();
      return log.written(heads.map(({ _id }) => _id));
    },
  };
}
