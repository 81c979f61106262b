/** The rooms of the hub, in order: the only file on the server that knows them all. */
import type { ServerRoom } from '#server/base/room.ts';
import { partnersRoom } from '#server/partners/room.ts';
import { peopleRoom } from '#server/people/room.ts';
import { plansRoom } from '#server/plans/room.ts';

/** A room may enter the rooms to its left, never one to its right. */
export const rooms: readonly ServerRoom[] = [peopleRoom, partnersRoom, plansRoom];
