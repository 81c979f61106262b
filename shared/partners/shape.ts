/** Partners: relationships between a buyer and a supplier company, and the invitations that begin them. */
import { z } from 'zod';
import { sideShape } from '#shared/base/audience.ts';
import { idShape } from '#shared/base/ids.ts';
import { isoInstantShape } from '#shared/base/time.ts';
import { textLength } from '#shared/base/units.ts';
import { companyShape, nameShape, partnerMemberShape } from '#shared/people/shape.ts';

/** Life of a relationship. `invited` lives as an invitation until the other accepts. */
export const relationshipStateShape = z.enum(['active', 'paused', 'exiting', 'ended']);
export type RelationshipState = z.infer<typeof relationshipStateShape>;

/** Role of one member in one relationship. */
export const relationshipRoleShape = z.enum(['lead', 'editor', 'contributor', 'viewer']);
export type RelationshipRole = z.infer<typeof relationshipRoleShape>;

/** A person of a relationship with their side and role. */
export const participantShape = z.strictObject({
  member: partnerMemberShape,
  side: sideShape,
  role: relationshipRoleShape,
});
export type Participant = z.infer<typeof participantShape>;

/** One relationship as one of its participants sees it. */
export const relationshipShape = z.strictObject({
  id: idShape,
  /** The workspace's name, shared by both companies. */
  name: nameShape,
  purpose: z.string().max(textLength),
  state: relationshipStateShape,
  buyer: companyShape,
  supplier: companyShape,
  /** The reader's own side and role. */
  side: sideShape,
  role: relationshipRoleShape,
  since: isoInstantShape,
});
export type Relationship = z.infer<typeof relationshipShape>;

/** An invitation to a relationship, as the inviting company lists it. */
export const partnerInvitationShape = z.strictObject({
  id: idShape,
  relationshipName: nameShape,
  purpose: z.string().max(textLength),
  /** The side offered to the invited company. */
  offeredSide: sideShape,
  email: z.string(),
  invitedBy: nameShape,
  state: z.enum(['open', 'accepted', 'declined', 'revoked', 'expired']),
  createdAt: isoInstantShape,
  expiresAt: isoInstantShape,
});
export type PartnerInvitation = z.infer<typeof partnerInvitationShape>;

/** Exactly what is offered and by whom, as the holder of the link sees it before accepting. */
export const partnerOfferShape = z.strictObject({
  relationshipName: nameShape,
  purpose: z.string(),
  fromCompany: nameShape,
  fromPerson: nameShape,
  offeredSide: sideShape,
  email: z.string(),
  expiresAt: isoInstantShape,
});
export type PartnerOffer = z.infer<typeof partnerOfferShape>;
