/** Mongoose model of the demo: one record that says it is there, and who its people are; private to the room. */
import mongoose, { Schema } from 'mongoose';

/** The finished demo. */
export interface DemoRecord {
  /** Always `demo`: the second of two that were made at once is refused. */
  _id: string;
  buyerMemberId: string;
  supplierMemberId: string;
}

const text = { type: String, required: true } as const;

export const DemoModel = mongoose.model<DemoRecord>(
  'Demo',
  new Schema<DemoRecord>(
    { _id: text, buyerMemberId: text, supplierMemberId: text },
    { collection: 'demos', strict: 'throw', versionKey: false },
  ),
);
