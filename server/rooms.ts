/** The rooms of the hub, in order: the only file on the server that knows them all. */
import type { Actor } from '#server/base/actor.ts';
import type { Authenticate } from '#server/base/http.ts';
import type { Hub } from '#server/base/hub.ts';
import type { RightsFollower } from '#server/base/rights-follower.ts';
import type { ServerRoom } from '#server/base/room.ts';
import { demoRoom } from '#server/demo/room.ts';
import { historyRoom } from '#server/history/room.ts';
import { partnersRoom } from '#server/partners/room.ts';
import { createAuthenticate, findActor } from '#server/people/queries.ts';
import { peopleRoom } from '#server/people/room.ts';
import { plansRoom } from '#server/plans/room.ts';

/**
 * How a request or socket finds its actor; people know sessions, the hub's ground does not.
 * @param follower - lets an actor be believed for longer than a second; for sockets, whose hub looks at it all the time
 */
export function authenticateFor(hub: Hub, follower: RightsFollower | null = null): Authenticate {
  return createAuthenticate(hub, follower);
}

/** Who a session is of, for connections that have outlived their access token; null when it is over. */
export function actorFinderFor(hub: Hub): (sessionId: string) => Promise<Actor | null> {
  return (sessionId) => findActor(hub, sessionId);
}

/** A room may enter the rooms to its left, never one to its right. */
export const rooms: readonly ServerRoom[] = [peopleRoom, partnersRoom, historyRoom, plansRoom, demoRoom];
