/** Several live documents in a component, where their number is known only as one goes. */
import { useCallback, useContext, useRef, useSyncExternalStore } from 'react';
import { LiveContext } from '#client/base/live/live-context.ts';
import { emptyView, type LiveView } from '#client/base/live/live-view.ts';

/**
 * As `useLiveDocument`, for each name.
 * @param names - the array may be a new one at each render
 * @returns views in the order of the names; the same array until one of them changes
 */
export function useLiveDocuments(names: readonly string[]): readonly LiveView[] {
  const session = useContext(LiveContext);
  const last = useRef<readonly LiveView[]>([]);
  const key = names.join('\n');
  const subscribe = useCallback(
    (listener: () => void) => {
      if (session === null) return () => undefined;
      const stops = namesIn(key).map((name) => {
        session.open(name);
        const stop = session.watch(name, listener);
        return () => {
          stop();
          session.release(name);
        };
      });
      return () => {
        for (const stop of stops) stop();
      };
    },
    [session, key],
  );
  const read = useCallback(() => {
    const now = namesIn(key).map((name) => session?.view(name) ?? emptyView);
    const isSame = now.length === last.current.length && now.every((view, at) => view === last.current[at]);
    if (!isSame) last.current = now;
    return last.current;
  }, [session, key]);
  return useSyncExternalStore(subscribe, read);
}

function namesIn(key: string): string[] {
  return key === '' ? [] : key.split('\n');
}
