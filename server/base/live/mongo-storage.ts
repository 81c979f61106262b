/** Live storage in MongoDB. A batch is one record; nothing is confirmed that a majority has not written to disk. */
import { type Collection, mongo } from 'mongoose';
import {
  type BatchRecord,
  type DocumentRecord,
  type EntryRecord,
  type HeadRecord,
  LiveDocumentModel,
  LiveLogModel,
} from '#server/base/live/model.ts';
import {
  type LiveStorage,
  type LogBatch,
  type LogEntry,
  type Snapshot,
  type StoredDocument,
  unusedOwnerMs,
} from '#server/base/live/storage.ts';
import { createId } from '#shared/base/ids.ts';

/** Said at every write, so that no connection setting can weaken it (source: MongoDB manual, write concern). */
const durable = { writeConcern: { w: 'majority', j: true } } as const;
/** Bytes come as Node buffers rather than wrapped ones. */
const reading = { promoteBuffers: true } as const;

const partBytes = 4 * 1024 * 1024;
const duplicateKey = 11_000;

/**
 * The store in the connected database. Make collections and indexes of the two models first.
 * @param now - dates the owners of client ids
 */
export function createMongoStorage(now: () => Date = () => new Date()): LiveStorage {
  const documents = LiveDocumentModel.collection as unknown as Collection<DocumentRecord>;
  const log = LiveLogModel.collection as unknown as Collection<BatchRecord>;

  async function readRecords(document: string): Promise<{ head: HeadRecord; records: DocumentRecord[] }> {
    const records = await documents.find({ document }, reading).toArray();
    const head = records.find((record) => record.kind === 'head');
    if (head !== undefined) return { head, records };
    const fresh: HeadRecord = { _id: document, document, kind: 'head', epoch: createId(), snapshot: null };
    const { _id, ...fields } = fresh;
    // Two openings at once must agree on one epoch: the first one's.
    await documents.updateOne({ _id }, { $setOnInsert: fields }, { upsert: true, ...durable });
    return readRecords(document);
  }

  async function readEntries(document: string, after: number, limit: number): Promise<LogEntry[]> {
    const entries: LogEntry[] = [];
    const cursor = log.find({ document, last: { $gt: after } }, { ...reading, sort: { last: 1 } });
    for await (const batch of cursor) {
      for (const [at, entry] of batch.entries.entries()) {
        if (batch.first + at > after) entries.push(readEntry(entry, batch.first + at));
      }
      if (entries.length >= limit) break;
    }
    return entries.slice(0, limit);
  }

  return {
    async open(document) {
      const { head, records } = await readRecords(document);
      const snapshot = readSnapshot(head, records);
      const tail = await readEntries(document, snapshot?.seq ?? 0, Number.POSITIVE_INFINITY);
      const owners = readOwners(records, tail);
      const before = new Date(now().getTime() - unusedOwnerMs);
      const stale = records.filter((record) => isStale(record, before, snapshot, tail));
      // Dropped in the store too: otherwise the next owner of the same id could not be stored.
      if (stale.length > 0) {
        await documents.deleteMany({ _id: { $in: stale.map(({ _id }) => _id) } }, durable);
        for (const record of stale) if (record.kind === 'owner') owners.delete(record.clientId);
      }
      return { epoch: head.epoch, snapshot, tail, owners };
    },
    async append(batches) {
      const records = batches.map(writeBatch);
      try {
        await log.insertMany(records, { ordered: false, ...durable });
        return new Set();
      } catch (error) {
        return refusedBatches(error, records);
      }
    },
    async bind(bindings) {
      const at = now();
      const writes = bindings.map(({ document, clientId, memberId }) => ({
        updateOne: {
          filter: { _id: `${document}#owner#${clientId}` },
          update: { $setOnInsert: { document, kind: 'owner' as const, clientId, memberId, at } },
          upsert: true,
        },
      }));
      await documents.bulkWrite(writes, { ordered: false, ...durable });
    },
    async saveSnapshot(document, snapshot) {
      const { seq, update } = snapshot;
      const parts = Math.max(1, Math.ceil(update.length / partBytes));
      for (let index = 0; index < parts; index += 1) {
        const bytes = update.slice(index * partBytes, (index + 1) * partBytes);
        const fields = { document, kind: 'part' as const, seq, index, bytes: asBinary(bytes) };
        await documents.replaceOne({ _id: `${document}#part#${seq}#${index}` }, fields, {
          upsert: true,
          ...durable,
        });
      }
      // The head points at the new parts before the old ones go, so that a crash leaves one whole snapshot.
      const kept = { seq, at: snapshot.at, parts, clocks: [...snapshot.clocks] };
      const isOlder = { $or: [{ snapshot: null }, { 'snapshot.seq': { $lt: seq } }] };
      await documents.updateOne({ _id: document, ...isOlder }, { $set: { snapshot: kept } }, durable);
      await documents.deleteMany({ document, kind: 'part', seq: { $lt: seq } }, durable);
    },
    entriesAfter: readEntries,
    async listDocuments(prefix) {
      const range = { $gte: prefix, $lt: `${prefix}\uffff` };
      const heads = await documents.find({ _id: range, kind: 'head' }, { projection: { _id: 1 } }).toArray();
      const firsts = heads.map(({ _id }) => `${_id}#1`);
      const written = await log.find({ _id: { $in: firsts } }, { projection: { document: 1 } }).toArray();
      return written.map(({ document }) => document).sort();
    },
  };
}

/** The driver takes bytes as Buffer or Binary only where its types say Uint8Array too. */
function asBinary(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Copied, because a buffer of the driver is a view on a whole reply. */
function asBytes(stored: Uint8Array): Uint8Array {
  return Uint8Array.from(stored);
}

function writeBatch({ document, entries }: LogBatch): BatchRecord {
  const first = entries[0]?.seq ?? 0;
  return {
    _id: `${document}#${first}`,
    document,
    first,
    last: first + entries.length - 1,
    entries: entries.map(({ update, memberId, side, at, clocks }) => ({
      update: asBinary(update),
      memberId,
      side,
      at,
      clocks: clocks.map(({ client, from, to }) => [client, from, to]),
    })),
  };
}

function readEntry(entry: EntryRecord, seq: number): LogEntry {
  const { memberId, side, at } = entry;
  const clocks = entry.clocks.map(([client, from, to]) => ({ client, from, to }));
  return { seq, first: seq, update: asBytes(entry.update), memberId, side, at, since: at, clocks };
}

function readSnapshot(head: HeadRecord, records: readonly DocumentRecord[]): Snapshot | null {
  if (head.snapshot === null) return null;
  const { seq, at = new Date(0), parts, clocks } = head.snapshot;
  const found = records
    .filter((record) => record.kind === 'part' && record.seq === seq)
    .sort((a, b) => (a.kind === 'part' && b.kind === 'part' ? a.index - b.index : 0));
  if (found.length !== parts) throw new Error('snapshot is not whole');
  const bytes = found.map((record) => (record.kind === 'part' ? record.bytes : new Uint8Array()));
  return { seq, at, update: Uint8Array.from(Buffer.concat(bytes)), clocks: new Map(clocks) };
}

function readOwners(records: readonly DocumentRecord[], tail: readonly LogEntry[]): StoredDocument['owners'] {
  const owners: StoredDocument['owners'] = new Map();
  for (const record of records) if (record.kind === 'owner') owners.set(record.clientId, record.memberId);
  for (const entry of tail) for (const range of entry.clocks) owners.set(range.client, entry.memberId);
  return owners;
}

/** Whether a record is of an owner bound before a moment who has written nothing under the id. */
function isStale(
  record: DocumentRecord,
  before: Date,
  snapshot: Snapshot | null,
  tail: readonly LogEntry[],
): boolean {
  if (record.kind !== 'owner' || record.at >= before) return false;
  const { clientId } = record;
  const isInTail = tail.some((entry) => entry.clocks.some(({ client }) => client === clientId));
  return snapshot?.clocks.has(clientId) !== true && !isInTail;
}

/** Batches whose numbers are taken are refused; anything else leaves all of them unknown. */
function refusedBatches(error: unknown, records: readonly BatchRecord[]): Set<string> {
  if (!(error instanceof mongo.MongoBulkWriteError) || error.result.getWriteConcernError() !== undefined)
    throw error;
  const failures = [error.writeErrors].flat();
  // The driver wraps a lost connection as a bulk error without one failed write: then nothing is known of any.
  if (failures.length === 0 || error.insertedCount + failures.length !== records.length) throw error;
  const refused = new Set<string>();
  for (const failure of failures) {
    const record = records[failure.index];
    if (failure.code !== duplicateKey || record === undefined) throw error;
    refused.add(record.document);
  }
  return refused;
}
