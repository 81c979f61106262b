/** Mongoose models of people; private to the room. */
import mongoose, { Schema } from 'mongoose';
import { guardRights } from '#server/base/rights-revision.ts';
import type { CompanyRole } from '#shared/people/shape.ts';

/** One company. */
export interface CompanyRecord {
  _id: string;
  name: string;
  createdAt: Date;
  /** Rises with every change of its admins, so that two such changes at once cannot both pass. */
  revision: number;
}

/** One person in one company. Removed members stay, inactive, so that history keeps its authors. */
export interface MemberRecord {
  _id: string;
  companyId: string;
  name: string;
  /** Trimmed, lower case; unique among active members of all companies. */
  email: string;
  role: CompanyRole;
  passwordHash: string;
  active: boolean;
  joinedAt: Date;
}

/**
 * One sign-in, and its line of refresh tokens. A token is derived from `salt` and `generation` with the hub's
 * secret, so nothing here can be used as one. Ending a session deletes it.
 */
export interface SessionRecord {
  _id: string;
  memberId: string;
  salt: string;
  /** The newest token's number; 0 for the one given at sign-in. */
  generation: number;
  rotatedAt: Date;
  device: string;
  createdAt: Date;
  lastSeenAt: Date;
}

/** An invitation of a colleague; only the hash of its secret is kept. */
export interface ColleagueInvitationRecord {
  _id: string;
  companyId: string;
  email: string;
  role: CompanyRole;
  invitedById: string;
  secretHash: string;
  state: 'open' | 'accepted' | 'revoked';
  createdAt: Date;
  expiresAt: Date;
}

const options = { strict: 'throw', versionKey: false } as const;
const text = { type: String, required: true } as const;
const moment = { type: Date, required: true } as const;
const role = { type: String, required: true, enum: ['admin', 'member'] } as const;

const companySchema = new Schema<CompanyRecord>(
  { _id: text, name: text, createdAt: moment, revision: { type: Number, required: true } },
  { ...options, collection: 'companies' },
);

guardRights(companySchema, ['name']);

const memberSchema = new Schema<MemberRecord>(
  {
    _id: text,
    companyId: text,
    name: text,
    email: text,
    role,
    passwordHash: text,
    active: { type: Boolean, required: true },
    joinedAt: moment,
  },
  { ...options, collection: 'members' },
);
guardRights(memberSchema, ['companyId', 'name', 'role', 'active']);
memberSchema.index({ email: 1 }, { unique: true, partialFilterExpression: { active: true } });
memberSchema.index({ companyId: 1 });

const sessionSchema = new Schema<SessionRecord>(
  {
    _id: text,
    memberId: text,
    salt: text,
    generation: { type: Number, required: true },
    rotatedAt: moment,
    device: { type: String },
    createdAt: moment,
    lastSeenAt: moment,
  },
  { ...options, collection: 'sessions' },
);
// Using a session makes it last longer, which takes nothing from anybody.
guardRights(sessionSchema, ['memberId', 'createdAt']);
sessionSchema.index({ memberId: 1 });

const colleagueInvitationSchema = new Schema<ColleagueInvitationRecord>(
  {
    _id: text,
    companyId: text,
    email: text,
    role,
    invitedById: text,
    secretHash: text,
    state: { type: String, required: true, enum: ['open', 'accepted', 'revoked'] },
    createdAt: moment,
    expiresAt: moment,
  },
  { ...options, collection: 'colleagueinvitations' },
);
colleagueInvitationSchema.index({ secretHash: 1 }, { unique: true });
colleagueInvitationSchema.index({ companyId: 1, state: 1 });

export const CompanyModel = mongoose.model<CompanyRecord>('Company', companySchema);
export const MemberModel = mongoose.model<MemberRecord>('Member', memberSchema);
export const SessionModel = mongoose.model<SessionRecord>('Session', sessionSchema);
export const ColleagueInvitationModel = mongoose.model<ColleagueInvitationRecord>(
  'ColleagueInvitation',
  colleagueInvitationSchema,
);
