/** A part of the page whose chunk is loaded when it is needed, or a little before; a load that failed can be tried again. */
import { useCallback, useEffect, useState } from 'react';

/** Made once, outside of components. */
export interface LaterPart<T> {
  /** null until a load has succeeded. */
  loaded: T | null;
  /** At most one load runs; one that failed is forgotten. Rejects when the network or the hub is away. */
  load(): Promise<T>;
}

/** @param bring - the import of the chunk */
export function laterPart<T>(bring: () => Promise<T>): LaterPart<T> {
  let running: Promise<T> | null = null;
  const part: LaterPart<T> = {
    loaded: null,
    load() {
      if (part.loaded !== null) return Promise.resolve(part.loaded);
      running ??= bring()
        .then((loaded) => {
          part.loaded = loaded;
          return loaded;
        })
        .finally(() => {
          running = null;
        });
      return running;
    },
  };
  return part;
}

/** Long enough for what is on the screen to come first. */
const aheadMs = 3_000;

/** Loads parts ahead while the component stands, so that opening them later needs no network. */
export function useLoadedAhead(parts: readonly LaterPart<unknown>[]): void {
  useEffect(() => {
    const load = () => {
      // What fails now is loaded, and told about, when it is opened.
      for (const part of parts) part.load().catch(() => undefined);
    };
    const timer = setTimeout(load, aheadMs);
    return () => clearTimeout(timer);
  }, [parts]);
}

/** The part in a component: `part` is null while it is loading and once that `failed`. */
export function useLaterPart<T>(later: LaterPart<T>): {
  part: T | null;
  failed: boolean;
  retry: () => void;
} {
  const [failed, setFailed] = useState(false);
  const [, setTimes] = useState(0);
  const load = useCallback(
    (onFailed: () => void) => {
      let isOver = false;
      later.load().then(
        () => !isOver && setTimes((times) => times + 1),
        () => {
          if (isOver) return;
          setFailed(true);
          onFailed();
        },
      );
      return () => {
        isOver = true;
      };
    },
    [later],
  );
  useEffect(() => (later.loaded === null ? load(() => undefined) : undefined), [later, load]);
  const retry = () => {
    load(() => void reloadIfHubAnswers());
  };
  return { part: later.loaded, failed: failed && later.loaded === null, retry };
}

/** A hub that answers but has not this chunk was updated; without the hub a reload would lose the page itself. */
async function reloadIfHubAnswers(): Promise<void> {
  const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => null);
  if (answer?.ok === true) window.location.reload();
}
