/** The log of all documents in MongoDB: one record a batch, under a key that sorts as the log runs. */
import { type ClientSession, type Collection, mongo } from 'mongoose';
import { decodeEntries, encodeEntries } from '#server/base/live/log/batch-bytes.ts';
import { EntryPage } from '#server/base/live/log/entry-page.ts';
import {
  type BatchRecord,
  documentOfKey,
  endOfKeys,
  numberKey,
  numberOfKey,
} from '#server/base/live/log/model.ts';
import type { LogBatch, LogEntry } from '#server/base/live/log/storage.ts';
import { withTransaction } from '#server/base/mongo.ts';

/** Said at every write, so that no connection setting can weaken it (source: MongoDB manual, write concern). */
export const durable = { writeConcern: { w: 'majority', j: true } } as const;
/** Bytes come as Node buffers rather than wrapped ones. */
export const reading = { promoteBuffers: true } as const;

const duplicateKey = 11_000;
/** Records fetched at once by a reading that is bounded in bytes. */
const recordsAtOnce = 32;

/** @see LiveStorage */
export class MongoLog {
  #records: Collection<BatchRecord>;

  constructor(records: Collection<BatchRecord>) {
    this.#records = records;
  }

  /** @see LiveStorage.append */
  async append(batches: readonly LogBatch[]): Promise<Set<string>> {
    const records = batches.map(({ document, entries }) => recordOf(document, entries));
    const [first] = records;
    try {
      // One alone is the usual case, and the driver's machinery for many costs as much as the write itself.
      if (first !== undefined && records.length === 1) await this.#records.insertOne(first, durable);
      else await this.#records.insertMany(records, { ordered: false, ...durable });
      return new Set();
    } catch (error) {
      const taken = takenPlaces(error, records.length);
      return new Set(taken.map((index) => documentOfKey(records[index]?._id ?? '')));
    }
  }

  /** Number of the record to read on from after a number: the one it lies in, or what comes next. */
  async recordAfter(document: string, seq: number): Promise<number> {
    if (seq === 0) return 1;
    const found = await this.#lastUpTo(document, seq);
    return found === null || found.last <= seq ? seq + 1 : numberOfKey(found._id);
  }

  /**
   * Entries of all records from one on.
   * @param limit - most numbers; a merged stretch counts as one
   * @param mostBytes - of updates; from so many on no further number is read
   */
  async entriesFrom(
    document: string,
    from: number,
    after: number,
    limit: number,
    mostBytes = Number.POSITIVE_INFINITY,
  ): Promise<LogEntry[]> {
    const range = { _id: { $gte: numberKey(document, from), $lt: endOfKeys(document) } };
    const cursor = this.#records.find(range, { ...reading, sort: { _id: 1 } });
    if (Number.isFinite(limit)) cursor.limit(limit);
    // The driver would fetch 16 MB at once, most of it for nothing.
    if (Number.isFinite(mostBytes)) cursor.batchSize(recordsAtOnce);
    const page = new EntryPage(limit, mostBytes);
    for await (const { _id, bytes } of cursor) {
      for (const entry of decodeEntries(asBytes(bytes), numberOfKey(_id))) {
        if (entry.seq > after && !page.take(entry)) return page.entries;
      }
    }
    return page.entries;
  }

  /** @see LiveStorage.entriesAfter */
  async entriesAfter(document: string, seq: number, limit: number, mostBytes?: number): Promise<LogEntry[]> {
    return this.entriesFrom(document, await this.recordAfter(document, seq), seq, limit, mostBytes);
  }

  /** @see LiveStorage.numberAt */
  async numberAt(document: string, moment: Date): Promise<number> {
    let low = 0;
    let high = (await this.#lastUpTo(document, Number.MAX_SAFE_INTEGER))?.last ?? 0;
    // Moments never go back, so halving the numbers finds the record without an index over moments.
    while (low < high) {
      const middle = Math.floor((low + high + 1) / 2);
      const found = await this.#lastUpTo(document, middle);
      if (found === null) return low;
      if (found.to <= moment) low = Math.max(middle, found.last);
      else high = numberOfKey(found._id) - 1;
    }
    return low;
  }

  /** @see LiveStorage.replaceEntries */
  async replaceEntries(document: string, entries: readonly LogEntry[]): Promise<boolean> {
    const merged = recordOf(document, entries);
    const first = numberOfKey(merged._id);
    return withTransaction(async (session) => {
      const begin = (await this.#lastUpTo(document, first, session))?._id;
      const end = (await this.#lastUpTo(document, merged.last, session))?._id;
      if (begin === undefined || end === undefined) return false;
      // Records end where commits did: what lies beside the stretch in its first and last one becomes records again.
      const options = { ...reading, session, sort: { _id: 1 as const } };
      const edges = await this.#records.find({ _id: { $in: [begin, end] } }, options).toArray();
      const known = edges.flatMap(({ _id, bytes }) => decodeEntries(asBytes(bytes), numberOfKey(_id)));
      const isWhole = [first, merged.last].every((seq) =>
        known.some((entry) => entry.first === seq && entry.seq === seq),
      );
      if (!isWhole) return false;
      const parts = [
        known.filter(({ seq }) => seq < first),
        known.filter((entry) => entry.first > merged.last),
      ];
      const beside = parts.filter((part) => part.length > 0).map((part) => recordOf(document, part));
      await this.#records.deleteMany({ _id: { $gte: begin, $lte: end } }, { session });
      await this.#records.insertMany([...beside, merged], { session });
      return true;
    });
  }

  /** Which of some documents have been written to. */
  async written(documents: readonly string[]): Promise<string[]> {
    const firsts = documents.map((document) => numberKey(document, 1));
    const found = await this.#records.find({ _id: { $in: firsts } }, { projection: { _id: 1 } }).toArray();
    return found.map(({ _id }) => documentOfKey(_id)).sort();
  }

  #lastUpTo(
    document: string,
    seq: number,
    session?: ClientSession,
  ): Promise<Pick<BatchRecord, '_id' | 'last' | 'to'> | null> {
    const end = seq === Number.MAX_SAFE_INTEGER ? endOfKeys(document) : numberKey(document, seq);
    const options = { sort: { _id: -1 as const }, projection: { last: 1, to: 1 } };
    const place = session === undefined ? options : { ...options, session };
    return this.#records.findOne({ _id: { $gte: numberKey(document, 0), $lte: end } }, place);
  }
}

/** Places of inserts that were refused because their key is taken. @throws what left all of the inserts unknown */
export function takenPlaces(error: unknown, inserts: number): number[] {
  const isOfMany = error instanceof mongo.MongoBulkWriteError;
  if (!isOfMany && inserts === 1 && error instanceof mongo.MongoServerError && error.code === duplicateKey)
    return [0];
  if (!(error instanceof mongo.MongoBulkWriteError) || error.result.getWriteConcernError() !== undefined)
    throw error;
  const failures = [error.writeErrors].flat();
  // The driver wraps a lost connection as a bulk error without one failed write: then nothing is known of any.
  if (failures.length === 0 || error.insertedCount + failures.length !== inserts) throw error;
  if (failures.some(({ code }) => code !== duplicateKey)) throw error;
  return failures.map(({ index }) => index);
}

/** Stored bytes as a view, copied only where they would keep a far larger buffer of the driver alive. */
export function asBytes(stored: Uint8Array): Uint8Array {
  const { buffer, byteOffset, length } = stored;
  return buffer.byteLength > length * 2
    ? Uint8Array.from(stored)
    : new Uint8Array(buffer, byteOffset, length);
}

/** The driver takes bytes as Buffer or Binary only where its types say Uint8Array too. */
export function asBinary(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function recordOf(document: string, entries: readonly LogEntry[]): BatchRecord {
  return {
    _id: numberKey(document, entries[0]?.first ?? 0),
    last: entries.at(-1)?.seq ?? 0,
    to: entries.at(-1)?.at ?? new Date(0),
    bytes: asBinary(encodeEntries(entries)),
  };
}
