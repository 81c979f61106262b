/** The room partners on the server. */
import type { ServerRoom } from '#server/base/room.ts';
import { partnersRoutes } from '#server/partners/routes.ts';

export const partnersRoom: ServerRoom = { name: 'partners', routes: partnersRoutes };
