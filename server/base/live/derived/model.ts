/** Mongoose models of derived records and quarantines; private to the live engine. */
import mongoose, { Schema } from 'mongoose';
import type { Quarantine, Release } from '#server/base/live/derived/derived-store.ts';

/** A subject's record; `_id` is the subject. `revision` is 0, and the rest empty, before it was derived. */
export interface DerivedDocument {
  _id: string;
  kind: string;
  revision: number;
  version: number;
  states: { document: string; epoch: string; seq: number }[];
  at: Date | null;
  value: unknown;
  isOpen: boolean;
}

/** A quarantine; `_id` is made of document and life, so that past ones stay. */
export interface QuarantineDocument extends Quarantine {
  _id: string;
  /** null while it stands. */
  released: Release | null;
}

const options = { strict: 'throw', versionKey: false, minimize: false } as const;
const text = { type: String, required: true } as const;
const count = { type: Number, required: true } as const;

const derivedSchema = new Schema<DerivedDocument>(
  {
    _id: text,
    kind: text,
    revision: count,
    version: count,
    states: { type: Schema.Types.Mixed, required: true },
    at: { type: Date, default: null },
    value: { type: Schema.Types.Mixed, default: null },
    isOpen: { type: Boolean, required: true },
  },
  { ...options, collection: 'live_derived' },
);
derivedSchema.index({ isOpen: 1 });
derivedSchema.index({ kind: 1, version: 1 });

const quarantineSchema = new Schema<QuarantineDocument>(
  {
    _id: text,
    document: text,
    subject: text,
    epoch: text,
    goodSeq: count,
    badSeq: count,
    fault: { type: String, required: true, enum: ['time', 'memory', 'threw'] },
    since: { type: Date, required: true },
    released: { type: Schema.Types.Mixed, default: null },
  },
  { ...options, collection: 'live_quarantines' },
);

quarantineSchema.index({ document: 1 });

/** Records of all subjects. */
export const DerivedModel = mongoose.model<DerivedDocument>('LiveDerived', derivedSchema);

/** Quarantines, those that are over included. */
export const QuarantineModel = mongoose.model<QuarantineDocument>('LiveQuarantine', quarantineSchema);
