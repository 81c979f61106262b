/** One live document in a component. */
import { useCallback, useContext, useSyncExternalStore } from 'react';
import { LiveContext } from '#client/base/live/live-context.ts';
import { emptyView, type LiveView } from '#client/base/live/live-view.ts';

/**
 * Joins the document while mounted; components that ask for the same name share it.
 * Renders again when the view changes, not at each edit: observe `doc` for those.
 * @param name - null for none yet; then the view stays `loading`
 */
export function useLiveDocument(name: string | null): LiveView {
  const session = useContext(LiveContext);
  const subscribe = useCallback(
    (listener: () => void) => {
      if (session === null || name === null) return () => undefined;
      session.open(name);
      const stop = session.watch(name, listener);
      return () => {
        stop();
        session.release(name);
      };
    },
    [session, name],
  );
  const read = useCallback(
    () => (session === null || name === null ? emptyView : session.view(name)),
    [session, name],
  );
  return useSyncExternalStore(subscribe, read);
}
