/** The room plans on the server: the joint plans of a relationship. */
import type { ServerRoom } from '#server/base/room.ts';
import { planKind, planNoteKind, planSubject } from '#server/plans/live.ts';
import { planRoutes } from '#server/plans/routes.ts';

export const plansRoom: ServerRoom = {
  name: 'plans',
  routes: planRoutes,
  liveKinds: (hub) => [planKind(hub), planNoteKind(hub)],
  liveSubjects: (hub) => [planSubject(hub)],
};
