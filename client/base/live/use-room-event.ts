/** Events of rooms, in a component. */
import { type RefObject, useContext, useEffect, useRef } from 'react';
import type { z } from 'zod';
import { LiveContext } from '#client/base/live/live-context.ts';
import type { RoomEvent } from '#shared/base/event.ts';

/**
 * Hears an event while mounted; what does not fit its shape (a newer hub) is passed over.
 * Events of a time without connection are not repeated: fetch anew after `useReconnected`.
 */
export function useRoomEvent<Payload extends z.ZodType>(
  event: RoomEvent<Payload>,
  handler: (payload: z.output<Payload>) => void,
): void {
  const session = useContext(LiveContext);
  const latest = useLatest(handler);
  useEffect(
    () =>
      session?.onEvent(event.name, ({ payload }) => {
        const parsed = event.payload.safeParse(payload);
        if (parsed.success) latest.current(parsed.data);
      }),
    [session, event, latest],
  );
}

/** Calls back each time the connection is open again after a loss, not at the first opening. */
export function useReconnected(handler: () => void): void {
  const session = useContext(LiveContext);
  const latest = useLatest(handler);
  useEffect(() => session?.onReconnected(() => latest.current()), [session, latest]);
}

/** Lets an effect call the handler of the last render without starting anew at each render. */
function useLatest<Handler>(handler: Handler): RefObject<Handler> {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  return latest;
}
