/** Mongoose models of live documents; private to the live engine. The log is only ever added to. */
import mongoose, { Schema } from 'mongoose';
import type { Side } from '#shared/base/audience.ts';

/** A document's first record: that it exists, and where its snapshot is. `_id` is the document's name. */
export interface HeadRecord {
  _id: string;
  document: string;
  kind: 'head';
  epoch: string;
  /** `clocks` is the state vector, pairs of client id and next clock; null before the first snapshot. */
  snapshot: { seq: number; at?: Date; parts: number; clocks: [clientId: number, clock: number][] } | null;
}

/** Whose a client id is. */
export interface OwnerRecord {
  _id: string;
  document: string;
  kind: 'owner';
  clientId: number;
  memberId: string;
  at: Date;
}

/** A part of the snapshot at `seq`, because a record holds 16 MB at most. */
export interface PartRecord {
  _id: string;
  document: string;
  kind: 'part';
  seq: number;
  index: number;
  bytes: Uint8Array;
}

/** All that `live_documents` holds; the records of one document share its name. */
export type DocumentRecord = HeadRecord | OwnerRecord | PartRecord;

/** One update inside a batch; `clocks` as [client id, from, to). */
export interface EntryRecord {
  update: Uint8Array;
  memberId: string;
  side: Side;
  at: Date;
  clocks: [clientId: number, from: number, to: number][];
}

/** One durable batch of one document. `_id` is made of document and `first`, so that no number is given twice. */
export interface BatchRecord {
  _id: string;
  document: string;
  first: number;
  last: number;
  entries: EntryRecord[];
}

const options = { strict: 'throw', versionKey: false } as const;
const text = { type: String, required: true } as const;
const count = { type: Number, required: true } as const;

const documentSchema = new Schema(
  {
    _id: text,
    document: text,
    kind: { type: String, required: true, enum: ['head', 'owner', 'part'] },
    epoch: String,
    snapshot: { type: Schema.Types.Mixed },
    clientId: Number,
    memberId: String,
    at: Date,
    seq: Number,
    index: Number,
    bytes: Buffer,
  },
  { ...options, collection: 'live_documents' },
);
documentSchema.index({ document: 1 });

const logSchema = new Schema(
  {
    _id: text,
    document: text,
    first: count,
    last: count,
    entries: { type: [Schema.Types.Mixed], required: true },
  },
  { ...options, collection: 'live_log' },
);
logSchema.index({ document: 1, last: 1 }, { unique: true });

/** Heads, owners and snapshots. */
export const LiveDocumentModel = mongoose.model('LiveDocument', documentSchema);

/** The log of all documents. */
export const LiveLogModel = mongoose.model('LiveLog', logSchema);
