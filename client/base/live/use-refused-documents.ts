/** Documents with edits that were not accepted, in a component. */
import { useCallback, useContext, useMemo, useSyncExternalStore } from 'react';
import { LiveContext } from '#client/base/live/live-context.ts';

/** Names that begin so, whether their documents are open or not; the same array until it changes. */
export function useRefusedDocuments(prefix: string): readonly string[] {
  const session = useContext(LiveContext);
  const subscribe = useCallback(
    (listener: () => void) => session?.watchAll(listener) ?? (() => undefined),
    [session],
  );
  const all = useSyncExternalStore(subscribe, () => session?.refusedNames ?? none);
  return useMemo(() => all.filter((name) => name.startsWith(prefix)), [all, prefix]);
}

const none: readonly string[] = [];
