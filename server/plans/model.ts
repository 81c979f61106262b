/** Mongoose model of plans; private to the room. What a plan holds lives in its documents, not here. */
import mongoose, { Schema } from 'mongoose';
import { guardRights } from '#server/base/rights-revision.ts';

/** One plan of one relationship. */
export interface PlanRecord {
  _id: string;
  relationshipId: string;
  name: string;
  state: 'active' | 'archived';
  createdById: string;
  /** The maker's name at that moment. */
  createdByName: string;
  createdAt: Date;
  /** Last stored edit of any of its documents; null before the first. */
  editedAt: Date | null;
  /** How often its name or state was changed; missing in plans made before changes were counted. */
  revision?: number;
}

const text = { type: String, required: true } as const;

const planSchema = new Schema<PlanRecord>(
  {
    _id: text,
    relationshipId: text,
    name: text,
    state: { type: String, required: true, enum: ['active', 'archived'] },
    createdById: text,
    createdByName: text,
    createdAt: { type: Date, required: true },
    editedAt: { type: Date, default: null },
    revision: { type: Number, default: 0 },
  },
  { collection: 'plans', strict: 'throw', versionKey: false },
);
guardRights(planSchema, ['relationshipId', 'state']);
planSchema.index({ relationshipId: 1 });

export const PlanModel = mongoose.model<PlanRecord>('Plan', planSchema);
