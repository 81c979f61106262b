/** Keeps what is shown of relationships fresh: every change arrives as the whole relationship, so nothing is asked again. */
import { useReconnected, useRoomEvent } from '#client/base/live/use-room-event.ts';
import { applyRelationship, refreshPartners } from '#client/partners/api.ts';
import { relationshipChanged } from '#shared/partners/calls.ts';

/** Stands once, in the frame. After a lost connection all is asked once, because events are not repeated. */
export function usePartnerEvents(): void {
  useRoomEvent(relationshipChanged, applyRelationship);
  useReconnected(() => void refreshPartners());
}
