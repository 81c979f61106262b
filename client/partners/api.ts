/** Reads of partners through the cache, and how answers and events are put into it. */
import { useQuery } from '@tanstack/react-query';
import { cache } from '#client/base/cache.ts';
import { callHub } from '#client/base/http.ts';
import type { CallOutput } from '#shared/base/call.ts';
import { getRelationship, listPartnerInvitations, listRelationships } from '#shared/partners/calls.ts';
import type { PartnerInvitation, Relationship } from '#shared/partners/shape.ts';

/** A relationship with the people of both sides. */
export type RelationshipView = CallOutput<typeof getRelationship>;

const listKey = ['partners', 'relationships'] as const;
const invitationsKey = ['partners', 'invitations'] as const;
const viewKey = (relationshipId: string) => ['partners', 'relationship', relationshipId] as const;

/** Relationships one takes part in, by name; [] for a new company. */
export function useRelationships() {
  return useQuery({ queryKey: listKey, queryFn: () => callHub(listRelationships, {}) });
}

/** One relationship with its people; the error is `thing.absent` when one does not take part. */
export function useRelationship(relationshipId: string) {
  return useQuery({
    queryKey: viewKey(relationshipId),
    queryFn: () => callHub(getRelationship, { relationshipId }),
  });
}

/** Invitations one's company has sent, newest first. */
export function usePartnerInvitations() {
  return useQuery({ queryKey: invitationsKey, queryFn: () => callHub(listPartnerInvitations, {}) });
}

/**
 * Puts a relationship, as told by an answer or an event, into every place that shows it. One that is new to the list
 * began by an accepted invitation, so the invitations are asked again.
 */
export function applyRelationship(relationship: Relationship): void {
  const known = cache.getQueryData<Relationship[]>(listKey)?.some(({ id }) => id === relationship.id);
  cache.setQueryData<Relationship[]>(listKey, (list) => list && placeByName(list, relationship));
  cache.setQueryData<RelationshipView>(viewKey(relationship.id), (view) => view && { ...view, relationship });
  if (known === false) {
    void refreshInvitations();
  }
  void refreshRelationship(relationship.id);
}

/** Takes a relationship that one no longer takes part in out of the list; an open page of it asks again and says so. */
export function applyRelationshipLeft({ relationshipId }: { relationshipId: string }): void {
  cache.setQueryData<Relationship[]>(listKey, (list) => list?.filter(({ id }) => id !== relationshipId));
  void cache.resetQueries({ queryKey: viewKey(relationshipId) });
}

/** Replaces the entry of the same id, or adds it; the list stays sorted by name. */
export function placeByName(list: readonly Relationship[], relationship: Relationship): Relationship[] {
  return [...list.filter(({ id }) => id !== relationship.id), relationship].sort((one, other) =>
    one.name.localeCompare(other.name),
  );
}

/** Puts a new or changed invitation first into the list. */
export function applyInvitation(invitation: PartnerInvitation): void {
  cache.setQueryData<PartnerInvitation[]>(
    invitationsKey,
    (list) => list && [invitation, ...list.filter(({ id }) => id !== invitation.id)],
  );
}

/** Asks again for the invitations, for instance after one was withdrawn. */
export function refreshInvitations(): Promise<void> {
  return cache.invalidateQueries({ queryKey: invitationsKey });
}

/** Asks again for the list of relationships, for instance after a new one was accepted. */
export function refreshRelationships(): Promise<void> {
  return cache.invalidateQueries({ queryKey: listKey });
}

/** Asks again for everything of partners that is shown. */
export function refreshPartners(): Promise<void> {
  return cache.invalidateQueries({ queryKey: ['partners'] });
}

/** Asks again for a relationship's people. */
export function refreshRelationship(relationshipId: string): Promise<void> {
  return cache.invalidateQueries({ queryKey: viewKey(relationshipId) });
}
