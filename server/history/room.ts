/** The room history on the server: who wrote what and when, for whatever the rooms keep in live documents. */
import type { ServerRoom } from '#server/base/room.ts';
import { namedMoments } from '#server/history/queries.ts';
import { historyRoutes } from '#server/history/routes.ts';

export const historyRoom: ServerRoom = { name: 'history', routes: historyRoutes, keptMoments: namedMoments };
