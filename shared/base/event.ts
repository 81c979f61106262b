/** Events a room sends over the socket after a command; each carries the whole presented thing, so nobody refetches. */
import type { z } from 'zod';

/** One event: `room.pastTense`, and the shape of what it carries. */
export interface RoomEvent<Payload extends z.ZodType = z.ZodType> {
  name: string;
  payload: Payload;
}

/** Keeps the exact shape of an event; adds nothing. */
export function defineEvent<Payload extends z.ZodType>(name: string, payload: Payload): RoomEvent<Payload> {
  return { name, payload };
}
