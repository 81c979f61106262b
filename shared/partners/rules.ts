/** Pure decisions of partners: who may do what in a relationship, and which state follows which. */
import type { RelationshipRole, RelationshipState } from '#shared/partners/shape.ts';

const transitions: Record<RelationshipState, readonly RelationshipState[]> = {
  active: ['paused', 'exiting'],
  paused: ['active', 'exiting'],
  exiting: ['ended'],
  ended: [],
};

/** Whether a relationship may go from one state to the next (PA11). */
export function mayBecome(from: RelationshipState, to: RelationshipState): boolean {
  return transitions[from].includes(to);
}

/** Leads change the relationship itself: its name, state and the roles of their own side. */
export function mayLead(role: RelationshipRole): boolean {
  return role === 'lead';
}

/** Leads and editors write plans while the relationship is active or on its way out. */
export function mayEditContent(role: RelationshipRole, state: RelationshipState): boolean {
  return (role === 'lead' || role === 'editor') && (state === 'active' || state === 'exiting');
}
