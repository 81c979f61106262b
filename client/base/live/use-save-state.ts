/** The truthful save state of documents, in a component. */
import { useCallback, useContext, useRef, useSyncExternalStore } from 'react';
import { LiveContext } from '#client/base/live/live-context.ts';
import type { SaveState } from '#client/base/live/save-state.ts';

const noSession: SaveState = { kind: 'loading', waiting: 0, kept: true };

/** @param names - documents that some component has open; the array may be a new one at each render */
export function useSaveState(names: readonly string[]): SaveState {
  const session = useContext(LiveContext);
  const last = useRef(noSession);
  const key = names.join('\n');
  const subscribe = useCallback(
    (listener: () => void) => session?.watchAll(listener) ?? (() => undefined),
    [session],
  );
  const read = useCallback(() => {
    const now = session?.saveState(key.split('\n')) ?? noSession;
    const { kind, waiting, code, kept } = last.current;
    const isSame = kind === now.kind && waiting === now.waiting && code === now.code && kept === now.kept;
    if (!isSame) last.current = now;
    return last.current;
  }, [session, key]);
  return useSyncExternalStore(subscribe, read);
}
