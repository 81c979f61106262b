/** Mongoose models of live documents; private to the live engine. Each key begins with the document's name. */
import mongoose, { Schema } from 'mongoose';

/** That a document exists, and where its snapshot is. `_id` is the document's name. */
export interface HeadRecord {
  _id: string;
  kind: 'head';
  epoch: string;
  /** Null before the first one. `tail` is the number of the record to read on from. */
  snapshot: { seq: number; parts: number; tail: number } | null;
  /** When the log is to be compacted; absent until a snapshot is made. */
  compactAt?: Date;
  /** Number up to which it is; absent before. */
  compacted?: number;
}

/** Whose a client id is under which nothing may have been written yet. `_id` is `<document>#owner#<client id>`. */
export interface OwnerRecord {
  _id: string;
  kind: 'owner';
  clientId: number;
  memberId: string;
  at: Date;
}

/** All that `live_documents` holds. */
export type DocumentRecord = HeadRecord | OwnerRecord;

/** A part of a snapshot, because a record holds 16 MB at most. `_id` is `<document>#<seq>#<index>`. */
export interface PartRecord {
  _id: string;
  /** Moment of the entry `seq`. */
  at: Date;
  bytes: Uint8Array;
}

/**
 * One durable batch, or a merged stretch, of one document. `_id` is `<document>#<first>`, so that no number is given
 * twice and one index serves order, range and uniqueness.
 */
export interface BatchRecord {
  _id: string;
  last: number;
  /** Moment of its last entry. */
  to: Date;
  /** @see batch-bytes.ts */
  bytes: Uint8Array;
}

/** Digits of a number within a key, so that keys sort as numbers do. */
const digits = 10;

/** Key of a document's records from a number on. */
export function numberKey(document: string, seq: number): string {
  return `${document}#${String(seq).padStart(digits, '0')}`;
}

/** The number within a key. */
export function numberOfKey(key: string): number {
  const begin = key.indexOf('#') + 1;
  return Number(key.slice(begin, begin + digits));
}

/** The document within a key. */
export function documentOfKey(key: string): string {
  return key.slice(0, key.indexOf('#'));
}

/** After every key of a document that holds a number or a word. */
export function endOfKeys(document: string): string {
  return `${document}#~`;
}

const options = { strict: 'throw', versionKey: false } as const;
const text = { type: String, required: true } as const;
const count = { type: Number, required: true } as const;
const moment = { type: Date, required: true } as const;
const binary = { type: Buffer, required: true } as const;

const documentSchema = new Schema(
  {
    _id: text,
    kind: { type: String, required: true, enum: ['head', 'owner'] },
    epoch: String,
    snapshot: { type: Schema.Types.Mixed },
    compactAt: Date,
    compacted: Number,
    clientId: Number,
    memberId: String,
    at: Date,
  },
  { ...options, collection: 'live_documents' },
);
documentSchema.index({ compactAt: 1 }, { sparse: true });

const partSchema = new Schema(
  { _id: text, at: moment, bytes: binary },
  { ...options, collection: 'live_snapshots' },
);

const batchSchema = new Schema(
  { _id: text, last: count, to: moment, bytes: binary },
  { ...options, collection: 'live_batches' },
);

/** Heads and owners. */
export const LiveDocumentModel = mongoose.model('LiveDocument', documentSchema);

/** Snapshots of all documents. */
export const LiveSnapshotModel = mongoose.model('LiveSnapshot', partSchema);

/** The log of all documents. */
export const LiveBatchModel = mongoose.model('LiveBatch', batchSchema);
