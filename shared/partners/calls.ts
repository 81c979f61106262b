/** The HTTP contract of partners. */
import { z } from 'zod';
import { sideShape } from '#shared/base/audience.ts';
import { defineCall } from '#shared/base/call.ts';
import { defineEvent } from '#shared/base/event.ts';
import { idShape } from '#shared/base/ids.ts';
import { textLength } from '#shared/base/units.ts';
import {
  participantShape,
  partnerInvitationShape,
  partnerOfferShape,
  relationshipRoleShape,
  relationshipShape,
  relationshipStateShape,
} from '#shared/partners/shape.ts';
import { emailShape, nameShape, secretShape } from '#shared/people/shape.ts';

const nothing = z.strictObject({});

/** Relationships one takes part in, by name; [] for a new company. */
export const listRelationships = defineCall({
  name: 'partners.listRelationships',
  method: 'GET',
  path: '/api/partners/relationships',
  access: 'member',
  input: nothing,
  output: z.array(relationshipShape),
});

/** One relationship with its people. @throws thing.absent when one does not take part */
export const getRelationship = defineCall({
  name: 'partners.getRelationship',
  method: 'GET',
  path: '/api/partners/relationships/:relationshipId',
  access: 'member',
  input: z.strictObject({ relationshipId: idShape }),
  output: z.strictObject({ relationship: relationshipShape, participants: z.array(participantShape) }),
});

/** Pauses, resumes, begins or completes the exit; leads of either side. @throws partners.wrongState */
export const changeRelationshipState = defineCall({
  name: 'partners.changeRelationshipState',
  method: 'POST',
  path: '/api/partners/relationships/:relationshipId/state',
  access: 'member',
  input: z.strictObject({ relationshipId: idShape, state: relationshipStateShape }),
  output: relationshipShape,
});

/** Adds or changes the role of a member of one's own company; leads only. */
export const setParticipant = defineCall({
  name: 'partners.setParticipant',
  method: 'PUT',
  path: '/api/partners/relationships/:relationshipId/participants/:memberId',
  access: 'member',
  input: z.strictObject({ relationshipId: idShape, memberId: idShape, role: relationshipRoleShape }),
  output: participantShape,
});

/** Takes a member of one's own company out of the relationship; leads only. @throws people.lastAdmin for the last lead */
export const removeParticipant = defineCall({
  name: 'partners.removeParticipant',
  method: 'DELETE',
  path: '/api/partners/relationships/:relationshipId/participants/:memberId',
  access: 'member',
  input: z.strictObject({ relationshipId: idShape, memberId: idShape }),
  output: nothing,
});

/** Invites a partner company by address; company admins only. `link` is null when the server sent the mail. */
export const invitePartner = defineCall({
  name: 'partners.invitePartner',
  method: 'POST',
  path: '/api/partners/invitations',
  access: 'member',
  pace: 'strict',
  input: z.strictObject({
    relationshipName: nameShape,
    purpose: z.string().trim().max(textLength),
    offeredSide: sideShape,
    email: emailShape,
  }),
  output: z.strictObject({ invitation: partnerInvitationShape, link: z.string().nullable() }),
});

/** Invitations one's company has sent, newest first. */
export const listPartnerInvitations = defineCall({
  name: 'partners.listPartnerInvitations',
  method: 'GET',
  path: '/api/partners/invitations',
  access: 'member',
  input: nothing,
  output: z.array(partnerInvitationShape),
});

export const revokePartnerInvitation = defineCall({
  name: 'partners.revokePartnerInvitation',
  method: 'DELETE',
  path: '/api/partners/invitations/:invitationId',
  access: 'member',
  input: z.strictObject({ invitationId: idShape }),
  output: nothing,
});

/** What the link offers. @throws partners.invitationInvalid: unknown, used, expired, revoked alike */
export const readPartnerInvitation = defineCall({
  name: 'partners.readPartnerInvitation',
  method: 'POST',
  path: '/api/partners/invitations/read',
  access: 'anyone',
  pace: 'strict',
  input: z.strictObject({ secret: secretShape }),
  output: partnerOfferShape,
});

/**
 * Accepts as the signed-in company; the member's address must be the invited one and the member an admin.
 * @throws partners.invitationInvalid, partners.ownCompany, partners.alreadyPartners (same name and sides)
 */
export const acceptPartnerInvitation = defineCall({
  name: 'partners.acceptPartnerInvitation',
  method: 'POST',
  path: '/api/partners/invitations/accept',
  access: 'member',
  pace: 'strict',
  input: z.strictObject({ secret: secretShape }),
  output: relationshipShape,
});

/** Declines; the link is spent. */
export const declinePartnerInvitation = defineCall({
  name: 'partners.declinePartnerInvitation',
  method: 'POST',
  path: '/api/partners/invitations/decline',
  access: 'anyone',
  pace: 'strict',
  input: z.strictObject({ secret: secretShape }),
  output: nothing,
});

/** An invitation was accepted or declined; the whole inviting company gets it, since all its members may list it. */
export const partnerInvitationAnswered = defineEvent(
  'partners.partnerInvitationAnswered',
  partnerInvitationShape,
);

/** A relationship began or changed; each side gets it as that side sees it. */
export const relationshipChanged = defineEvent('partners.relationshipChanged', relationshipShape);

/** A person was taken out of a relationship; sent to that person alone. */
export const relationshipLeft = defineEvent(
  'partners.relationshipLeft',
  z.strictObject({ relationshipId: idShape }),
);
