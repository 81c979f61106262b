/** Mongoose models of partners; private to the room. */
import mongoose, { Schema } from 'mongoose';
import { guardRights } from '#server/base/rights-revision.ts';
import type { Side } from '#shared/base/audience.ts';
import type { RelationshipRole, RelationshipState } from '#shared/partners/shape.ts';

/** One change of state: who did it, and when. */
export interface TransitionRecord {
  from: RelationshipState | null;
  to: RelationshipState;
  byMemberId: string;
  at: Date;
}

/** One relationship of a buyer and a supplier company. */
export interface RelationshipRecord {
  _id: string;
  name: string;
  purpose: string;
  state: RelationshipState;
  buyerId: string;
  supplierId: string;
  createdAt: Date;
  /** Every state it has been in, oldest first; never rewritten. */
  transitions: TransitionRecord[];
  /** Rises with every change of its leads, so that two such changes at once cannot both pass. */
  revision: number;
}

/** One person in one relationship; their side is their company's. */
export interface ParticipantRecord {
  _id: string;
  relationshipId: string;
  memberId: string;
  side: Side;
  role: RelationshipRole;
  addedAt: Date;
}

/** An invitation to a relationship; only the hash of its secret is kept. */
export interface PartnerInvitationRecord {
  _id: string;
  companyId: string;
  invitedById: string;
  relationshipName: string;
  purpose: string;
  offeredSide: Side;
  email: string;
  secretHash: string;
  state: 'open' | 'accepted' | 'declined' | 'revoked';
  createdAt: Date;
  expiresAt: Date;
}

const options = { strict: 'throw', versionKey: false } as const;
const text = { type: String, required: true } as const;
const moment = { type: Date, required: true } as const;
const side = { type: String, required: true, enum: ['buyer', 'supplier'] } as const;
const states = ['active', 'paused', 'exiting', 'ended'] as const;

const transitionSchema = new Schema<TransitionRecord>(
  { from: { type: String, enum: [...states, null] }, to: text, byMemberId: text, at: moment },
  { _id: false, strict: 'throw' },
);

const relationshipSchema = new Schema<RelationshipRecord>(
  {
    _id: text,
    name: text,
    purpose: { type: String },
    state: { type: String, required: true, enum: states },
    buyerId: text,
    supplierId: text,
    createdAt: moment,
    transitions: { type: [transitionSchema], required: true },
    revision: { type: Number, required: true },
  },
  { ...options, collection: 'relationships' },
);
guardRights(relationshipSchema, ['state', 'buyerId', 'supplierId']);
relationshipSchema.index({ buyerId: 1, supplierId: 1, name: 1 }, { unique: true });

const participantSchema = new Schema<ParticipantRecord>(
  {
    _id: text,
    relationshipId: text,
    memberId: text,
    side,
    role: { type: String, required: true, enum: ['lead', 'editor', 'contributor', 'viewer'] },
    addedAt: moment,
  },
  { ...options, collection: 'participants' },
);
guardRights(participantSchema, ['relationshipId', 'memberId', 'side', 'role']);
participantSchema.index({ relationshipId: 1, memberId: 1 }, { unique: true });
participantSchema.index({ memberId: 1 });

const partnerInvitationSchema = new Schema<PartnerInvitationRecord>(
  {
    _id: text,
    companyId: text,
    invitedById: text,
    relationshipName: text,
    purpose: { type: String },
    offeredSide: side,
    email: text,
    secretHash: text,
    state: { type: String, required: true, enum: ['open', 'accepted', 'declined', 'revoked'] },
    createdAt: moment,
    expiresAt: moment,
  },
  { ...options, collection: 'partnerinvitations' },
);
partnerInvitationSchema.index({ secretHash: 1 }, { unique: true });
partnerInvitationSchema.index({ companyId: 1 });

export const RelationshipModel = mongoose.model<RelationshipRecord>('Relationship', relationshipSchema);
export const ParticipantModel = mongoose.model<ParticipantRecord>('Participant', participantSchema);
export const PartnerInvitationModel = mongoose.model<PartnerInvitationRecord>(
  'PartnerInvitation',
  partnerInvitationSchema,
);
