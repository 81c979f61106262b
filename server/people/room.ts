/** The room people on the server. */
import type { ServerRoom } from '#server/base/room.ts';
import { peopleRoutes } from '#server/people/routes.ts';

export const peopleRoom: ServerRoom = { name: 'people', routes: peopleRoutes };
