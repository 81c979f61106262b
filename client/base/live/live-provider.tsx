/** Gives the signed-in person's live session to all below; ends it at sign-out. */
import { type ReactNode, useEffect, useState } from 'react';
import { LiveContext } from '#client/base/live/live-context.ts';
import type { LiveSession } from '#client/base/live/live-session.ts';
import { onLeaving, useSession } from '#client/base/session.ts';

let memberOfDevice: string | null = null;
onLeaving(async () => {
  const memberId = memberOfDevice;
  memberOfDevice = null;
  if (memberId === null) return;
  const { forgetDevice } = await import('#client/base/live/indexed-device-store.ts');
  await forgetDevice(memberId);
});

/** Loads the engine and runs it, unless the person has left meanwhile. @returns how to end it */
function runWhenLoaded(memberId: string, ready: (session: LiveSession) => void): () => void {
  let end: (() => void) | null = null;
  let ended = false;
  memberOfDevice = memberId;
  void import('#client/base/live/run-session.ts').then(({ runSession }) => {
    if (!ended) end = runSession(memberId, ready);
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
    const end = runWhenLoaded(memberId, setSession);
    return () => {
      end();
      setSession(null);
    };
  }, [memberId]);
  return <LiveContext value={session}>{children}</LiveContext>;
}
