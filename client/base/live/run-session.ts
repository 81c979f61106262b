/** Runs the live session of a signed-in member; loaded after the first paint, because Yjs and the socket come with it. */
import { createBrowserClock } from '#client/base/live/clock.ts';
import { openDeviceStore } from '#client/base/live/indexed-device-store.ts';
import { LiveSession } from '#client/base/live/live-session.ts';
import { createSocketTransport } from '#client/base/live/socket-transport.ts';
import { followTab } from '#client/base/live/tab-life.ts';
import { getAccessToken, renewAccessToken } from '#client/base/session.ts';

/** Opens the member's store, connects, and follows the tab. @returns how to end it all */
export function runSession(memberId: string, ready: (session: LiveSession) => void): () => void {
  const clock = createBrowserClock();
  let end: (() => void) | null = null;
  let ended = false;
  void openDeviceStore(memberId).then((store) => {
    if (ended) return store.close();
    const session = new LiveSession({
      transport: createSocketTransport(clock),
      store,
      clock,
      getToken: (refused) => (refused === null ? getAccessToken() : renewAccessToken(refused)),
      isOnline: () => navigator.onLine,
    });
    const stopFollowing = followTab(session, clock);
    end = () => {
      stopFollowing();
      session.stop();
      store.close();
    };
    session.start();
    ready(session);
  });
  return () => {
    ended = true;
    end?.();
  };
}
