/** Whether the hub was updated under this page, in a component. */
import { useCallback, useContext, useSyncExternalStore } from 'react';
import { LiveContext } from '#client/base/live/live-context.ts';

/** True once the hub refused this page's version of the protocol. */
export function useOutdated(): boolean {
  const session = useContext(LiveContext);
  const subscribe = useCallback(
    (listener: () => void) => session?.watchAll(listener) ?? (() => undefined),
    [session],
  );
  return useSyncExternalStore(subscribe, () => session?.isOutdated ?? false);
}
