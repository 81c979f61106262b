/** Snapshots of all documents in MongoDB, in parts, because a record holds 16 MB at most. */
import type { Collection } from 'mongoose';
import { numberKey, type PartRecord } from '#server/base/live/log/model.ts';
import { asBinary, asBytes, durable, reading } from '#server/base/live/log/mongo-log.ts';
import { decodeSnapshot, encodeSnapshot } from '#server/base/live/log/snapshot-bytes.ts';
import type { Snapshot } from '#server/base/live/log/storage.ts';

const partBytes = 4 * 1024 * 1024;

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

  /** Writes the parts. @returns how many */
  async write(document: string, snapshot: Snapshot): Promise<number> {
    const bytes = Buffer.concat(encodeSnapshot(snapshot));
    const parts = Math.ceil(bytes.length / partBytes);
    for (let index = 0; index < parts; index += 1) {
      const part = bytes.subarray(index * partBytes, (index + 1) * partBytes);
      const fields = { at: snapshot.at, bytes: asBinary(part) };
      const _id = partKey(document, snapshot.seq, index);
      await this.#parts.replaceOne({ _id }, fields, { upsert: true, ...durable });
    }
    return parts;
  }

  /** Removes earlier snapshots, and what an interrupted writing of one left behind. */
  async removeBefore(document: string, seq: number): Promise<void> {
    const range = { $gte: partKey(document, 0, 0), $lt: partKey(document, seq, 0) };
    await this.#parts.deleteMany({ _id: range }, durable);
  }
}

function partKey(document: string, seq: number, index: number): string {
  return `${numberKey(document, seq)}#${String(index).padStart(4, '0')}`;
}
