/** How many edits a sign-out would destroy: the session knows, and without one the device does. */
import type { DeviceStore } from '#client/base/live/device-store.ts';
import type { LiveSession } from '#client/base/live/live-session.ts';

/**
 * @param live - null while it is not loaded: what earlier and other tabs kept is there all the same
 * @param openStore - null when nobody is signed in; closed again afterwards
 * @throws when the device cannot be asked
 */
export async function countUnstored(
  live: Pick<LiveSession, 'countUnstored'> | null,
  openStore: () => Promise<DeviceStore | null>,
): Promise<number> {
  if (live !== null) return live.countUnstored();
  const store = await openStore();
  try {
    return (await store?.countUnstored()) ?? 0;
  } finally {
    store?.close();
  }
}
