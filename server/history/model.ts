/** Mongoose model of named versions; private to the room. The past itself is in the logs. */
import mongoose, { Schema } from 'mongoose';
import type { Side } from '#shared/base/audience.ts';

/** One named moment of one subject. */
export interface VersionRecord {
  _id: string;
  kind: string;
  subjectId: string;
  name: string;
  at: Date;
  createdAt: Date;
  memberId: string;
  side: Side;
}

const text = { type: String, required: true } as const;
const moment = { type: Date, required: true } as const;

const versionSchema = new Schema<VersionRecord>(
  {
    _id: text,
    kind: text,
    subjectId: text,
    name: text,
    at: moment,
    createdAt: moment,
    memberId: text,
    side: { type: String, required: true, enum: ['buyer', 'supplier'] },
  },
  { collection: 'versions', strict: 'throw', versionKey: false },
);
versionSchema.index({ kind: 1, subjectId: 1, at: -1 });

export const VersionModel = mongoose.model<VersionRecord>('Version', versionSchema);
