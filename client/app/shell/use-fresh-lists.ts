/** Keeps lists fresh in the frame: what changes arrives whole, so nothing is asked again, except after a lost connection. */
import { useReconnected, useRoomEvent } from '#client/base/live/use-room-event.ts';
import {
  applyInvitation,
  applyRelationship,
  applyRelationshipLeft,
  refreshPartners,
} from '#client/partners/api.ts';
import { applyPlan, refreshPlans } from '#client/plans/api.ts';
import { partnerInvitationAnswered, relationshipChanged, relationshipLeft } from '#shared/partners/calls.ts';
import { planChanged } from '#shared/plans/calls.ts';

/** Stands once. Events of a time without connection are not repeated, hence the asking after it. */
export function useFreshLists(): void {
  useRoomEvent(relationshipChanged, applyRelationship);
  useRoomEvent(relationshipLeft, applyRelationshipLeft);
  useRoomEvent(partnerInvitationAnswered, applyInvitation);
  useRoomEvent(planChanged, applyPlan);
  useReconnected(() => {
    void refreshPartners();
    void refreshPlans();
  });
}
