/** Routes of partners: one line per call. */
import { type Route, route } from '#server/base/http.ts';
import type { Hub } from '#server/base/hub.ts';
import { changeRelationshipState, removeParticipant, setParticipant } from '#server/partners/commands.ts';
import {
  acceptPartnerInvitation,
  declinePartnerInvitation,
  invitePartner,
  listPartnerInvitations,
  readPartnerInvitation,
  revokePartnerInvitation,
} from '#server/partners/invitations.ts';
import { getRelationship, listRelationships } from '#server/partners/queries.ts';
import * as calls from '#shared/partners/calls.ts';

/** Every call of partners. */
export function partnersRoutes(hub: Hub): Route[] {
  return [
    route(calls.listRelationships, (_input, { actor }) => listRelationships(hub, actor)),
    route(calls.getRelationship, (input, { actor }) => getRelationship(hub, actor, input)),
    route(calls.changeRelationshipState, (input, { actor }) => changeRelationshipState(hub, actor, input)),
    route(calls.setParticipant, (input, { actor }) => setParticipant(hub, actor, input)),
    route(calls.removeParticipant, async (input, { actor }) => {
      await removeParticipant(hub, actor, input);
      return {};
    }),
    route(calls.invitePartner, (input, { actor }) => invitePartner(hub, actor, input)),
    route(calls.listPartnerInvitations, (_input, { actor }) => listPartnerInvitations(hub, actor)),
    route(calls.revokePartnerInvitation, async (input, { actor }) => {
      await revokePartnerInvitation(actor, input);
      return {};
    }),
    route(calls.readPartnerInvitation, (input) => readPartnerInvitation(hub, input)),
    route(calls.acceptPartnerInvitation, (input, { actor }) => acceptPartnerInvitation(hub, actor, input)),
    route(calls.declinePartnerInvitation, async (input) => {
      await declinePartnerInvitation(hub, input);
      return {};
    }),
  ];
}
