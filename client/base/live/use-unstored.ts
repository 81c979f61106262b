/** What signing out would destroy, asked at the moment of the click. */
import { useCallback, useContext } from 'react';
import { LiveContext } from '#client/base/live/live-context.ts';
import { countUnstored } from '#client/base/live/unstored.ts';
import { useSession } from '#client/base/session.ts';

/** @returns asks how many edits of this person the device alone has; rejects when that cannot be known */
export function useUnstored(): () => Promise<number> {
  const live = useContext(LiveContext);
  const signedIn = useSession();
  const memberId = signedIn.kind === 'in' ? signedIn.me.member.id : null;
  return useCallback(() => countUnstored(live, () => openStoreOf(memberId)), [live, memberId]);
}

async function openStoreOf(memberId: string | null) {
  if (memberId === null) return null;
  const { openDeviceStore } = await import('#client/base/live/indexed-device-store.ts');
  return openDeviceStore(memberId);
}
