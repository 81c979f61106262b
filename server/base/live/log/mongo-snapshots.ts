/** Snapshots of all documents in MongoDB, in parts; a few earlier ones stay, so that the past is read from near. */
import type { Collection } from 'mongoose';
import {
  endOfKeys,
  type HeadRecord,
  numberKey,
  numberOfKey,
  type PartRecord,
} from '#server/base/live/log/model.ts';
import { asBinary, asBytes, durable, reading } from '#server/base/live/log/mongo-log.ts';
import { decodeSnapshot, encodeSnapshot } from '#server/base/live/log/snapshot-bytes.ts';
import type { Snapshot } from '#server/base/live/log/storage.ts';

const partBytes = 4 * 1024 * 1024;
/** An earlier snapshot is kept after at least so many numbers, and more for a large one: together about the log's size. */
const keptEvery = 4_096;
const keptBytesPerNumber = 32;

/** Parts of snapshots; where the last one is stands in the document's head. */
export class MongoSnapshots {
  #parts: Collection<PartRecord>;

  constructor(parts: Collection<PartRecord>) {
    this.#parts = parts;
  }

  /** @throws Error when a part is missing */
  async read(document: string, seq: number, parts: number): Promise<Snapshot> {
    const range = { $gte: partKey(document, seq, 0), $lte: partKey(document, seq, parts - 1) };
    const found = await this.#parts.find({ _id: range }, { ...reading, sort: { _id: 1 } }).toArray();
    const [first] = found;
    if (first === undefined || found.length !== parts) throw new Error('snapshot is not whole');
    const bytes =
      parts === 1 ? asBytes(first.bytes) : asBytes(Buffer.concat(found.map((part) => part.bytes)));
    return { seq, at: first.at, ...decodeSnapshot(bytes) };
  }

  /** @see LiveStorage.snapshotBefore */
  async before(document: string, seq: number): Promise<Snapshot | null> {
    const range = { $gte: partKey(document, 0, 0), $lte: partKey(document, seq, 9_999) };
    const options = { sort: { _id: -1 as const }, projection: { of: 1 } };
    const last = await this.#parts.findOne({ _id: range }, options);
    if (last === null) return null;
    const found = numberOfKey(last._id);
    // One whose last part was never written is what a crash left behind.
    const isWhole = last._id === partKey(document, found, last.of - 1);
    return isWhole ? this.read(document, found, last.of) : this.before(document, found - 1);
  }

  /** Writes the parts. @returns how many, and their size */
  async write(document: string, snapshot: Snapshot): Promise<{ parts: number; bytes: number }> {
    const bytes = Buffer.concat(encodeSnapshot(snapshot));
    const parts = Math.ceil(bytes.length / partBytes);
    for (let index = 0; index < parts; index += 1) {
      const part = bytes.subarray(index * partBytes, (index + 1) * partBytes);
      const fields = { at: snapshot.at, of: parts, bytes: asBinary(part) };
      const _id = partKey(document, snapshot.seq, index);
      await this.#parts.replaceOne({ _id }, fields, { upsert: true, ...durable });
    }
    return { parts, bytes: bytes.length };
  }

  /** Removes what lies between the last kept snapshot and one that must stay: the one before it, and leftovers. */
  async removeBetween(document: string, kept: number, seq: number): Promise<void> {
    const range = { $gt: partKey(document, kept, 9_999), $lt: partKey(document, seq, 0) };
    await this.#parts.deleteMany({ _id: range }, durable);
  }

  /** Removes every snapshot of a document. */
  async removeAll(document: string): Promise<void> {
    await this.#parts.deleteMany(
      { _id: { $gte: numberKey(document, 0), $lt: endOfKeys(document) } },
      durable,
    );
  }
}

/** Whether the snapshot that was the last one until now stays. @param kept - number of the one kept before it */
export function isKept({ seq, bytes }: NonNullable<HeadRecord['snapshot']>, kept: number): boolean {
  return seq - kept >= Math.max(keptEvery, bytes / keptBytesPerNumber);
}

function partKey(document: string, seq: number, index: number): string {
  return `${numberKey(document, seq)}#${String(index).padStart(4, '0')}`;
}
