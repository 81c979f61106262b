/** Gives the signed-in person's live session to all below; ends it at sign-out. */
import { type ReactNode, useEffect, useState } from 'react';
import { createBrowserClock } from '#client/base/live/clock.ts';
import { forgetDevice, openDeviceStore } from '#client/base/live/indexed-device-store.ts';
import { LiveContext } from '#client/base/live/live-context.ts';
import { LiveSession } from '#client/base/live/live-session.ts';
import { createSocketTransport } from '#client/base/live/socket-transport.ts';
import { followTab } from '#client/base/live/tab-life.ts';
import { getAccessToken, onLeaving, renewAccessToken, useSession } from '#client/base/session.ts';

let memberOfDevice: string | null = null;
onLeaving(async () => {
  const memberId = memberOfDevice;
  memberOfDevice = null;
  if (memberId !== null) await forgetDevice(memberId);
});

/** Opens the member's store, connects, and follows the tab. @returns how to end it all */
function runSession(memberId: string, ready: (session: LiveSession) => void): () => void {
  const clock = createBrowserClock();
  let end: (() => void) | null = null;
  let ended = false;
  memberOfDevice = memberId;
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

/** Stands inside the session and around every page; pages render before the live session is there. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const signedIn = useSession();
  const memberId = signedIn.kind === 'in' ? signedIn.me.member.id : null;
  const [session, setSession] = useState<LiveSession | null>(null);
  useEffect(() => {
    if (memberId === null) return;
    const end = runSession(memberId, setSession);
    return () => {
      end();
      setSession(null);
    };
  }, [memberId]);
  return <LiveContext value={session}>{children}</LiveContext>;
}
